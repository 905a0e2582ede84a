import HBTTypes

extension ExchangeSide {
    /// Without partial fills a marketable order executes whole at the best opposite price,
    /// whatever is displayed there.
    mutating func takeWhole(_ order: Order) -> ReturnCode {
        var order = order
        let tick = order.side == .buy ? book.bestAskTick : book.bestBidTick
        if order.type == .market {
            // The reference executes a market order against an empty side at the sentinel's tick.
            if !isReference && isOppositeEmpty(order.side) {
                expire(order)
                return .ok
            }
        } else if order.timeInForce == .gtx {
            expire(order)
            return .ok
        }
        execute(&order, quantity: order.leavesQuantity, tick: tick, isMaker: false, at: order.exchangeNs)
        order.leavesQuantity = 0
        order.status = .filled
        respond(order)
        return .ok
    }
}
