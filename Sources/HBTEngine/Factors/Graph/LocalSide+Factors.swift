import HBTTypes

/// How an asset feeds a graph; whoever attaches it keeps the graph alive.
struct FactorAttachment {
    let core: UnsafeMutablePointer<FactorCore>
    /// Number of the asset in the graph.
    let asset: Int
    /// Brings the probe up to date after each batch, so that another asset's rows may close the wave.
    let settlesAtEnd: Bool
}

/// The local side's loop when a graph is attached; without one the plain loop runs.
extension LocalSide {
    /// Like `process`, with the asset's probe watching and the graph evaluated between waves.
    mutating func process(
        _ rows: inout RowRing<LocalRow>, upTo limitNs: Int64, isSingle: Bool, factors attachment: FactorAttachment
    ) {
        let factors = attachment.core
        let probe = factors.pointee.probes + attachment.asset
        let run = rows.contiguous
        var taken = 0
        while taken < run.count {
            let row = run.baseAddress.unsafelyUnwrapped + taken
            let ns = row.pointee.localNs
            if ns > limitNs { break }
            if !factors.pointee.isOpen(at: ns) {
                probe.pointee.settle(&book)
                factors.pointee.open(ns)
            }
            apply(row, probe, factors)
            taken += 1
            if isSingle { break }
        }
        if taken > 0 {
            let last = run[taken - 1]
            feedLatency = (last.exchangeNs, last.localNs)
            factors.pointee.exchangeNs = last.exchangeNs
        }
        rows.removeFirst(taken)
        if attachment.settlesAtEnd { probe.pointee.settle(&book) }
    }

    @inline(__always)
    mutating func apply(
        _ row: UnsafePointer<LocalRow>, _ probe: UnsafeMutablePointer<AssetProbe>, _ factors: UnsafeMutablePointer<FactorCore>
    ) {
        switch row.pointee.kind {
        case .bidLevel:
            let tick = row.pointee.tick
            probe.pointee.touched.insert(.depth)
            guard book.isInRange(tick) else { return }
            if !book.isReference && row.pointee.sign > 0 && tick >= book.bestAskTick { probe.pointee.asksRemoved(&book, upTo: tick) }
            probe.pointee.isStale = true
            guard probe.pointee.watchesBid(tick) else {
                // What was stored there need not be read: most levels lie far out, and in no cache.
                _ = book.setBid(tick, row.pointee.quantity, sign: row.pointee.sign)
                return
            }
            let change = book.setBid(tick, row.pointee.quantity, sign: row.pointee.sign)
            probe.pointee.bidChanged(tick, from: change.previousQuantity, to: book.bids.quantity(tick))
        case .askLevel:
            let tick = row.pointee.tick
            probe.pointee.touched.insert(.depth)
            guard book.isInRange(tick) else { return }
            if !book.isReference && row.pointee.sign > 0 && tick <= book.bestBidTick { probe.pointee.bidsRemoved(&book, downTo: tick) }
            probe.pointee.isStale = true
            guard probe.pointee.watchesAsk(tick) else {
                _ = book.setAsk(tick, row.pointee.quantity, sign: row.pointee.sign)
                return
            }
            let change = book.setAsk(tick, row.pointee.quantity, sign: row.pointee.sign)
            probe.pointee.askChanged(tick, from: change.previousQuantity, to: book.asks.quantity(tick))
        case .buyTrade, .sellTrade, .sidelessTrade:
            factors.pointee.trade(probe, row)
            apply(row)
        case .clearBids, .clearAsks, .clearBoth:
            probe.pointee.touched.insert(.depth)
            apply(row)
            probe.pointee.rescan()
        case .other:
            break
        }
    }
}
