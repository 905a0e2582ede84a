import HBTTypes

/// What we know: the book as it reached us, our orders, our account.
struct LocalSide<Levels: LevelStore> {
    var book: DepthBook<Levels>
    /// Trades since the last clearing; empty when the strategy asked for none.
    var lastTrades: [MarketEvent] = []
    let keepsTrades: Bool
    /// (exchangeNs, localNs) of the newest row.
    var feedLatency: (exchangeNs: Int64, localNs: Int64)?

    init(spec: AssetSpec, isReference: Bool, keepsTrades: Bool? = nil) {
        book = DepthBook(grid: Grid(tickSize: spec.tickSize, lotSize: spec.lotSize), spec: spec.book, isReference: isReference)
        self.keepsTrades = keepsTrades ?? (spec.lastTradesCapacity > 0)
    }

    func deallocate() { book.deallocate() }

    /// Applies rows up to `limitNs` (inclusive); only the first one when `isSingle`.
    mutating func process(_ rows: inout RowRing<LocalRow>, upTo limitNs: Int64, isSingle: Bool) {
        let run = rows.contiguous
        var taken = 0
        while taken < run.count {
            let row = run.baseAddress.unsafelyUnwrapped + taken
            if row.pointee.localNs > limitNs { break }
            apply(row)
            taken += 1
            if isSingle { break }
        }
        if taken > 0 {
            let last = run[taken - 1]
            feedLatency = (last.exchangeNs, last.localNs)
        }
        rows.removeFirst(taken)
    }

    @inline(__always)
    mutating func apply(_ row: UnsafePointer<LocalRow>) {
        switch row.pointee.kind {
        case .bidLevel:
            _ = book.setBid(row.pointee.tick, row.pointee.quantity, sign: row.pointee.sign)
        case .askLevel:
            _ = book.setAsk(row.pointee.tick, row.pointee.quantity, sign: row.pointee.sign)
        case .buyTrade, .sellTrade, .sidelessTrade:
            if keepsTrades {
                lastTrades.append(MarketEvent(
                    ev: UInt64(row.pointee.ev), exchangeNs: row.pointee.exchangeNs, localNs: row.pointee.localNs,
                    price: row.pointee.price, quantity: row.pointee.quantity))
            }
        case .clearBids:
            book.clearBids(downTo: row.pointee.tick, isRanged: row.pointee.sign != 0)
        case .clearAsks:
            book.clearAsks(upTo: row.pointee.tick, isRanged: row.pointee.sign != 0)
        case .clearBoth:
            book.clearBoth()
        case .other:
            break
        }
    }
}
