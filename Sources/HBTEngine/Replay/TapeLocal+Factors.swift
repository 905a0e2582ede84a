import HBTTypes

/// The local side of a tape when a factor graph follows its rows; without one the plain loop runs.
extension TapeLocal {
    /// Like `process`, with the asset's probe watching and the graph evaluated between waves: a batch
    /// is all rows of one local time. Within it the order of rows decides nothing that the graph sees,
    /// so depth comes before trades.
    mutating func process(upTo limitNs: Int64, factors attachment: FactorAttachment) throws {
        let factors = attachment.core
        let probe = factors.pointee.probes + attachment.asset
        while nextNs <= limitNs && nextNs != .max {
            let last = view.batches[batch]
            if !factors.pointee.isOpen(at: last.ns) {
                probe.pointee.settle(&book)
                factors.pointee.open(last.ns)
            }
            let depthEnd = min(Int(last.depthEnd), view.rowCount)
            if depthEnd > depth { store(upTo: depthEnd, probe) }
            let tradeEnd = min(max(Int(last.tradeEnd), trade), view.tradeCount)
            if tradeEnd > trade { take(upTo: tradeEnd, probe, factors) }
            book.bestBidTick = TapeTick.wide(last.bestBidTick)
            book.bestAskTick = TapeTick.wide(last.bestAskTick)
            feedLatency = (last.exchangeNs, last.ns)
            factors.pointee.exchangeNs = last.exchangeNs
            batch += 1
            try skipPlayedSegments()
        }
        if attachment.settlesAtEnd { probe.pointee.settle(&book) }
    }

    private mutating func store(upTo end: Int, _ probe: UnsafeMutablePointer<AssetProbe>) {
        probe.pointee.touched.insert(.depth)
        probe.pointee.isStale = true
        let cells = book.bids.cells, rows = view.rows, count = cellCount, width = cellCount / 2
        let firstTick = book.bids.firstTick, touched = book.bids.touched
        let serial = book.bids.serial, lotSize = book.bids.lotSize, value = book.bids.lotValue
        guard let blocks = book.bids.blocks, let bits = book.bids.bits else { preconditionFailure("a followed book keeps sums and bits") }
        for i in depth..<end {
            let row = rows[i]
            var cell = row.cell
            if cell >= count {
                cell &= ~TapeRow.silentBit
                if cell >= count { continue }
            }
            let lots = row.lots & .max
            let old = cells[Int(cell)]
            if lots == old { continue }
            let partial = (Int(cell) >> 8) * 4 + (i & 3)
            blocks[partial] &+= Int64(lots) &- Int64(old)
            cells[Int(cell)] = lots
            TapeLevels.touch(touched, Int(cell))
            TapeLevels.mark(bits, Int(cell), lots)
            serial?[Int(cell) >> 6].change(from: old & .max, to: lots, lotSize: lotSize, value: value)
            if cell < width {
                probe.pointee.bidMoved(firstTick &+ Int64(cell), from: Int64(old), to: Int64(lots))
            } else {
                probe.pointee.askMoved(firstTick &+ Int64(cell &- width), from: Int64(old), to: Int64(lots))
            }
        }
        depth = end
    }

    private mutating func take(upTo end: Int, _ probe: UnsafeMutablePointer<AssetProbe>, _ factors: UnsafeMutablePointer<FactorCore>) {
        for i in trade..<end {
            var row = view.trades[i].localRow
            factors.pointee.trade(probe, &row)
        }
        if keepsTrades { keep(upTo: end) }
        trade = end
    }
}

extension TapeTrade {
    var localRow: LocalRow {
        let kind: FeedKind = ev & EventFlags.buy != 0 ? .buyTrade : ev & EventFlags.sell != 0 ? .sellTrade : .sidelessTrade
        return LocalRow(
            localNs: localNs, exchangeNs: exchangeNs, tick: 0, quantity: quantity, price: price, ev: UInt32(truncatingIfNeeded: ev), kind: kind, sign: 0)
    }
}
