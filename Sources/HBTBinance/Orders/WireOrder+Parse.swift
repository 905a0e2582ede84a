extension WireOrder {
    /// Any order object of REST or the WebSocket API: answers to place, modify, cancel and query.
    ///
    /// A spot acknowledgement (`newOrderRespType=ACK`) has no side and is refused: ask for `RESULT` or `FULL`.
    public init(_ json: JSONValue) throws(WireFault) {
        guard let side = WireSide(rawValue: try json.text("side")) else { throw JSONValue.wrong("side") }
        guard let status = WireOrderStatus(rawValue: try json.text("status")) else { throw JSONValue.wrong("status") }
        self.init(
            symbol: try json.text("symbol"), pair: try json.optionalText("pair"), orderId: try json.integer("orderId"),
            clientOrderId: try json.text("clientOrderId"), side: side, type: try json.text("type"), timeInForce: try json.text("timeInForce"),
            status: status, price: try json.decimal("price"), originalQuantity: try json.decimal("origQty"))
        executedQuantity = try json.decimal("executedQty")
        averagePrice = try json.optionalDecimal("avgPrice") ?? averagePrice
        for name in ["cumQuote", "cumBase", "cummulativeQuoteQty"] {
            if let value = try json.optionalDecimal(name) { cumulativeQuote = value }
        }
        if let original = try json.optionalText("origType"), original != type { originalType = original }
        stopPrice = try json.optionalDecimal("stopPrice") ?? stopPrice
        positionSide = try json.optionalText("positionSide") ?? positionSide
        isReduceOnly = try json.optionalFlag("reduceOnly") ?? false
        isClosePosition = try json.optionalFlag("closePosition") ?? false
        workingType = try json.optionalText("workingType") ?? workingType
        selfTradePrevention = try json.optionalText("selfTradePreventionMode") ?? selfTradePrevention
        goodTillMs = try json.optionalInteger("goodTillDate") ?? 0
        let transactMs = try json.optionalInteger("transactTime")
        updateMs = try json.optionalInteger("updateTime") ?? transactMs ?? 0
        timeMs = try json.optionalInteger("time") ?? updateMs
        isWorking = try json.optionalFlag("isWorking") ?? !status.isFinal
        // A cancelled spot order's own id goes under another name.
        if let original = try json.optionalText("origClientOrderId"), !original.isEmpty { clientOrderId = original }
    }
}
