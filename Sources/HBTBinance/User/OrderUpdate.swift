/// A change of one order, as the user stream tells it: `ORDER_TRADE_UPDATE` on futures, `executionReport` on spot.
public struct OrderUpdate: Equatable, Sendable {
    public var eventMs: Int64
    public var transactionMs: Int64
    /// The order after the change.
    public var order: WireOrder
    /// "NEW", "CANCELED", "CALCULATED", "EXPIRED", "TRADE", "AMENDMENT", "REJECTED", "REPLACED".
    public var execution: String
    public var lastQuantity: WireDecimal
    public var lastPrice: WireDecimal
    public var commission: WireDecimal
    /// nil when nothing was charged.
    public var commissionAsset: String?
    /// 0 (spot: -1) when this is no trade.
    public var tradeId: Int64
    public var isMaker: Bool
    /// Futures only.
    public var realizedProfit: WireDecimal
    /// Spot: "NONE" or why it was rejected.
    public var rejectReason: String
    /// Spot: the order's own id when `order.clientOrderId` names a cancel request; "" otherwise.
    public var originalClientOrderId: String

    public init(eventMs: Int64, transactionMs: Int64, order: WireOrder, execution: String) {
        self.eventMs = eventMs
        self.transactionMs = transactionMs
        self.order = order
        self.execution = execution
        lastQuantity = .zero
        lastPrice = .zero
        commission = .zero
        commissionAsset = nil
        tradeId = 0
        isMaker = false
        realizedProfit = .zero
        rejectReason = "NONE"
        originalClientOrderId = ""
    }
}

extension OrderUpdate {
    /// - Parameter json: the whole event.
    public init(_ json: JSONValue) throws(WireFault) {
        let isSpot = try json.text("e") == "executionReport"
        let o = isSpot ? json : try json.field("o")
        guard let side = WireSide(rawValue: try o.text("S")) else { throw JSONValue.wrong("S") }
        guard let status = WireOrderStatus(rawValue: try o.text("X")) else { throw JSONValue.wrong("X") }
        var order = WireOrder(
            symbol: try o.text("s"), orderId: try o.integer("i"), clientOrderId: try o.text("c"), side: side, type: try o.text("o"),
            timeInForce: try o.text("f"), status: status, price: try o.decimal("p"), originalQuantity: try o.decimal("q"))
        order.executedQuantity = try o.decimal("z")
        order.updateMs = try o.integer("T")
        order.timeMs = order.updateMs
        if isSpot {
            order.timeMs = try o.optionalInteger("O") ?? order.updateMs
            order.cumulativeQuote = try o.decimal("Z")
            order.isWorking = try o.flag("w")
        } else {
            order.averagePrice = try o.decimal("ap")
            order.isReduceOnly = try o.flag("R")
            order.positionSide = try o.text("ps")
        }
        self.init(eventMs: try json.integer("E"), transactionMs: try json.integer("T"), order: order, execution: try o.text("x"))
        lastQuantity = try o.decimal("l")
        lastPrice = try o.decimal("L")
        commission = try o.optionalDecimal("n") ?? .zero
        commissionAsset = try o.optionalText("N")
        tradeId = try o.integer("t")
        isMaker = try o.flag("m")
        realizedProfit = isSpot ? .zero : try o.optionalDecimal("rp") ?? .zero
        if isSpot {
            rejectReason = try o.text("r")
            originalClientOrderId = try o.optionalText("C") ?? ""
        }
    }

    public func encode(into out: inout JSONWriter, market: VenueMarket) {
        if market == .spot { encodeSpot(into: &out) } else { encodeFutures(into: &out, market: market) }
    }

    private func encodeFutures(into out: inout JSONWriter, market: VenueMarket) {
        out.beginObject()
        out.field("e", "ORDER_TRADE_UPDATE")
        out.field("T", transactionMs)
        out.field("E", eventMs)
        if market == .coinMargined { out.field("i", "hbt") }
        out.name("o")
        out.beginObject()
        out.field("s", order.symbol)
        out.field("c", order.clientOrderId)
        out.field("S", order.side.rawValue)
        out.field("o", order.type)
        out.field("f", order.timeInForce)
        out.field("q", order.originalQuantity)
        out.field("p", order.price)
        out.field("ap", order.averagePrice)
        out.field("sp", order.stopPrice)
        out.field("x", execution)
        out.field("X", order.status.rawValue)
        out.field("i", order.orderId)
        out.field("l", lastQuantity)
        out.field("z", order.executedQuantity)
        out.field("L", lastPrice)
        if market == .coinMargined { out.field("ma", commissionAsset ?? "") }
        if let commissionAsset {
            out.field("n", commission)
            out.field("N", commissionAsset)
        }
        out.field("T", transactionMs)
        out.field("t", tradeId)
        out.field("b", "0")
        out.field("a", "0")
        out.field("m", isMaker)
        out.field("R", order.isReduceOnly)
        out.field("wt", order.workingType)
        out.field("ot", order.originalType ?? order.type)
        out.field("ps", order.positionSide)
        out.field("cp", order.isClosePosition)
        if let callbackRate = order.callbackRate {
            out.field("AP", order.activatePrice ?? .zero)
            out.field("cr", callbackRate)
        }
        out.field("rp", realizedProfit)
        out.field("pP", false)
        out.field("si", 0)
        out.field("ss", 0)
        if market == .usdMargined {
            out.field("V", order.selfTradePrevention)
            out.field("pm", "NONE")
            out.field("gtd", order.goodTillMs)
        }
        out.endObject()
        out.endObject()
    }

    private func encodeSpot(into out: inout JSONWriter) {
        let zero = WireDecimal(mantissa: 0, digits: 8)
        out.beginObject()
        out.field("e", "executionReport")
        out.field("E", eventMs)
        out.field("s", order.symbol)
        out.field("c", order.clientOrderId)
        out.field("S", order.side.rawValue)
        out.field("o", order.type)
        out.field("f", order.timeInForce)
        out.field("q", order.originalQuantity)
        out.field("p", order.price)
        out.field("P", order.stopPrice.isZero ? zero : order.stopPrice)
        out.field("F", zero)
        out.field("g", order.listId)
        out.field("C", originalClientOrderId)
        out.field("x", execution)
        out.field("X", order.status.rawValue)
        out.field("r", rejectReason)
        out.field("i", order.orderId)
        out.field("l", lastQuantity)
        out.field("z", order.executedQuantity)
        out.field("L", lastPrice)
        out.field("n", commission)
        out.name("N")
        if let commissionAsset { out.string(commissionAsset) } else { out.null() }
        out.field("T", transactionMs)
        out.field("t", tradeId)
        out.field("I", order.orderId)
        out.field("w", order.isWorking)
        out.field("m", isMaker)
        out.field("M", tradeId > 0)
        out.field("O", order.timeMs)
        out.field("Z", order.cumulativeQuote)
        out.field("Y", WireDecimal(rounding: lastPrice.double * lastQuantity.double, digits: 8) ?? zero)
        out.field("Q", zero)
        out.field("W", order.timeMs)
        out.field("V", order.selfTradePrevention)
        out.endObject()
    }
}
