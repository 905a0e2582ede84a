import HBTTypes

extension ExchangeSide where Levels == TapeLevels {
    /// Plays a tape up to `limitNs` (inclusive), stopping as soon as an answer is sent.
    ///
    /// Equal to `process` row by row: a resting order is moved by a depth change at its own tick, by
    /// a best price that reaches it and by a trade that reaches it, and by nothing else. Best prices
    /// are facts of the tape, so that only rows at own ticks need the book.
    mutating func process(_ cursor: inout TapeExchangeCursor, upTo limitNs: Int64) throws -> ReturnCode {
        while cursor.nextNs <= limitNs && cursor.nextNs != .max {
            if cursor.nextNs > markouts.deadlineNs {
                cursor.setBest(before: cursor.bestRow, of: &book)
                markouts.sample(before: cursor.nextNs, mid: book.mid)
                continue
            }
            // Up to the limit, but no further than the next mid price that is wanted.
            let end = cursor.firstBatch(after: min(limitNs, markouts.deadlineNs))
            if orders.count == 0 {
                cursor.depth = cursor.depthEnd(end)
                cursor.special = cursor.specialEnd(end)
            } else {
                let before = responses.count
                let code = try meet(&cursor, upToDepth: cursor.depthEnd(end), special: cursor.specialEnd(end))
                if code != .ok || responses.count != before {
                    cursor.stop(before: end, isFailed: code != .ok)
                    try cursor.skipPlayedSegments()
                    return code
                }
            }
            cursor.batch = end
            try cursor.skipPlayedSegments()
        }
        return .ok
    }

    /// The book as it is at the cursor, for a request.
    mutating func catchUp(_ cursor: inout TapeExchangeCursor) throws {
        if cursor.mode != .index { try cursor.catchUp(book.bids) }
        cursor.setBest(before: cursor.bestRow, of: &book)
    }

    /// A request that arrives at the cursor.
    mutating func handle(
        _ request: Order, at ns: Int64, _ cursor: inout TapeExchangeCursor, _ venue: Unmanaged<TapeVenueBook>
    ) throws -> ReturnCode {
        if request.request == .canceled { return handle(request, at: ns) }
        try catchUp(&cursor)
        guard cursor.mode == .index else { return handle(request, at: ns) }
        let index = try cursor.index(), row = cursor.bestRow, segment = cursor.segment
        if model == .partialFill && (request.type == .market || !staysBehind(request)) {
            return try venue.takeUnretainedValue().withBook(at: segment, index, before: row) { handle(request, at: ns) }
        }
        // The one level that an order which comes to rest, or takes the whole of it, looks at.
        let levels = request.side == .buy ? book.bids : book.asks
        guard let cell = levels.place(request.priceTick) else { return handle(request, at: ns) }
        let lots: Int32
        if let place = cursor.place(cell, index) {
            let next = index.firstEntry(index.range(place), from: row)
            lots = index.lots(place, beforeEntry: next)
            // When the order comes to rest, its watch begins here.
            cursor.watches.pointee.note(cell, place: place, next: next)
        } else {
            lots = try venue.takeUnretainedValue().lots(unchanged: cell, in: segment)
        }
        let kept = book.bids.cells[Int(cell)]
        book.bids.cells[Int(cell)] = lots
        let code = handle(request, at: ns)
        book.bids.cells[Int(cell)] = kept
        return code
    }

    /// A limit order below the best ask (above the best bid).
    private func staysBehind(_ order: Order) -> Bool {
        order.side == .buy ? order.priceTick < book.bestAskTick : order.priceTick > book.bestBidTick
    }

    /// Plays rows with orders of ours resting; stops behind the first row that sends an answer.
    private mutating func meet(_ cursor: inout TapeExchangeCursor, upToDepth end: Int, special specialEnd: Int) throws -> ReturnCode {
        if cursor.depth == end && cursor.special == specialEnd { return .ok }
        let rows: TapeRowsAtOwnTicks
        switch cursor.mode {
        case .index:
            let index = try cursor.index()
            cursor.watches.pointee.lookUp(index, before: cursor.bestRow)
            rows = .indexed(index)
        case .scan:
            rows = .scanned(try cursor.rows())
        default:
            try cursor.catchUp(book.bids)
            rows = .stored(try cursor.rows())
        }
        let before = responses.count
        if cursor.failedRow == cursor.depth && cursor.depth < end {
            // Its best price counted when it was first played.
            cursor.setBest(before: cursor.depth + 1, of: &book)
            cursor.failedRow = -1
            let code = playAgain(&cursor, rows)
            if code != .ok || responses.count != before { return code }
        }
        while true {
            let code = meetNext(&cursor, rows, upToDepth: end, special: specialEnd)
            if code != .ok || responses.count != before { return code }
            if cursor.depth == end && cursor.special == specialEnd { return .ok }
        }
    }

    /// Plays up to the end, or up to and including the next row that crosses orders of ours.
    private mutating func meetNext(
        _ cursor: inout TapeExchangeCursor, _ rows: TapeRowsAtOwnTicks, upToDepth end: Int, special specialEnd: Int
    ) -> ReturnCode {
        let before = responses.count
        let lowestSell = sells.isEmpty ? Int64.max : sells.bestTick
        let highestBuy = buys.isEmpty ? Int64.min : buys.bestTick
        var (bidIndex, askIndex) = cursor.changes(before: cursor.depth)
        let bidRow = reach(
            cursor.view.bidChanges, cursor.view.bidReach, &bidIndex, cursor.view.bidChangeCount, cursor.depth, end, cursor.view.openingBid,
            blocks: { TapeTick.wide($0.highest) >= lowestSell }, { tick, previous in tick >= lowestSell && tick > previous })
        let askRow = reach(
            cursor.view.askChanges, cursor.view.askReach, &askIndex, cursor.view.askChangeCount, cursor.depth, end, cursor.view.openingAsk,
            blocks: { TapeTick.wide($0.lowest) <= highestBuy }, { tick, previous in tick <= highestBuy && tick < previous })
        let crossing = min(bidRow, askRow)
        let specials = cursor.view.specials
        let reach = areOrdersInside ? cursor.view.specialReach : nil
        while true {
            let next = reachingSpecial(specials, reach, from: cursor.special, to: specialEnd, lowestSell, highestBuy)
            let specialRow = next < specialEnd ? min(max(Int(specials[next].position), cursor.depth), end) : Int.max
            // A special row goes before the depth row of its number.
            let isSpecial = next < specialEnd && specialRow <= crossing
            let stored = playOwnTicks(&cursor, rows, upTo: min(isSpecial ? specialRow : crossing, end))
            if stored != .ok { return stored }
            if isSpecial {
                cursor.special = next
                cursor.setBest(before: cursor.depth, of: &book)
                let code = playSpecial(specials[next].row)
                if code != .ok { return code }
                cursor.special = next + 1
                if responses.count != before { return .ok }
                continue
            }
            if crossing == .max {
                cursor.special = specialEnd
                return .ok
            }
            while cursor.special < next && Int(specials[cursor.special].position) <= crossing { cursor.special += 1 }
            cursor.setBest(before: crossing + 1, of: &book)
            let previous = bidRow == crossing ? cursor.bid(afterChanges: bidIndex) : cursor.ask(afterChanges: askIndex)
            return playCrossing(&cursor, rows, isBid: bidRow == crossing, previousBest: previous)
        }
    }

    /// Depth row of the next change that `isReached`, or `Int.max`; `index` is left on that change.
    @inline(__always)
    private func reach(
        _ changes: UnsafePointer<TapeBestChange>, _ reaches: UnsafePointer<TapeReach>, _ index: inout Int, _ count: Int, _ start: Int,
        _ end: Int, _ opening: Int32, blocks isBlockReached: (TapeReach) -> Bool, _ isReached: (Int64, Int64) -> Bool
    ) -> Int {
        // Most stretches reach nothing: then only the bounds of their blocks are looked at.
        while index < count && changes[index].position < end {
            let blockEnd = min((index | (TapeReach.size - 1)) + 1, count)
            guard isBlockReached(reaches[index / TapeReach.size]) else {
                index = blockEnd
                continue
            }
            var previous = TapeTick.wide(index == 0 ? opening : changes[index - 1].tick)
            while index < blockEnd && changes[index].position < end {
                let tick = TapeTick.wide(changes[index].tick)
                if isReached(tick, previous) && !changes[index].isSilent { return max(changes[index].position, start) }
                previous = tick
                index += 1
            }
        }
        return .max
    }

    /// Every order of ours rests where the tape has levels: no special row but a trade concerns it.
    private var areOrdersInside: Bool {
        (buys.isEmpty || book.bids.holds(buys[0].tick) && book.bids.holds(buys[buys.count - 1].tick))
            && (sells.isEmpty || book.asks.holds(sells[0].tick) && book.asks.holds(sells[sells.count - 1].tick))
    }

    /// The next special row that can move an order of ours, or `end`. `reach` bounds trades; nil to look at every row.
    @inline(__always)
    private func reachingSpecial(
        _ specials: UnsafePointer<TapeSpecial>, _ reach: UnsafePointer<TapeReach>?, from start: Int, to end: Int, _ lowestSell: Int64, _ highestBuy: Int64
    ) -> Int {
        var next = start
        while next < end {
            let blockEnd = min((next | (TapeReach.size - 1)) + 1, end)
            let block = reach.map { $0[next / TapeReach.size] } ?? TapeReach(highest: .max, lowest: .min)
            if TapeTick.wide(block.highest) >= lowestSell || TapeTick.wide(block.lowest) <= highestBuy {
                while next < blockEnd {
                    if reaches(specials + next, lowestSell, highestBuy) { return next }
                    next += 1
                }
            }
            next = blockEnd
        }
        return end
    }

    /// Whether a special row can move an order of ours.
    @inline(__always) private func reaches(_ row: UnsafePointer<TapeSpecial>, _ lowestSell: Int64, _ highestBuy: Int64) -> Bool {
        let tick = row.pointee.tick
        if row.pointee.isTrade {
            // Most lie between our quotes.
            if tick < lowestSell && tick > highestBuy { return false }
            if row.pointee.isBuyTrade { return tick >= lowestSell && lowestSell != .max }
            return row.pointee.isSellTrade && tick <= highestBuy && highestBuy != .min
        }
        if row.pointee.isBidLevel { return tick <= highestBuy && buys.mayHold(tick) }
        return row.pointee.isAskLevel && tick >= lowestSell && sells.mayHold(tick)
    }

    private mutating func playSpecial(_ row: ExchangeRow) -> ReturnCode {
        switch row.kind {
        case .buyTrade: buyTraded(row)
        case .sellTrade: sellTraded(row)
        case .bidLevel: bidChanged(row, LevelChange(previousQuantity: 0, previousBestTick: book.bestBidTick, bestTick: book.bestBidTick))
        case .askLevel: askChanged(row, LevelChange(previousQuantity: 0, previousBestTick: book.bestAskTick, bestTick: book.bestAskTick))
        default: .ok
        }
    }
}

extension TapeExchangeCursor {
    /// Stays in the batch of the row that sent an answer (or failed), or behind it when that was its last.
    mutating func stop(before end: Int, isFailed: Bool) {
        while batch < end {
            let depthEnd = Int(view.batches[batch].depthEnd), specialEnd = Int(view.batches[batch].specialEnd)
            let isBehind = depthEnd < depth || specialEnd < special
            let isPlayed = depthEnd <= depth && specialEnd <= special
            guard isFailed ? isPlayed : isBehind || isPlayed else { return }
            batch += 1
            if !isFailed && !isBehind { return }
        }
    }
}
