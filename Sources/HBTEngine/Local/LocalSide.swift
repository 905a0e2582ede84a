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

    /// The same with rows of a live feed as they lie there; returns how many were taken.
    mutating func process(_ rows: inout RowRing<MarketEvent>, _ grid: QuickGrid, upTo limitNs: Int64, isSingle: Bool) -> Int {
        let run = rows.contiguous
        guard let first = run.baseAddress, !run.isEmpty else { return 0 }
        // The rows that are due; a copy of the book, whose best prices the loops keep in registers.
        var count = 0
        while count < (isSingle ? 1 : run.count), first[count].localNs <= limitNs { count &+= 1 }
        var copy = book
        var event = UnsafePointer(first)
        let end = event + count
        while event < end {
            let pattern = event.pointee.ev & Self.patternBits
            switch pattern {
            case UInt64(EventKind.depth) | EventFlags.buy:
                repeat {
                    let quantity = event.pointee.quantity
                    _ = copy.setBid(grid.tick(event.pointee.price), quantity, sign: grid.sign(quantity))
                    event += 1
                } while event < end && event.pointee.ev & Self.patternBits == pattern
            case UInt64(EventKind.depth) | EventFlags.sell:
                repeat {
                    let quantity = event.pointee.quantity
                    _ = copy.setAsk(grid.tick(event.pointee.price), quantity, sign: grid.sign(quantity))
                    event += 1
                } while event < end && event.pointee.ev & Self.patternBits == pattern
            default:
                book = copy
                applyOther(RowDecoder.integers(event, grid).forLocal(event, localNs: event.pointee.localNs))
                copy = book
                event += 1
            }
        }
        book = copy
        if count > 0 { feedLatency = (first[count - 1].exchangeNs, first[count - 1].localNs) }
        rows.removeFirst(count)
        return count
    }

    /// What a row is, and of which side.
    private static var patternBits: UInt64 { 0xFF | EventFlags.buy | EventFlags.sell }

    @inline(never)
    private mutating func applyOther(_ row: LocalRow) { withUnsafePointer(to: row) { apply($0) } }

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
