/// What an order object answers to; the venue's fields differ by it.
public enum OrderAnswer: Sendable {
    case placed
    case canceled
    /// A query or a list.
    case queried
}

extension WireOrder {
    /// Futures order object.
    public func encodeFutures(into out: inout JSONWriter, market: VenueMarket, answer: OrderAnswer) {
        let isCoin = market == .coinMargined
        out.beginObject()
        out.field("orderId", orderId)
        out.field("symbol", symbol)
        if isCoin { out.field("pair", pair ?? symbol) }
        out.field("status", status.rawValue)
        out.field("clientOrderId", clientOrderId)
        out.field("price", price)
        out.field("avgPrice", averagePrice)
        out.field("origQty", originalQuantity)
        out.field("executedQty", executedQuantity)
        if answer != .queried { out.field("cumQty", executedQuantity) }
        if isCoin { out.field("cumBase", cumulativeQuote) } else { out.field("cumQuote", cumulativeQuote) }
        out.field("timeInForce", timeInForce)
        out.field("type", type)
        out.field("reduceOnly", isReduceOnly)
        out.field("closePosition", isClosePosition)
        out.field("side", side.rawValue)
        out.field("positionSide", positionSide)
        out.field("stopPrice", stopPrice)
        if let callbackRate {
            out.field("activatePrice", activatePrice ?? .zero)
            out.field("priceRate", callbackRate)
        }
        out.field("workingType", workingType)
        out.field("priceProtect", false)
        out.field("origType", originalType ?? type)
        if !isCoin {
            out.field("priceMatch", "NONE")
            out.field("selfTradePreventionMode", selfTradePrevention)
            out.field("goodTillDate", goodTillMs)
        }
        if answer == .queried { out.field("time", timeMs) }
        out.field("updateTime", updateMs)
        out.endObject()
    }

    /// Spot order object of a query or a list.
    public func encodeSpotQuery(into out: inout JSONWriter) {
        out.beginObject()
        out.field("symbol", symbol)
        out.field("orderId", orderId)
        out.field("orderListId", listId)
        out.field("clientOrderId", clientOrderId)
        spotAmounts(into: &out)
        out.field("stopPrice", stopPrice.mantissa == 0 ? zeroPrice : stopPrice)
        out.field("icebergQty", zeroPrice)
        out.field("time", timeMs)
        out.field("updateTime", updateMs)
        out.field("isWorking", isWorking)
        out.field("workingTime", timeMs)
        out.field("origQuoteOrderQty", zeroPrice)
        out.field("selfTradePreventionMode", selfTradePrevention)
        out.endObject()
    }

    /// Answer to a spot cancel; `clientOrderId` names the cancel request itself.
    public func encodeSpotCancel(into out: inout JSONWriter, requestId: String) {
        out.beginObject()
        out.field("symbol", symbol)
        out.field("origClientOrderId", clientOrderId)
        out.field("orderId", orderId)
        out.field("orderListId", listId)
        out.field("clientOrderId", requestId)
        out.field("transactTime", updateMs)
        spotAmounts(into: &out)
        out.field("selfTradePreventionMode", selfTradePrevention)
        out.endObject()
    }

    /// Answer to a new spot order.
    public func encodeSpotPlaced(into out: inout JSONWriter, detail: SpotAnswerDetail, fills: [SpotFill]) {
        out.beginObject()
        out.field("symbol", symbol)
        out.field("orderId", orderId)
        out.field("orderListId", listId)
        out.field("clientOrderId", clientOrderId)
        out.field("transactTime", updateMs)
        if detail != .ack {
            spotAmounts(into: &out, withQuoteOrder: true)
            out.field("workingTime", timeMs)
            out.field("selfTradePreventionMode", selfTradePrevention)
        }
        if detail == .full {
            out.name("fills")
            out.beginArray()
            for fill in fills { fill.encode(into: &out) }
            out.endArray()
        }
        out.endObject()
    }

    private func spotAmounts(into out: inout JSONWriter, withQuoteOrder: Bool = false) {
        out.field("price", price)
        out.field("origQty", originalQuantity)
        out.field("executedQty", executedQuantity)
        if withQuoteOrder { out.field("origQuoteOrderQty", zeroPrice) }
        out.field("cummulativeQuoteQty", cumulativeQuote)
        out.field("status", status.rawValue)
        out.field("timeInForce", timeInForce)
        out.field("type", type)
        out.field("side", side.rawValue)
    }

    private var zeroPrice: WireDecimal { WireDecimal(mantissa: 0, digits: 8) }
}

/// How much a new spot order's answer tells (`newOrderRespType`).
public enum SpotAnswerDetail: String, Sendable {
    case ack = "ACK"
    case result = "RESULT"
    case full = "FULL"
}

/// One execution in the answer to a new spot order.
public struct SpotFill: Equatable, Sendable {
    public var price: WireDecimal
    public var quantity: WireDecimal
    public var commission: WireDecimal
    public var commissionAsset: String
    public var tradeId: Int64

    public init(price: WireDecimal, quantity: WireDecimal, commission: WireDecimal, commissionAsset: String, tradeId: Int64) {
        self.price = price
        self.quantity = quantity
        self.commission = commission
        self.commissionAsset = commissionAsset
        self.tradeId = tradeId
    }

    func encode(into out: inout JSONWriter) {
        out.beginObject()
        out.field("price", price)
        out.field("qty", quantity)
        out.field("commission", commission)
        out.field("commissionAsset", commissionAsset)
        out.field("tradeId", tradeId)
        out.endObject()
    }
}
