import HBTTypes

extension ExchangeSide {
    /// Ticks a market order may reach from the best price, both ends included, in the reference.
    private static var marketReach: (buy: Int64, sell: Int64) { (99, 100) }

    /// With partial fills a marketable order walks the displayed levels, best first; the book keeps
    /// its quantities.
    ///
    /// In compatibility with the reference only one message is sent, after the last slice, with the
    /// fields of that slice; otherwise each slice is reported when it happens.
    mutating func takeInSlices(_ order: Order) -> ReturnCode {
        var order = order
        let isBuy = order.side == .buy
        if isOppositeEmpty(order.side) {
            expire(order)
            return .ok
        }
        let best = isBuy ? book.bestAskTick : book.bestBidTick
        if order.type == .market {
            let limit: Int64
            if isReference {
                limit = isBuy ? best &+ Self.marketReach.buy : best &- Self.marketReach.sell
            } else {
                limit = isBuy ? book.asks.upperTick : book.bids.lowerTick
            }
            sweep(&order, to: limit)
            return finish(order, remainderTick: nil)
        }
        switch order.timeInForce {
        case .gtx:
            expire(order)
        case .fok:
            guard isFillable(order, to: order.priceTick) else {
                expire(order)
                return .ok
            }
            sweep(&order, to: order.priceTick)
            return finish(order, remainderTick: nil)
        case .ioc:
            sweep(&order, to: order.priceTick)
            return finish(order, remainderTick: nil)
        case .gtc:
            // The rest executes at the limit whatever is displayed: the market is not ours to move,
            // and the other side was willing at a better price.
            // The limit's own level belongs to the rest, so that it is one execution; the reference
            // makes two of it for sells.
            if isBuy {
                if order.priceTick > best { sweep(&order, to: order.priceTick &- 1) }
            } else if isReference {
                sweep(&order, to: order.priceTick)
            } else if order.priceTick < best {
                sweep(&order, to: order.priceTick &+ 1)
            }
            return finish(order, remainderTick: order.priceTick)
        case .unsupported:
            return .invalidOrderRequest
        }
        return .ok
    }

    /// Displayed levels from the best up to `limit` hold the whole order.
    private func isFillable(_ order: Order, to limit: Int64) -> Bool {
        let wanted = roundedInt(order.quantity / lotSize)
        var total = 0.0
        var level = nextLevel(order.side, from: order.side == .buy ? book.bestAskTick : book.bestBidTick, to: limit)
        while let tick = level {
            total += displayed(order.side, tick)
            if roundedInt(total / lotSize) >= wanted { return true }
            level = nextLevel(order.side, after: tick, to: limit)
        }
        return false
    }

    /// Executes against displayed levels up to `limit` until the order is filled.
    private mutating func sweep(_ order: inout Order, to limit: Int64) {
        var level = nextLevel(order.side, from: order.side == .buy ? book.bestAskTick : book.bestBidTick, to: limit)
        while let tick = level {
            slice(&order, quantity: min(displayed(order.side, tick), order.leavesQuantity), tick: tick)
            if order.status == .filled { return }
            level = nextLevel(order.side, after: tick, to: limit)
        }
    }

    private mutating func slice(_ order: inout Order, quantity: Double, tick: Int64) {
        execute(&order, quantity: quantity, tick: tick, isMaker: false, at: order.exchangeNs)
        order.leavesQuantity -= quantity
        order.status = isOpen(order.leavesQuantity) ? .partiallyFilled : .filled
        if !isReference { respond(order) }
    }

    /// Ends a taker: what is left executes at `remainderTick`, or expires.
    private mutating func finish(_ order: Order, remainderTick: Int64?) -> ReturnCode {
        var order = order
        if order.status != .filled || order.executionId == 0 {
            if let remainderTick {
                slice(&order, quantity: order.leavesQuantity, tick: remainderTick)
            } else {
                let execution = order.executionId
                order.status = .expired
                if !isReference { order.executionId = 0 } else { order.executionId = execution }
                respond(order)
                return .ok
            }
        }
        if isReference { respond(order) }
        return .ok
    }

    private func displayed(_ side: Side, _ tick: Int64) -> Double {
        side == .buy ? book.askQuantity(tick) : book.bidQuantity(tick)
    }

    private func nextLevel(_ side: Side, from tick: Int64, to limit: Int64) -> Int64? {
        side == .buy ? book.asks.lowest(from: tick, upTo: limit) : book.bids.highest(from: tick, downTo: limit)
    }

    private func nextLevel(_ side: Side, after tick: Int64, to limit: Int64) -> Int64? {
        if side == .buy { return tick == .max ? nil : nextLevel(side, from: tick + 1, to: limit) }
        return tick == .min ? nil : nextLevel(side, from: tick - 1, to: limit)
    }
}
