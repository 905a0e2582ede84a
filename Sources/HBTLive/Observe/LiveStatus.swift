/// What a live run looks like at one moment, as plain values: for metrics, a health check and a page.
public struct LiveStatus: Sendable, Encodable {
    public struct Level: Sendable, Encodable, Equatable {
        public var price: Double
        public var quantity: Double
        public init(price: Double, quantity: Double) {
            self.price = price
            self.quantity = quantity
        }
    }
    public struct Quote: Sendable, Encodable, Equatable {
        /// "buy" or "sell".
        public var side: String
        public var price: Double
        /// Still open.
        public var quantity: Double
        public init(side: String, price: Double, quantity: Double) {
            self.side = side
            self.price = price
            self.quantity = quantity
        }
    }
    public struct Factor: Sendable, Encodable, Equatable {
        public var name: String
        public var value: Double
        public var isWarm: Bool
        public init(name: String, value: Double, isWarm: Bool) {
            self.name = name
            self.value = value
            self.isWarm = isWarm
        }
    }
    public struct Asset: Sendable, Encodable {
        public var symbol: String
        /// Why the book must not be quoted on; nil when it may.
        public var feedFault: String?
        /// Since the newest depth message; nil before the first.
        public var bookAgeNs: Int64?
        /// Receipt − venue time of the newest market row; nil before the first.
        public var feedLagNs: Int64?
        public var depthMessages: Int64 = 0
        public var gaps: Int64 = 0
        public var duplicates: Int64 = 0
        public var snapshots: Int64 = 0
        /// Best first.
        public var bids: [Level] = []
        public var asks: [Level] = []
        public var quotes: [Quote] = []
        public var position = 0.0
        public var balance = 0.0
        public var fee = 0.0
        public var funding = 0.0
        /// Quote currency (base currency of an inverse contract); NaN while the book is one-sided.
        public var equity = Double.nan
        public var trades: Int64 = 0
        public var tradedValue = 0.0

        public init(symbol: String) { self.symbol = symbol }
    }

    public var name: String
    public var runId: String
    /// "paper" or "live".
    public var mode: String
    public var startedNs: Int64 = 0
    public var nowNs: Int64 = 0
    /// Why everything has been cancelled; nil while the run quotes.
    public var killReason: String?
    /// Nothing is open any more, by the venue's own lists.
    public var isKillProven = false
    /// Why the journal cannot be written; nil while it can.
    public var journalFault: String?
    public var assets: [Asset] = []
    public var factors: [Factor] = []
    public var openConnections = 0
    public var requests: Int64 = 0
    public var responses: Int64 = 0
    public var fills: Int64 = 0
    /// Requests that the risk gate held back.
    public var refusals: Int64 = 0
    public var steps: Int64 = 0
    /// Request to answer, and receipt of the message to its order requests.
    public var orderRoundTrip = LatencyTally()
    public var tickToOrder = LatencyTally()

    public init(name: String, runId: String, mode: String) {
        self.name = name
        self.runId = runId
        self.mode = mode
    }

    /// What keeps the run from quoting, worst first; empty when nothing does.
    public var faults: [String] {
        var found: [String] = []
        if let killReason { found.append("killed: \(killReason)") }
        if let journalFault { found.append("journal: \(journalFault)") }
        for asset in assets { if let fault = asset.feedFault { found.append("\(asset.symbol): \(fault)") } }
        return found
    }

    public var equity: Double { assets.reduce(0) { $0 + $1.equity } }
}
