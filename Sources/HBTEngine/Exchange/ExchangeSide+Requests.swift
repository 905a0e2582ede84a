import HBTTypes

extension ExchangeSide {
    /// Acts on one request that arrives at `ns` and answers it.
    ///
    /// A code other than `.ok` means that the request is lost: no answer will come.
    mutating func handle(_ request: Order, at ns: Int64) -> ReturnCode {
        switch request.request {
        case .new:
            var order = request
            order.request = .none
            if orders.slot(order.orderId) != nil { return .orderIdExists }
            return arrive(order, at: ns)
        case .canceled:
            cancel(request, at: ns)
            return .ok
        case .replaced:
            return modify(request, at: ns)
        default:
            return .invalidOrderRequest
        }
    }

    /// A new order (or a re-queued one) meets the book.
    mutating func arrive(_ request: Order, at ns: Int64) -> ReturnCode {
        var order = request
        order.exchangeNs = ns
        order.executionId = 0
        switch order.type {
        case .limit:
            if order.timeInForce == .unsupported { return .invalidOrderRequest }
            let isMarketable = order.side == .buy ? order.priceTick >= book.bestAskTick : order.priceTick <= book.bestBidTick
            // The reference compares with the sentinel of an empty side, too.
            if isMarketable && (isReference || !isOppositeEmpty(order.side)) {
                return model == .noPartialFill ? takeWhole(order) : takeInSlices(order)
            }
            switch order.timeInForce {
            case .gtc, .gtx:
                order.status = .new
                rest(order)
                respond(withQueue(order))
            default:
                expire(order)
            }
            return .ok
        case .market:
            return model == .noPartialFill ? takeWhole(order) : takeInSlices(order)
        case .unsupported:
            return .invalidOrderRequest
        }
    }

    /// The acknowledgement carries the queue position, as the resting copy has it.
    private func withQueue(_ order: Order) -> Order {
        guard let slot = orders.slot(order.orderId) else { return order }
        return orders[slot]
    }

    func isOppositeEmpty(_ side: Side) -> Bool {
        side == .buy ? book.bestAskTick == DepthBook<Levels>.noAsk : book.bestBidTick == DepthBook<Levels>.noBid
    }

    mutating func expire(_ order: Order) {
        var order = order
        order.status = .expired
        order.executionId = 0
        respond(order)
    }

    private mutating func cancel(_ request: Order, at ns: Int64) {
        guard let slot = orders.slot(request.orderId) else {
            respond(rejected(request, at: ns))
            return
        }
        var order = orders[slot]
        removeResting(slot)
        order.status = .canceled
        order.request = .none
        order.exchangeNs = ns
        order.executionId = 0
        respond(order)
    }

    private mutating func modify(_ request: Order, at ns: Int64) -> ReturnCode {
        guard let slot = orders.slot(request.orderId) else {
            respond(rejected(request, at: ns))
            return .ok
        }
        let resting = orders[slot]
        if request.priceTick == resting.priceTick && request.quantity <= resting.leavesQuantity {
            // Smaller at the same price: the place in the queue is kept.
            orders[slot].quantity = request.quantity
            orders[slot].leavesQuantity = request.quantity
            var answer = request
            answer.leavesQuantity = request.quantity
            answer.request = .none
            answer.exchangeNs = ns
            answer.executionId = 0
            if !isReference {
                answer.status = orders[slot].status
                answer.queueAhead = resting.queueAhead
                answer.queueTraded = resting.queueTraded
            }
            respond(answer)
            return .ok
        }
        removeResting(slot)
        var order = request
        order.request = .none
        // The reference executes what the sender last knew to be left, not what it asked for.
        if !isReference { order.leavesQuantity = request.quantity }
        return arrive(order, at: ns)
    }

    private func rejected(_ request: Order, at ns: Int64) -> Order {
        var answer = request
        answer.request = .rejected
        answer.exchangeNs = ns
        answer.executionId = 0
        return answer
    }
}
