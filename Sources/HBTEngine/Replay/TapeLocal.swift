import HBTTypes

/// What we know of a market replayed from a tape: the book as it reached us.
///
/// Nothing on our side depends on when within a stretch of time a row is stored, so rows wait until
/// somebody looks.
struct TapeLocal {
    let source: any TapeSource
    var book: DepthBook<TapeLevels>
    var lastTrades: [MarketEvent] = []
    /// (exchangeNs, localNs) of the newest row.
    var feedLatency: (exchangeNs: Int64, localNs: Int64)?
    let keepsTrades: Bool
    let cellCount: UInt32
    private let memory: TapeBookMemory
    private(set) var segment = 0
    /// A run that has come so far has a book that is worth it.
    private static let gathered = 2
    private(set) var view: TapeLocalSegment
    /// Next batch, depth row and trade.
    var batch = 0
    var depth = 0
    var trade = 0
    /// Rows of the data up to the end of the segment under way: a matter of the place alone, so that a
    /// restored run says the same.
    var rowsEnd: Int64 { view.rowsEnd }

    init(source: any TapeSource, header: TapeHeader, memory: TapeBookMemory, keepsTrades: Bool) throws {
        self.source = source
        self.keepsTrades = keepsTrades
        self.memory = memory
        book = memory.book(header)
        cellCount = UInt32(2 * header.width)
        guard source.segmentCount > 0 else { throw TapeFault("it has no segments") }
        view = try TapeLocalSegment(source.segment(0, .local))
        store(upTo: view.opening)
        book.bestBidTick = TapeTick.wide(view.openingBid)
        book.bestAskTick = TapeTick.wide(view.openingAsk)
        try skipPlayedSegments()
    }

    /// Where it stands in the tape.
    var cursor: SIMD4<Int> { SIMD4(segment, batch, depth, trade) }
    var place: TapePlace { TapePlace(segment: Int32(truncatingIfNeeded: segment), batch: Int32(truncatingIfNeeded: batch)) }

    /// Time of the next row; `.max` at the end.
    @inline(__always) var nextNs: Int64 { batch < view.batchCount ? view.batches[batch].ns : .max }

    mutating func skipPlayedSegments() throws {
        while batch == view.batchCount && segment + 1 < source.segmentCount {
            store(upTo: view.opening)
            try enter(segment + 1)
            source.passed(segment, .local)
            if segment == Self.gathered { memory.gather() }
        }
    }

    private mutating func enter(_ index: Int) throws {
        view = try TapeLocalSegment(source.segment(index, .local))
        segment = index
        (batch, depth, trade) = (0, 0, 0)
    }

    /// Takes all rows up to `limitNs` (inclusive).
    mutating func process(upTo limitNs: Int64) throws {
        while nextNs <= limitNs && nextNs != .max {
            let end = firstIndex(from: batch, to: view.batchCount) { view.batches[$0].ns > limitNs }
            take(upTo: end)
            try skipPlayedSegments()
        }
    }

    /// Takes all rows up to `place`, which must not lie behind.
    mutating func process(upTo place: TapePlace) throws {
        precondition((segment, batch) <= (Int(place.segment), Int(place.batch)), "a tape is not played backwards")
        while (segment, batch) < (Int(place.segment), Int(place.batch)) {
            take(upTo: segment < place.segment ? view.batchCount : Int(place.batch))
            try skipPlayedSegments()
        }
    }

    /// Batches up to `end`, at least one.
    @inline(__always) private mutating func take(upTo end: Int) {
        let last = view.batches[end - 1]
        store(upTo: min(Int(last.depthEnd), view.rowCount))
        let tradeEnd = min(max(Int(last.tradeEnd), trade), view.tradeCount)
        if keepsTrades { keep(upTo: tradeEnd) }
        trade = tradeEnd
        book.bestBidTick = TapeTick.wide(last.bestBidTick)
        book.bestAskTick = TapeTick.wide(last.bestAskTick)
        feedLatency = (last.exchangeNs, last.ns)
        batch = end
    }

    /// Keeps sums from now on: nobody else pays for them at every row.
    @inline(__always) mutating func keepSums() {
        if book.bids.blocks == nil { memory.keepSums(in: &book, isEmpty: isEmpty) }
    }

    /// Nothing has been stored yet.
    private var isEmpty: Bool { segment == 0 && depth == 0 }

    /// The same for what levels add that are added one by one.
    @inline(__always) mutating func keepSerialSums() {
        keepSums()
        if book.bids.serial == nil { memory.keepSerialSums(in: &book) }
    }

    /// Keeps a bit a level from now on, so that a graph finds levels fast.
    mutating func keepBits() {
        keepSums()
        guard book.bids.bits == nil, let bits = memory.bits else { return }
        book.bids.keepBits(in: bits, isEmpty: isEmpty)
        book.asks.keepBits(in: bits + Int(cellCount) / 128, isEmpty: isEmpty)
    }

    /// Keeps none.
    mutating func dropBits() {
        book.bids.keepBits(in: nil)
        book.asks.keepBits(in: nil)
    }

    private mutating func store(upTo end: Int) {
        if let serial = book.bids.serial { return store(upTo: end, serial) }
        let cells = book.bids.cells, rows = view.rows, count = cellCount, bits = book.bids.bits
        let touched = book.bids.touched
        guard let blocks = book.bids.blocks else { return storeOnly(upTo: end) }
        for i in depth..<max(depth, end) {
            let row = rows[i]
            var cell = row.cell
            if cell >= count {
                cell &= ~TapeRow.silentBit
                if cell >= count { continue }
            }
            let lots = row.lots & .max
            // Neighbouring rows change the same block: four partial sums keep them from waiting for each other.
            let partial = (Int(cell) >> 8) * 4 + (i & 3)
            blocks[partial] &+= Int64(lots) &- Int64(cells[Int(cell)])
            cells[Int(cell)] = lots
            TapeLevels.touch(touched, Int(cell))
            if let bits { TapeLevels.mark(bits, Int(cell), lots) }
        }
        depth = max(depth, end)
    }

    /// The same where levels are added one by one; a loop of its own, because the other must not pay for it.
    private mutating func store(upTo end: Int, _ serial: UnsafeMutablePointer<SerialBlock>) {
        let cells = book.bids.cells, rows = view.rows, count = cellCount, bits = book.bids.bits
        let lotSize = book.bids.lotSize, value = book.bids.lotValue, touched = book.bids.touched
        guard let blocks = book.bids.blocks else { preconditionFailure("the local book keeps sums") }
        for i in depth..<max(depth, end) {
            let row = rows[i]
            var cell = row.cell
            if cell >= count {
                cell &= ~TapeRow.silentBit
                if cell >= count { continue }
            }
            let lots = row.lots & .max, old = cells[Int(cell)] & .max
            let partial = (Int(cell) >> 8) * 4 + (i & 3)
            blocks[partial] &+= Int64(lots) &- Int64(old)
            cells[Int(cell)] = lots
            TapeLevels.touch(touched, Int(cell))
            if let bits { TapeLevels.mark(bits, Int(cell), lots) }
            serial[Int(cell) >> 6].change(from: old, to: lots, lotSize: lotSize, value: value)
        }
        depth = max(depth, end)
    }

    /// The same where nobody has asked for sums.
    private mutating func storeOnly(upTo end: Int) {
        let cells = book.bids.cells, rows = view.rows, count = cellCount, bits = book.bids.bits, touched = book.bids.touched
        for i in depth..<max(depth, end) {
            let row = rows[i]
            let cell = row.cell & ~TapeRow.silentBit
            if cell >= count { continue }
            cells[Int(cell)] = row.lots & .max
            TapeLevels.touch(touched, Int(cell))
            if let bits { TapeLevels.mark(bits, Int(cell), row.lots & .max) }
        }
        depth = max(depth, end)
    }

    mutating func keep(upTo end: Int) {
        for i in trade..<end {
            let row = view.trades[i]
            lastTrades.append(MarketEvent(
                ev: row.ev, exchangeNs: row.exchangeNs, localNs: row.localNs, price: row.price, quantity: row.quantity))
        }
    }

    // MARK: state

    func encode(into out: inout StateWriter, venue: DepthBook<TapeLevels>) {
        out.begin("TLOC")
        out.put(segment)
        out.put(batch)
        out.put(depth)
        out.put(trade)
        book.encode(into: &out, besides: venue)
        out.putRaw(lastTrades)
        out.put(feedLatency != nil)
        out.put(feedLatency?.exchangeNs ?? 0)
        out.put(feedLatency?.localNs ?? 0)
    }

    mutating func restore(from input: inout StateReader, venue: DepthBook<TapeLevels>) throws {
        try input.expect("TLOC")
        let segment = try input.int(), batch = try input.int(), depth = try input.int(), trade = try input.int()
        guard segment >= 0, segment < source.segmentCount else { throw StateError("the state stands in segment \(segment) of another tape") }
        try enter(segment)
        guard batch >= 0, batch <= view.batchCount, depth >= 0, depth <= view.rowCount, trade >= 0, trade <= view.tradeCount else {
            throw StateError("the state stands outside the tape")
        }
        (self.batch, self.depth, self.trade) = (batch, depth, trade)
        try book.restore(from: &input, besides: venue)
        lastTrades = try input.raw()
        let isKnown = try input.bool()
        let exchangeNs = try input.int64(), localNs = try input.int64()
        feedLatency = isKnown ? (exchangeNs, localNs) : nil
    }
}
