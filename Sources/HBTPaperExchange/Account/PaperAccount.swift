import HBTBinance

/// One customer: a key, and in each market a wallet, positions and orders.
struct PaperAccount {
    let apiKey: String
    let credential: PaperSettings.Account.Credential
    /// By market (`VenueMarket.allCases` order).
    var wallets: [Wallet]
    var listenKeys: [ListenKey?] = [nil, nil, nil]
    /// Hedge mode, by market: a long and a short position of each symbol.
    var isHedged = [false, false, false]

    init(_ settings: PaperSettings.Account, funds: [PaperSettings.Funds]) {
        apiKey = settings.apiKey
        credential = settings.credential
        wallets = VenueMarket.allCases.map { market in
            var wallet = Wallet()
            for entry in funds where entry.market == nil || entry.market == market {
                wallet[entry.asset].free += Money(entry.amount)
            }
            return wallet
        }
    }

    /// Whether `signature` is this customer's of `text`.
    func accepts(_ signature: String, of text: String) -> Bool {
        switch credential {
        case .secret(let secret): RequestSigner(apiKey: apiKey, secret: secret).signature(query: text) == signature.lowercased()
        case .verifier(let verify): verify(text, signature)
        }
    }

    /// Sessions of the WebSocket API are for keys that need no shared secret.
    var mayLogOn: Bool { if case .verifier = credential { true } else { false } }

    /// A key of a user-data stream; it lives an hour from its last keepalive.
    struct ListenKey {
        var key: String
        var expiresNs: Int64
        static let lifeNs: Int64 = 3_600_000_000_000
    }
}

/// Balances of one market.
struct Wallet {
    struct Entry {
        var asset: String
        /// Spot: not held by orders. Futures: the wallet balance.
        var free = Money.zero
        /// Spot: held by open orders.
        var locked = Money.zero
        var updateMs: Int64 = 0
    }

    /// In the order in which the assets came up.
    private(set) var entries: [Entry] = []

    subscript(asset: String) -> Entry {
        get { entries.first { $0.asset == asset } ?? Entry(asset: asset) }
        set {
            if let i = entries.firstIndex(where: { $0.asset == asset }) { entries[i] = newValue } else { entries.append(newValue) }
        }
    }
}

/// Which of an account's positions in a book an order is for.
enum PositionSide: String, CaseIterable {
    /// One-way mode: the only one.
    case both = "BOTH"
    /// Hedge mode: never below 0.
    case long = "LONG"
    /// Hedge mode: never above 0.
    case short = "SHORT"
}

/// An account's futures positions in one book, and what holds for all of them.
struct BookPositions {
    private var both = Position(), long = Position(), short = Position()
    var leverage: Int64 = 20
    var isIsolated = false

    subscript(side: PositionSide) -> Position {
        get {
            switch side {
            case .both: both
            case .long: long
            case .short: short
            }
        }
        set {
            switch side {
            case .both: both = newValue
            case .long: long = newValue
            case .short: short = newValue
            }
        }
    }

    var isFlat: Bool { both.lots == 0 && long.lots == 0 && short.lots == 0 }
    /// Lots of all positions together, whatever their signs.
    var grossLots: Int64 { PositionSide.allCases.reduce(0) { $0 + Int64(clamping: self[$1].lots.magnitude) } }
}

/// One futures position.
struct Position {
    /// Below 0 for a short.
    var lots: Int64 = 0
    /// Average price of the position; 0 when there is none.
    var entryPrice = 0.0
    var realized = Money.zero
    var updateMs: Int64 = 0

    /// Takes an execution of `signedLots` at `price` in and returns the lots it closed, with the position's sign.
    mutating func take(_ signedLots: Int64, at price: Double, isInverse: Bool) -> (closed: Int64, entry: Double) {
        let before = lots
        let entry = entryPrice
        let opposes = before.signum() * signedLots.signum() < 0
        let closed = opposes ? before.signum() * min(before.magnitude, signedLots.magnitude).signed : 0
        lots = before &+ signedLots
        if lots == 0 {
            entryPrice = 0
        } else if !opposes {
            let old = Double(before.magnitude), new = Double(signedLots.magnitude)
            entryPrice = before == 0 ? price : isInverse ? (old + new) / (old / entry + new / price) : (entry * old + price * new) / (old + new)
        } else if lots.signum() != before.signum() {
            entryPrice = price
        }
        return (closed, entry)
    }
}

extension UInt64 {
    fileprivate var signed: Int64 { Int64(clamping: self) }
}
