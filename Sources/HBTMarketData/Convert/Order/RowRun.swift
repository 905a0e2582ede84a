import HBTTypes

/// One sorted run of rows, handed out as spans of consecutive rows.
protocol RowRun: AnyObject {
    /// The first row not yet consumed; meaningless when `count` is 0.
    var head: UnsafePointer<MarketEvent> { get }
    /// Rows readable from `head`; 0 only at the end of the run.
    var count: Int { get }
    /// Consumes `n` ≤ `count` rows.
    func advance(_ n: Int) throws(MarketDataError)
}

/// Rows in memory, visited group by group.
final class MemoryRun: RowRun {
    private let rows: UnsafePointer<MarketEvent>
    private let groups: [RowGroup]
    private var next = 0
    private(set) var head: UnsafePointer<MarketEvent>
    private(set) var count = 0

    /// `rows` must outlive the run.
    init(rows: UnsafePointer<MarketEvent>, groups: [RowGroup]) {
        self.rows = rows
        self.groups = groups
        head = rows
        openGroup()
    }

    func advance(_ n: Int) throws(MarketDataError) {
        head += n
        count -= n
        if count == 0 { openGroup() }
    }

    private func openGroup() {
        guard next < groups.count else { return }
        head = rows + Int(groups[next].start)
        count = Int(groups[next].count)
        next += 1
    }
}

/// Rows in a part of the spool, read through a small buffer.
final class SpooledRun: RowRun {
    private let spool: SpoolFile
    private var nextRow: Int
    private let endRow: Int
    private let buffer: UnsafeMutablePointer<MarketEvent>
    private static let bufferRows = 2048
    private(set) var head: UnsafePointer<MarketEvent>
    private(set) var count = 0

    init(spool: SpoolFile, rows: Range<Int>) throws(MarketDataError) {
        self.spool = spool
        nextRow = rows.lowerBound
        endRow = rows.upperBound
        buffer = .allocate(capacity: Self.bufferRows)
        head = UnsafePointer(buffer)
        try refill()
    }

    deinit { buffer.deallocate() }

    func advance(_ n: Int) throws(MarketDataError) {
        head += n
        count -= n
        if count == 0 { try refill() }
    }

    private func refill() throws(MarketDataError) {
        count = min(Self.bufferRows, endRow - nextRow)
        head = UnsafePointer(buffer)
        guard count > 0 else { return }
        try spool.read(into: buffer, row: nextRow, count: count)
        nextRow += count
    }
}
