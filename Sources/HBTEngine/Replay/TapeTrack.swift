import HBTTypes

/// One clock's depth rows on their way into a tape: plays them on a book that knows which levels there
/// are, and writes down what changed, so that replay needs no book of that kind.
struct TapeTrack<Twin: LevelStore> {
    var book: DepthBook<TapeMarks<Twin>>
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
    private let width: Int64
    /// Cells that levels may be in: the whole width, or the range of interest.
    private let reach: UInt64

    /// - Parameter range: of interest; nil for a book without.
    init(grid: Grid, isReference: Bool, range: ClosedRange<Int64>?, width: Int64, keepsChanges: Bool) {
        let first = range?.lowerBound
        book = DepthBook(
            bids: TapeMarks(range: range, firstTick: first ?? 0, width: width),
            asks: TapeMarks(range: range, firstTick: first ?? 0, width: width), grid: grid, isReference: isReference)
        self.keepsChanges = keepsChanges
        self.isReference = isReference
        firstTick = first
        self.width = width
        reach = range.map { UInt64($0.upperBound - $0.lowerBound) + 1 } ?? UInt64(width)
    }

    /// Ticks are counted from `tick` on; nothing has been stored yet.
    mutating func adopt(firstTick tick: Int64) {
        precondition(firstTick == nil, "ticks are counted from one place")
        firstTick = tick
        book.bids.firstTick = tick
        book.asks.firstTick = tick
    }

    func deallocate() {
        book.deallocate()
        rows.deallocate()
        bidChanges.deallocate()
        askChanges.deallocate()
    }

    /// Starts a new segment where the last one ended; the columns are empty again.
    mutating func startSegment() throws(TapeRefusal) {
        openingBid = try narrow(book.bestBidTick)
        openingAsk = try narrow(book.bestAskTick)
    }

    func narrow(_ tick: Int64) throws(TapeRefusal) -> Int32 {
        guard let narrow = TapeTick.narrow(tick) else { throw TapeRefusal("a price of \(tick) ticks is out of reach") }
        return narrow
    }

    @inline(__always) private func cell(_ isBid: Bool, _ tick: Int64) throws(TapeRefusal) -> UInt32 {
        let offset = tick &- (firstTick ?? 0)
        guard offset >= 0, offset < width else { throw TapeRefusal("a price of \(tick) ticks is too far from the first one") }
        return UInt32(truncatingIfNeeded: isBid ? offset : offset &+ width)
    }

    /// Sets levels of one side, one after the other, until one lies out of range.
    ///
    /// - Returns: its place, or `end`.
    @inline(__always) mutating func levels(
        isBid: Bool, _ ticks: UnsafePointer<Int64>, _ lots: UnsafePointer<Int32>, from start: Int, to end: Int
    ) throws(TapeRefusal) -> Int {
        isBid ? try bids(ticks, lots, start, end) : try asks(ticks, lots, start, end)
    }

    /// A level that is neither the best nor better changes no best price: a mark and a row are all of it.
    private mutating func bids(
        _ ticks: UnsafePointer<Int64>, _ lots: UnsafePointer<Int32>, _ start: Int, _ end: Int
    ) throws(TapeRefusal) -> Int {
        let first = firstTick ?? 0, marks = book.bids
        var best = book.bestBidTick, low = book.lowBidTick
        rows.reserve(end - start)
        var out = rows.end, stored = 0
        defer {
            rows.advance(stored)
            book.lowBidTick = low
        }
        for i in start..<end {
            let tick = ticks[i], size = lots[i]
            let offset = tick &- first
            guard UInt64(bitPattern: offset) < reach else {
                if TapeMarks<Twin>.isRanged { return i }
                throw TapeRefusal("a price of \(tick) ticks is too far from the first one")
            }
            if size > 0 ? tick > best : tick == best {
                rows.advance(stored)
                book.lowBidTick = low
                stored = 0
                try level(isBid: true, tick, lots: size)
                (best, low) = (book.bestBidTick, book.lowBidTick)
                rows.reserve(end - i)
                out = rows.end
                continue
            }
            marks.put(Int(truncatingIfNeeded: offset), size > 0)
            if size > 0, tick < low { low = tick }
            out[stored] = TapeRow(cell: UInt32(truncatingIfNeeded: offset), lots: size)
            stored += 1
        }
        return end
    }

    /// Mirrors `bids`.
    private mutating func asks(
        _ ticks: UnsafePointer<Int64>, _ lots: UnsafePointer<Int32>, _ start: Int, _ end: Int
    ) throws(TapeRefusal) -> Int {
        let first = firstTick ?? 0, marks = book.asks
        var best = book.bestAskTick, high = book.highAskTick
        rows.reserve(end - start)
        var out = rows.end, stored = 0
        defer {
            rows.advance(stored)
            book.highAskTick = high
        }
        for i in start..<end {
            let tick = ticks[i], size = lots[i]
            let offset = tick &- first
            guard UInt64(bitPattern: offset) < reach else {
                if TapeMarks<Twin>.isRanged { return i }
                throw TapeRefusal("a price of \(tick) ticks is too far from the first one")
            }
            if size > 0 ? tick < best : tick == best {
                rows.advance(stored)
                book.highAskTick = high
                stored = 0
                try level(isBid: false, tick, lots: size)
                (best, high) = (book.bestAskTick, book.highAskTick)
                rows.reserve(end - i)
                out = rows.end
                continue
            }
            marks.put(Int(truncatingIfNeeded: offset), size > 0)
            if size > 0, tick > high { high = tick }
            out[stored] = TapeRow(cell: UInt32(truncatingIfNeeded: offset &+ width), lots: size)
            stored += 1
        }
        return end
    }

    /// Sets a level that may be the best one; the caller has made sure that it is in range.
    @inline(never) mutating func level(isBid: Bool, _ tick: Int64, lots: Int32) throws(TapeRefusal) {
        let sign: Int8 = lots > 0 ? 1 : 0
        let bid = book.bestBidTick, ask = book.bestAskTick
        if !isReference && sign > 0 && (isBid ? tick >= ask && tick > bid : tick <= bid && tick < ask) {
            try crossed(isBid: isBid, upTo: tick)
        }
        rows.append(TapeRow(cell: try cell(isBid, tick), lots: lots))
        _ = isBid ? book.setBid(tick, Double(lots), sign: sign) : book.setAsk(tick, Double(lots), sign: sign)
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
        let bidTicks = row.kind == .clearAsks ? [] : book.bids.ticks, askTicks = row.kind == .clearBids ? [] : book.asks.ticks
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
    mutating func load(_ snapshot: DepthBook<Twin>, _ sizes: inout TapeSizes) throws(TapeRefusal) {
        for isBid in [true, false] {
            var levels: [(tick: Int64, quantity: Double)] = []
            (isBid ? snapshot.bids : snapshot.asks).forEachStored { levels.append(($0, $1)) }
            for (tick, quantity) in levels {
                if firstTick == nil { adopt(firstTick: try TapeHeader.openStart(around: tick)) }
                rows.append(TapeRow(cell: try cell(isBid, tick), lots: try sizes.lots(quantity)))
                if isBid { book.bids.set(tick, quantity) } else { book.asks.set(tick, quantity) }
            }
        }
        (book.bestBidTick, book.bestAskTick) = (snapshot.bestBidTick, snapshot.bestAskTick)
        (book.lowBidTick, book.highAskTick) = (snapshot.lowBidTick, snapshot.highAskTick)
        openingBid = try narrow(book.bestBidTick)
        openingAsk = try narrow(book.bestAskTick)
    }
}
