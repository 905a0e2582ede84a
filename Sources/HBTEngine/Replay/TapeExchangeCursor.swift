import HBTTypes

/// Where the venue stands in a tape, and how far its book has been brought along.
///
/// The book lags behind while nothing rests there: it is caught up when a request needs it.
struct TapeExchangeCursor {
    let source: any TapeSource
    let cellCount: UInt32
    /// `.full`, `.scan` or `.index`.
    let mode: ReplayMode
    /// Where orders of ours rest, in mode `index`.
    let watches: UnsafeMutablePointer<TapeWatches>
    private(set) var segment = 0
    private(set) var view: TapeExchangeSegment
    /// First batch that is not fully played.
    var batch = 0
    /// Next depth row and special row.
    var depth: Int
    var special = 0
    /// A depth row whose book change has been made, but whose fills failed; -1 for none.
    var failedRow = -1
    /// First depth row that is not yet in the book, and its segment.
    var appliedSegment = 0
    var appliedDepth = 0
    /// Parts of this segment that are looked at only when orders of ours call for it.
    private var loadedRows: UnsafePointer<TapeRow>?
    private var loadedIndex: TapeIndexSegment?
    /// Changes of the best prices before row `passedRow`.
    private var passedRow = 0
    private var bidsPassed = 0
    private var asksPassed = 0
    /// Where cells of either side were found in the index last: prices move little.
    private var bidPlace = 0
    private var askPlace = 0
    /// Rows of the data up to the end of the segment under way: a matter of the place alone, so that a
    /// restored run says the same.
    var rowsEnd: Int64 { view.rowsEnd }

    init(source: any TapeSource, header: TapeHeader, mode: ReplayMode, watches: UnsafeMutablePointer<TapeWatches>) throws {
        self.source = source
        self.mode = mode
        self.watches = watches
        cellCount = UInt32(2 * header.width)
        guard source.segmentCount > 0 else { throw TapeFault("it has no segments") }
        view = try TapeExchangeSegment(source.segment(0, .exchange))
        depth = view.opening
        try skipPlayedSegments()
    }

    /// Rows of this segment in order of time.
    mutating func rows() throws -> UnsafePointer<TapeRow> {
        if let loadedRows { return loadedRows }
        let rows = try view.rows(source.segment(segment, .rows))
        loadedRows = rows
        return rows
    }

    /// Rows of this segment by cell.
    mutating func index() throws -> TapeIndexSegment {
        if let loadedIndex { return loadedIndex }
        let index = try TapeIndexSegment(source.segment(segment, .index))
        loadedIndex = index
        return index
    }

    /// Place of a cell in `index`, that of this segment; nil when the cell does not change in it.
    mutating func place(_ cell: UInt32, _ index: TapeIndexSegment) -> Int? {
        let isBid = cell < cellCount / 2
        let found = index.firstPlace(from: cell, near: isBid ? bidPlace : askPlace)
        if isBid { bidPlace = found } else { askPlace = found }
        return found < index.cellCount && index.cells[found].cell == cell ? found : nil
    }

    /// Time of the next batch; `.max` at the end.
    @inline(__always) var nextNs: Int64 { batch < view.batchCount ? view.batches[batch].ns : .max }
    var isLastSegment: Bool { segment + 1 == source.segmentCount }

    /// Moves on while the segment has no batch left and another one follows.
    mutating func skipPlayedSegments() throws {
        while batch == view.batchCount && !isLastSegment {
            try enter(segment + 1)
        }
    }

    private mutating func enter(_ index: Int) throws {
        view = try TapeExchangeSegment(source.segment(index, .exchange))
        segment = index
        source.passed(index, .exchange)
        loadedRows = nil
        loadedIndex = nil
        watches.pointee.forget()
        (passedRow, bidsPassed, asksPassed) = (0, 0, 0)
        (bidPlace, askPlace) = (0, 0)
        batch = 0
        depth = 0
        special = 0
        failedRow = -1
    }

    /// The depth row before which the book stands: a failed row is in it already.
    var bestRow: Int { failedRow == depth ? depth + 1 : depth }

    /// First batch from `batch` on whose time is after `ns`.
    @inline(__always) func firstBatch(after ns: Int64) -> Int {
        firstIndex(from: batch, to: view.batchCount) { view.batches[$0].ns > ns }
    }

    /// Where the rows of the batches before `batch` end: never behind the cursor, never outside the segment.
    @inline(__always) func depthEnd(_ batch: Int) -> Int { batch == 0 ? depth : min(max(Int(view.batches[batch - 1].depthEnd), depth), view.rowCount) }
    @inline(__always) func specialEnd(_ batch: Int) -> Int {
        batch == 0 ? special : min(max(Int(view.batches[batch - 1].specialEnd), special), view.specialCount)
    }

    /// Time of a depth row at or after the current batch.
    func ns(ofRow row: Int) -> Int64 {
        let i = firstIndex(from: batch, to: view.batchCount) { Int(view.batches[$0].depthEnd) > row }
        return i < view.batchCount ? view.batches[i].ns : .max
    }

    /// How many changes of the best bid and ask happen before depth row `row`: counted on from the last answer.
    @inline(__always) mutating func changes(before row: Int) -> (bids: Int, asks: Int) {
        if row != passedRow { countChanges(before: row) }
        return (bidsPassed, asksPassed)
    }

    private mutating func countChanges(before row: Int) {
        if row < passedRow { (bidsPassed, asksPassed) = (0, 0) }
        bidsPassed = firstIndex(from: bidsPassed, to: view.bidChangeCount) { view.bidChanges[$0].position >= row }
        asksPassed = firstIndex(from: asksPassed, to: view.askChangeCount) { view.askChanges[$0].position >= row }
        passedRow = row
    }
    func bid(afterChanges n: Int) -> Int64 { TapeTick.wide(n == 0 ? view.openingBid : view.bidChanges[n - 1].tick) }
    func ask(afterChanges n: Int) -> Int64 { TapeTick.wide(n == 0 ? view.openingAsk : view.askChanges[n - 1].tick) }

    /// Sets the best prices as they are before depth row `row`.
    mutating func setBest(before row: Int, of book: inout DepthBook<TapeLevels>) {
        let passed = changes(before: row)
        book.bestBidTick = bid(afterChanges: passed.bids)
        book.bestAskTick = ask(afterChanges: passed.asks)
    }

    /// Brings the book up to the next depth row; in mode `index` it has another one.
    mutating func catchUp(_ levels: TapeLevels) throws {
        while appliedSegment < segment {
            let old = try TapeExchangeSegment(source.segment(appliedSegment, .exchange))
            store(try old.rows(source.segment(appliedSegment, .rows)), appliedDepth, old.rowCount, levels)
            source.passed(appliedSegment + 1, .rows)
            appliedSegment += 1
            appliedDepth = 0
        }
        let end = min(bestRow, view.rowCount)
        if appliedSegment == segment && appliedDepth < end {
            store(try rows(), appliedDepth, end, levels)
            appliedDepth = end
        }
    }

    private func store(_ rows: UnsafePointer<TapeRow>, _ start: Int, _ end: Int, _ levels: TapeLevels) {
        let cells = levels.cells, touched = levels.touched
        for i in start..<end {
            let row = rows[i]
            let cell = Int(row.cell & ~TapeRow.silentBit)
            guard cell < Int(cellCount) else { continue }
            cells[cell] = row.lots & .max | cells[cell] & TapeLevels.ownBit
            TapeLevels.touch(touched, cell)
        }
    }

    /// Goes to a place that a saved state names.
    mutating func seek(segment: Int, batch: Int, depth: Int, special: Int, failedRow: Int) throws {
        guard segment >= 0, segment < source.segmentCount else { throw StateError("the state stands in segment \(segment) of another tape") }
        try enter(segment)
        guard batch >= 0, batch <= view.batchCount, depth >= 0, depth <= view.rowCount, special >= 0, special <= view.specialCount else {
            throw StateError("the state stands outside the tape")
        }
        (self.batch, self.depth, self.special, self.failedRow) = (batch, depth, special, failedRow)
        (appliedSegment, appliedDepth) = (segment, depth)
    }
}

/// First index in `start..<end` that holds, for a condition that holds from some index on: steps
/// doubling from `start`, then halving.
@inline(__always)
func firstIndex(from start: Int, to end: Int, _ holds: (Int) -> Bool) -> Int {
    var low = start, step = 1
    while low < end && !holds(low) {
        if low + step >= end || holds(low + step) {
            var a = low + 1, b = min(low + step, end)
            while a < b {
                let middle = (a + b) / 2
                if holds(middle) { b = middle } else { a = middle + 1 }
            }
            return a
        }
        low += step
        step *= 2
    }
    return low
}
