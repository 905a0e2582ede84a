import HBTTypes

extension ExchangeSide {
    /// Applies rows up to `limitNs` (inclusive), stopping as soon as an answer is sent.
    ///
    /// A row that breaks a rule stays in place and its code is returned: every later call that
    /// reaches it fails again.
    mutating func process(_ rows: inout RowRing<ExchangeRow>, upTo limitNs: Int64) -> ReturnCode {
        let run = rows.contiguous
        let before = responses.count
        var taken = 0
        var code = ReturnCode.ok
        while taken < run.count {
            let row = run[taken]
            if row.exchangeNs > limitNs { break }
            if row.exchangeNs > markouts.deadlineNs { markouts.sample(before: row.exchangeNs, mid: book.mid) }
            code = apply(row)
            if code != .ok { break }
            taken += 1
            if responses.count != before { break }
        }
        rows.removeFirst(taken)
        return code
    }

    @inline(__always)
    private mutating func apply(_ row: ExchangeRow) -> ReturnCode {
        switch row.kind {
        case .bidLevel:
            let change = book.setBid(row.tick, row.quantity, sign: row.sign)
            if orders.count > 0 { return bidChanged(row, change) }
        case .askLevel:
            let change = book.setAsk(row.tick, row.quantity, sign: row.sign)
            if orders.count > 0 { return askChanged(row, change) }
        case .buyTrade:
            if !sells.isEmpty || !unremoved.isEmpty { return buyTraded(row) }
        case .sellTrade:
            if !buys.isEmpty || !unremoved.isEmpty { return sellTraded(row) }
        case .clearBids:
            book.clearBids(downTo: row.tick, isRanged: row.sign != 0)
        case .clearAsks:
            book.clearAsks(upTo: row.tick, isRanged: row.sign != 0)
        case .clearBoth:
            book.clearBoth()
        case .other, .sidelessTrade:
            break
        }
        return .ok
    }

    mutating func bidChanged(_ row: ExchangeRow, _ change: LevelChange) -> ReturnCode {
        if buys.mayHold(row.tick) {
            for i in 0..<buys.count where buys[i].tick == row.tick {
                queue.depth(&orders[Int(buys[i].slot)], previous: change.previousQuantity, now: row.quantity)
            }
        }
        guard !sells.isEmpty || !unremoved.isEmpty else { return .ok }
        if change.bestTick > change.previousBestTick {
            // Own asks at or below the new best bid have been crossed. The reference visits only
            // those above the old best bid, unless own orders are fewer than the ticks between.
            let all = !isReference || change.previousBestTick == DepthBook<Levels>.noBid
                || Int64(orders.count) < change.bestTick &- change.previousBestTick
            collect(sells) { $0 <= change.bestTick && (all || $0 > change.previousBestTick) }
            return fillVisited(at: row.exchangeNs)
        }
        return .ok
    }

    mutating func askChanged(_ row: ExchangeRow, _ change: LevelChange) -> ReturnCode {
        if sells.mayHold(row.tick) {
            for i in 0..<sells.count where sells[i].tick == row.tick {
                queue.depth(&orders[Int(sells[i].slot)], previous: change.previousQuantity, now: row.quantity)
            }
        }
        guard !buys.isEmpty || !unremoved.isEmpty else { return .ok }
        if change.bestTick < change.previousBestTick {
            let all = !isReference || change.previousBestTick == DepthBook<Levels>.noAsk
                || Int64(orders.count) < change.previousBestTick &- change.bestTick
            collect(buys) { $0 >= change.bestTick && (all || $0 < change.previousBestTick) }
            // It walks the ticks upward, which for bids is from the worst price.
            if !all { visited.reverse() }
            return fillVisited(at: row.exchangeNs)
        }
        return .ok
    }

    mutating func buyTraded(_ row: ExchangeRow) -> ReturnCode {
        let best = book.bestBidTick
        let all = best == DepthBook<Levels>.noBid || Int64(orders.count) < row.tick &- best
        collect(sells) { $0 <= row.tick && (all || $0 > best) }
        return tradeVisited(row)
    }

    mutating func sellTraded(_ row: ExchangeRow) -> ReturnCode {
        let best = book.bestAskTick
        let all = best == DepthBook<Levels>.noAsk || Int64(orders.count) < best &- row.tick
        collect(buys) { $0 >= row.tick && (all || $0 < best) }
        return tradeVisited(row)
    }

    @inline(__always)
    private mutating func collect(_ index: RestingIndex, _ isHit: (Int64) -> Bool) {
        visited.restart(index.count)
        for i in 0..<index.count where isHit(index[i].tick) { visited.append(index[i].slot) }
    }

    private mutating func fillVisited(at ns: Int64) -> ReturnCode {
        for i in 0..<visited.count {
            let slot = Int(visited[i])
            let code = fillMaker(slot, quantity: orders[slot].leavesQuantity, isRemoved: true, at: ns)
            if code != .ok { return code }
        }
        removeFilled()
        return .ok
    }

    private mutating func tradeVisited(_ row: ExchangeRow) -> ReturnCode {
        for i in 0..<visited.count {
            let slot = Int(visited[i])
            let leaves = orders[slot].leavesQuantity
            if orders[slot].priceTick != row.tick {
                let code = fillMaker(slot, quantity: leaves, isRemoved: true, at: row.exchangeNs)
                if code != .ok { return code }
                continue
            }
            queue.trade(&orders[slot], size: row.quantity)
            let executable = queue.executable(&orders[slot])
            guard executable > 0 else { continue }
            let code: ReturnCode
            switch model {
            case .noPartialFill:
                code = fillMaker(slot, quantity: leaves, isRemoved: true, at: row.exchangeNs)
            case .partialFill:
                let quantity = executable > leaves ? leaves : executable
                // The reference keeps an order that is filled to the last lot but not beyond it.
                let isRemoved = isReference ? executable > leaves : !isOpen(leaves - quantity)
                code = fillMaker(slot, quantity: quantity, isRemoved: isRemoved, at: row.exchangeNs)
            }
            if code != .ok { return code }
        }
        removeFilled()
        return .ok
    }

    /// What the reference removes at the end of a row that filled orders.
    private mutating func removeFilled() {
        guard !unremoved.isEmpty else { return }
        for id in unremoved {
            if let slot = orders.slot(id) { removeResting(slot) }
        }
        unremoved.removeAll(keepingCapacity: true)
    }

    /// A resting order executes at its own price.
    private mutating func fillMaker(_ slot: Int, quantity: Double, isRemoved: Bool, at ns: Int64) -> ReturnCode {
        var order = orders[slot]
        if isRemoved && isReference { unremoved.append(order.orderId) }
        if order.isInactive { return .invalidOrderStatus }
        execute(&order, quantity: quantity, tick: order.priceTick, isMaker: true, at: ns)
        order.leavesQuantity -= quantity
        order.status = isOpen(order.leavesQuantity) ? .partiallyFilled : .filled
        if isRemoved && !isReference {
            removeResting(slot)
        } else {
            orders[slot] = order
        }
        respond(order)
        return .ok
    }
}
