/// Futures `ACCOUNT_UPDATE`: the balances and positions that changed, and why.
public struct AccountUpdate: Equatable, Sendable {
    public struct Balance: Equatable, Sendable {
        public var asset: String
        public var wallet: WireDecimal
        public var crossWallet: WireDecimal
        /// Change apart from profit and commission, such as funding.
        public var change: WireDecimal

        public init(asset: String, wallet: WireDecimal, crossWallet: WireDecimal, change: WireDecimal) {
            self.asset = asset
            self.wallet = wallet
            self.crossWallet = crossWallet
            self.change = change
        }
    }

    public struct Position: Equatable, Sendable {
        public var symbol: String
        /// Below 0 for a short.
        public var amount: WireDecimal
        public var entryPrice: WireDecimal
        public var realized: WireDecimal
        public var unrealized: WireDecimal
        public var side: String

        public init(symbol: String, amount: WireDecimal, entryPrice: WireDecimal, realized: WireDecimal, unrealized: WireDecimal, side: String = "BOTH") {
            self.symbol = symbol
            self.amount = amount
            self.entryPrice = entryPrice
            self.realized = realized
            self.unrealized = unrealized
            self.side = side
        }
    }

    public var eventMs: Int64
    public var transactionMs: Int64
    /// "ORDER", "FUNDING_FEE", "DEPOSIT", …
    public var reason: String
    public var balances: [Balance]
    public var positions: [Position]

    public init(eventMs: Int64, transactionMs: Int64, reason: String, balances: [Balance], positions: [Position]) {
        self.eventMs = eventMs
        self.transactionMs = transactionMs
        self.reason = reason
        self.balances = balances
        self.positions = positions
    }

    /// - Parameter json: the whole event.
    public init(_ json: JSONValue) throws(WireFault) {
        let a = try json.field("a")
        var balances: [Balance] = [], positions: [Position] = []
        for b in try a.array("B") {
            balances.append(Balance(
                asset: try b.text("a"), wallet: try b.decimal("wb"), crossWallet: try b.decimal("cw"), change: try b.optionalDecimal("bc") ?? .zero))
        }
        for p in try a.array("P") {
            positions.append(Position(
                symbol: try p.text("s"), amount: try p.decimal("pa"), entryPrice: try p.decimal("ep"), realized: try p.decimal("cr"),
                unrealized: try p.decimal("up"), side: try p.text("ps")))
        }
        self.init(
            eventMs: try json.integer("E"), transactionMs: try json.integer("T"), reason: try a.text("m"), balances: balances, positions: positions)
    }

    public func encode(into out: inout JSONWriter, marginAsset: String) {
        out.beginObject()
        out.field("e", "ACCOUNT_UPDATE")
        out.field("T", transactionMs)
        out.field("E", eventMs)
        out.name("a")
        out.beginObject()
        out.name("B")
        out.beginArray()
        for balance in balances {
            out.beginObject()
            out.field("a", balance.asset)
            out.field("wb", balance.wallet)
            out.field("cw", balance.crossWallet)
            out.field("bc", balance.change)
            out.endObject()
        }
        out.endArray()
        out.name("P")
        out.beginArray()
        for position in positions {
            out.beginObject()
            out.field("s", position.symbol)
            out.field("pa", position.amount)
            out.field("ep", position.entryPrice)
            out.field("cr", position.realized)
            out.field("up", position.unrealized)
            out.field("mt", "cross")
            out.field("iw", "0")
            out.field("ps", position.side)
            out.field("ma", marginAsset)
            out.field("bep", position.entryPrice)
            out.endObject()
        }
        out.endArray()
        out.field("m", reason)
        out.endObject()
        out.endObject()
    }
}
