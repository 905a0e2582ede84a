import HBTTypes

/// How rows at own ticks are found, by the mode of the replay.
enum TapeRowsAtOwnTicks {
    /// Every row is stored, which shows those that fall on a marked cell.
    case stored(UnsafePointer<TapeRow>)
    /// Every row is looked at, only those on marked cells are stored.
    case scanned(UnsafePointer<TapeRow>)
    /// Looked up.
    case indexed(TapeIndexSegment)
}

extension ExchangeSide where Levels == TapeLevels {
    /// Plays depth rows up to `end` that cross nothing: those at own ticks move our queue positions.
    mutating func playOwnTicks(_ cursor: inout TapeExchangeCursor, _ rows: TapeRowsAtOwnTicks, upTo end: Int) -> ReturnCode {
        switch rows {
        case .stored(let rows):
            return storeRows(&cursor, rows, upTo: end)
        case .scanned(let rows):
            return scanRows(&cursor, rows, upTo: end)
        case .indexed(let index):
            while let watch = cursor.watches.pointee.earliest(before: end) {
                cursor.depth = max(Int(cursor.watches.pointee[watch].row), cursor.depth)
                playWatched(&cursor, watch, index)
            }
            cursor.depth = max(cursor.depth, end)
            return .ok
        }
    }

    /// The row at the cursor has changed its side's best price so that it crosses orders of ours.
    mutating func playCrossing(
        _ cursor: inout TapeExchangeCursor, _ rows: TapeRowsAtOwnTicks, isBid: Bool, previousBest: Int64
    ) -> ReturnCode {
        switch rows {
        case .stored(let rows), .scanned(let rows):
            return playRow(&cursor, rows, previousBest: previousBest)
        case .indexed(let index):
            // A best price rises (falls) to the level that the row has set.
            let best = isBid ? book.bestBidTick : book.bestAskTick
            var row = ExchangeRow(
                exchangeNs: cursor.ns(ofRow: cursor.depth), tick: best, quantity: 0, kind: isBid ? .bidLevel : .askLevel, sign: 1)
            var change = LevelChange(previousQuantity: 0, previousBestTick: previousBest, bestTick: best)
            if let watch = cursor.watches.pointee.earliest(before: cursor.depth + 1) {
                let (entry, previousLots) = cursor.watches.pointee.take(watch, index)
                row.quantity = book.bids.quantity(lots: entry.lots)
                change.previousQuantity = book.bids.quantity(lots: previousLots)
            }
            return finish(&cursor, isBid ? bidChanged(row, change) : askChanged(row, change))
        }
    }

    /// A row that failed before: its change is made, its best price has counted.
    mutating func playAgain(_ cursor: inout TapeExchangeCursor, _ rows: TapeRowsAtOwnTicks) -> ReturnCode {
        switch rows {
        case .stored(let rows), .scanned(let rows):
            return playRow(&cursor, rows, previousBest: nil)
        case .indexed(let index):
            if let watch = cursor.watches.pointee.last(at: cursor.depth, index) {
                let lots = cursor.watches.pointee[watch].lots
                moveQueues(cursor.watches.pointee[watch].cell, cellCount: cursor.cellCount, previousLots: lots, lots: lots)
            }
            cursor.depth += 1
            return .ok
        }
    }

    private mutating func playWatched(_ cursor: inout TapeExchangeCursor, _ watch: Int, _ index: TapeIndexSegment) {
        let cell = cursor.watches.pointee[watch].cell
        let (entry, previousLots) = cursor.watches.pointee.take(watch, index)
        if !entry.isSilent { moveQueues(cell, cellCount: cursor.cellCount, previousLots: previousLots, lots: entry.lots) }
    }

    /// A level of ours has changed, no best price has.
    private mutating func moveQueues(_ cell: UInt32, cellCount: UInt32, previousLots: Int32, lots: Int32) {
        let width = cellCount / 2
        let isBid = cell < width
        let tick = book.bids.firstTick + Int64(isBid ? cell : cell - width)
        let previous = book.bids.quantity(lots: previousLots), now = book.bids.quantity(lots: lots)
        // By index: iterating over the array itself would count references at every row.
        for i in 0..<(isBid ? buys.count : sells.count) {
            let entry = isBid ? buys[i] : sells[i]
            if entry.tick == tick { queue.depth(&orders[Int(entry.slot)], previous: previous, now: now) }
        }
    }

    private mutating func finish(_ cursor: inout TapeExchangeCursor, _ code: ReturnCode) -> ReturnCode {
        if code == .ok { cursor.depth += 1 } else { cursor.failedRow = cursor.depth }
        return code
    }

    private mutating func storeRows(_ cursor: inout TapeExchangeCursor, _ rows: UnsafePointer<TapeRow>, upTo end: Int) -> ReturnCode {
        let cells = book.bids.cells, touched = book.bids.touched, count = cursor.cellCount
        var i = cursor.depth
        while i < end {
            let row = rows[i]
            if row.cell < count {
                let old = cells[Int(row.cell)]
                if old >= 0 {
                    cells[Int(row.cell)] = row.lots & .max
                    TapeLevels.touch(touched, Int(row.cell))
                } else {
                    cursor.depth = i
                    let code = playRow(&cursor, rows, previousBest: nil)
                    if code != .ok { return code }
                }
            } else {
                let cell = row.cell & ~TapeRow.silentBit
                if cell < count {
                    cells[Int(cell)] = row.lots & .max | cells[Int(cell)] & TapeLevels.ownBit
                    TapeLevels.touch(touched, Int(cell))
                }
            }
            i += 1
        }
        if end > cursor.depth { cursor.depth = end }
        cursor.appliedDepth = cursor.depth
        return .ok
    }

    /// Leaves all but own ticks for the next time somebody looks at the book.
    private mutating func scanRows(_ cursor: inout TapeExchangeCursor, _ rows: UnsafePointer<TapeRow>, upTo end: Int) -> ReturnCode {
        let cells = book.bids.cells, count = cursor.cellCount
        for i in cursor.depth..<max(end, cursor.depth) {
            let row = rows[i]
            let cell = row.cell & ~TapeRow.silentBit
            guard cell < count, cells[Int(cell)] < 0 else { continue }
            if row.cell < count {
                cursor.depth = i
                let code = playRow(&cursor, rows, previousBest: nil)
                if code != .ok { return code }
            } else {
                cells[Int(cell)] = row.lots | TapeLevels.ownBit
            }
        }
        cursor.depth = max(end, cursor.depth)
        return .ok
    }

    /// One row by the rules of the row-by-row replay. `previousBest`: its side's best price before
    /// it, when the row is what changed it.
    private mutating func playRow(_ cursor: inout TapeExchangeCursor, _ rows: UnsafePointer<TapeRow>, previousBest: Int64?) -> ReturnCode {
        let row = rows[cursor.depth]
        let width = cursor.cellCount / 2
        guard row.cell < cursor.cellCount else {
            cursor.depth += 1
            return .ok
        }
        let isBid = row.cell < width
        let tick = book.bids.firstTick + Int64(isBid ? row.cell : row.cell - width)
        let levels = isBid ? book.bids : book.asks
        let previousQuantity = levels.quantity(tick)
        TapeLevels.touch(book.bids.touched, Int(row.cell))
        book.bids.cells[Int(row.cell)] = row.lots & .max | book.bids.cells[Int(row.cell)] & TapeLevels.ownBit
        if cursor.mode == .full { cursor.appliedDepth = cursor.depth + 1 }
        let decoded = ExchangeRow(
            exchangeNs: previousBest == nil ? 0 : cursor.ns(ofRow: cursor.depth), tick: tick, quantity: levels.quantity(tick),
            kind: isBid ? .bidLevel : .askLevel, sign: row.lots > 0 ? 1 : 0)
        let best = isBid ? book.bestBidTick : book.bestAskTick
        let change = LevelChange(previousQuantity: previousQuantity, previousBestTick: previousBest ?? best, bestTick: best)
        return finish(&cursor, isBid ? bidChanged(decoded, change) : askChanged(decoded, change))
    }
}
