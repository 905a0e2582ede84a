import HBTTypes

/// One clock's depth rows on their way into a tape: plays them on a real book and writes down what
/// changed, so that replay needs no book of that kind.
struct TapeTrack<Levels: LevelStore> {
    var book: DepthBook<Levels>
    var rows = TapeColumn<TapeRow>()
    var bidChanges = TapeColumn<TapeBestChange>()
    var askChanges = TapeColumn<TapeBestChange>()
    /// Best prices when the segment began.
    private(set) var openingBid = Int32.min
    private(set) var openingAsk = Int32.max
    private let keepsChanges: Bool
    private let isReference: Bool
    /// Set with the first level; see `TapeHeader`.
    private(set) var firstTick: Int64?
    private(set) var width: Int64

    init(book: DepthBook<Levels>, keepsChanges: Bool, firstTick: Int64?, width: Int64) {
        self.book = book
        self.keepsChanges = keepsChanges
        isReference = book.isReference
        self.firstTick = firstTick
        self.width = width
    }

    mutating func adopt(firstTick tick: Int64) {
        precondition(firstTick == nil, "ticks are counted from one place")
        firstTick = tick
    }

    func deallocate() {
        book.deallocate()
        rows.deallocate()
        bidChanges.deallocate()
        askChanges.deallocate()
    }

    /// Starts a new segment where the last one ended.
    mutating func startSegment() throws(TapeRefusal) {
        rows.removeAll()
        bidChanges.removeAll()
        askChanges.removeAll()
        openingBid = try narrow(book.bestBidTick)
        openingAsk = try narrow(book.bestAskTick)
    }

    func narrow(_ tick: Int64) throws(TapeRefusal) -> Int32 {
        guard let narrow = TapeTick.narrow(tick) else { throw TapeRefusal("a price of \(tick) ticks is out of reach") }
        return narrow
    }

    @inline(__always) private mutating func cell(_ isBid: Bool, _ tick: Int64) throws(TapeRefusal) -> UInt32 {
        let first: Int64
        if let firstTick {
            first = firstTick
        } else {
            first = tick &- TapeHeader.openWidth / 2
            firstTick = first
        }
        let offset = tick &- first
        guard offset >= 0, offset < width else { throw TapeRefusal("a price of \(tick) ticks is too far from the first one") }
        return UInt32(truncatingIfNeeded: isBid ? offset : offset &+ width)
    }

    /// Sets a level; the caller has made sure that it is in range, and that `lots` says what `quantity` does.
    @inline(__always) mutating func level(isBid: Bool, _ tick: Int64, _ quantity: Double, lots: Int32) throws(TapeRefusal) {
        let sign: Int8 = lots > 0 ? 1 : 0
        let bid = book.bestBidTick, ask = book.bestAskTick
        if !isReference && sign > 0 && (isBid ? tick >= ask && tick > bid : tick <= bid && tick < ask) {
            try crossed(isBid: isBid, upTo: tick)
        }
        rows.append(TapeRow(cell: try cell(isBid, tick), lots: lots))
        _ = isBid ? book.setBid(tick, quantity, sign: sign) : book.setAsk(tick, quantity, sign: sign)
        try noteBest(bid, ask, isSilent: false)
    }

    /// The levels that a crossing is about to delete on the other side.
    private mutating func crossed(isBid: Bool, upTo tick: Int64) throws(TapeRefusal) {
        var next = isBid ? book.asks.lowest(from: book.bestAskTick, upTo: tick) : book.bids.highest(from: book.bestBidTick, downTo: tick)
        while let level = next {
            rows.append(TapeRow(cell: try cell(!isBid, level) | TapeRow.silentBit, lots: 0))
            next = isBid ? book.asks.lowest(from: level + 1, upTo: tick) : book.bids.highest(from: level - 1, downTo: tick)
        }
    }

    /// A clear becomes silent rows for what it removes.
    mutating func clear(_ row: ExchangeRow) throws(TapeRefusal) {
        let bid = book.bestBidTick, ask = book.bestAskTick
        let bidTicks = row.kind == .clearAsks ? [] : stored(book.bids), askTicks = row.kind == .clearBids ? [] : stored(book.asks)
        switch row.kind {
        case .clearBids: book.clearBids(downTo: row.tick, isRanged: row.sign != 0)
        case .clearAsks: book.clearAsks(upTo: row.tick, isRanged: row.sign != 0)
        default: book.clearBoth()
        }
        for tick in bidTicks where book.bids.quantity(tick) == 0 {
            rows.append(TapeRow(cell: try cell(true, tick) | TapeRow.silentBit, lots: 0))
        }
        for tick in askTicks where book.asks.quantity(tick) == 0 {
            rows.append(TapeRow(cell: try cell(false, tick) | TapeRow.silentBit, lots: 0))
        }
        if bid != book.bestBidTick || ask != book.bestAskTick {
            rows.append(TapeRow(cell: TapeRow.nowhere, lots: 0))
            try noteBest(bid, ask, isSilent: true)
        }
    }

    private func stored(_ levels: Levels) -> [Int64] {
        var ticks: [Int64] = []
        levels.forEachStored { tick, _ in ticks.append(tick) }
        return ticks
    }

    @inline(__always) private mutating func noteBest(_ bid: Int64, _ ask: Int64, isSilent: Bool) throws(TapeRefusal) {
        guard keepsChanges else { return }
        if book.bestBidTick != bid {
            bidChanges.append(TapeBestChange(position: rows.count - 1, tick: try narrow(book.bestBidTick), isSilent: isSilent))
        }
        if book.bestAskTick != ask {
            askChanges.append(TapeBestChange(position: rows.count - 1, tick: try narrow(book.bestAskTick), isSilent: isSilent))
        }
    }

    /// Both sides of a snapshot, as the rows that a tape opens with.
    mutating func load(snapshot: [MarketEvent], _ sizes: inout TapeSizes) throws(TapeRefusal) {
        guard !snapshot.isEmpty else { return }
        book.load(snapshot: snapshot)
        for isBid in [true, false] {
            let levels = isBid ? book.bids : book.asks
            for tick in stored(levels) {
                rows.append(TapeRow(cell: try cell(isBid, tick), lots: try sizes.lots(levels.quantity(tick))))
            }
        }
        openingBid = try narrow(book.bestBidTick)
        openingAsk = try narrow(book.bestAskTick)
    }
}
