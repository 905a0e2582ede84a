import HBTBinance
import HBTTypes

/// What a paper exchange starts from.
public struct PaperSettings {
    /// One traded symbol and the data that moves its book.
    public struct Book {
        public var rules: SymbolRules
        public var rows: any EventSource
        /// Levels the book starts from; empty for none.
        public var snapshot: [MarketEvent]
        public var queue: QueueModel
        public var exchange: ExchangeModel
        /// Commission as a share of the traded value.
        public var makerRate: Double
        public var takerRate: Double

        public init(
            rules: SymbolRules, rows: any EventSource, snapshot: [MarketEvent] = [], queue: QueueModel = .powerProb(n: 3),
            exchange: ExchangeModel = .partialFill, makerRate: Double = 0.0002, takerRate: Double = 0.0005
        ) {
            self.rules = rules
            self.rows = rows
            self.snapshot = snapshot
            self.queue = queue
            self.exchange = exchange
            self.makerRate = makerRate
            self.takerRate = takerRate
        }
    }

    public struct Account: Sendable {
        /// How its requests are signed.
        public enum Credential: Sendable {
            /// HMAC-SHA256.
            case secret(String)
            /// Another scheme (Ed25519): whether `signature`, as it came, is that of `text`. May log on to a session.
            case verifier(@Sendable (_ text: String, _ signature: String) -> Bool)
        }
        public var apiKey: String
        public var credential: Credential

        public init(apiKey: String, secret: String) { self.init(apiKey: apiKey, credential: .secret(secret)) }

        public init(apiKey: String, credential: Credential) {
            self.apiKey = apiKey
            self.credential = credential
        }
    }

    /// What every account holds at the start.
    public struct Funds: Sendable {
        /// nil for each market.
        public var market: VenueMarket?
        public var asset: String
        public var amount: WireDecimal

        public init(market: VenueMarket? = nil, asset: String, amount: WireDecimal) {
            self.market = market
            self.asset = asset
            self.amount = amount
        }
    }

    public var books: [Book]
    public var accounts: [Account]
    public var funds: [Funds]
    public var clock: ReplayClock
    public var faults: FaultPlan
    /// What perpetual contracts pay, and how often (at whole multiples of the span since 1970).
    public var funding = Funding()

    public struct Funding: Equatable, Sendable {
        /// Share of a position's value that longs pay to shorts.
        public var rate: WireDecimal
        public var everyMs: Int64

        public init(rate: WireDecimal = WireDecimal(mantissa: 10_000, digits: 8), everyMs: Int64 = 8 * 3_600_000) {
            precondition(everyMs > 0, "funding has a span")
            self.rate = rate
            self.everyMs = everyMs
        }

        func nextMs(after ms: Int64) -> Int64 { (ms / everyMs + 1) * everyMs }
    }

    /// Whether request weights and order counts are held to the venue's limits.
    public var enforcesLimits = true

    public init(books: [Book], accounts: [Account], funds: [Funds], clock: ReplayClock, faults: FaultPlan = FaultPlan()) {
        self.books = books
        self.accounts = accounts
        self.funds = funds
        self.clock = clock
        self.faults = faults
    }
}

/// Where recorded time meets the venue's clock.
///
/// At speed 2 an hour of data passes in half an hour of the venue's clock, which is the one that clients see.
public struct ReplayClock: Equatable, Sendable {
    /// Time in the data that is played at `venueStartNs`; nil takes the first row's of all books.
    public var dataStartNs: Int64?
    public var venueStartNs: Int64
    public var speed: Double

    public init(dataStartNs: Int64? = nil, venueStartNs: Int64, speed: Double = 1) {
        self.dataStartNs = dataStartNs
        self.venueStartNs = venueStartNs
        self.speed = speed
    }

    func venueNs(_ dataNs: Int64, start: Int64) -> Int64 {
        let elapsed = dataNs &- start
        if speed == 1 { return venueStartNs &+ elapsed }
        let scaled = Double(elapsed) / speed
        return scaled.magnitude < 9e18 ? venueStartNs &+ Int64(scaled) : .max
    }
}
