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
    private var nextByte: Int64
    private let endByte: Int64
    private let bytes: UnsafeMutableRawBufferPointer
    /// Read and not yet unpacked: `bytes[unread]`.
    private var unread = 0..<0
    /// What the rows of the span at hand share, and how many are still to be unpacked.
    private var span = SpoolSpan()
    private var left = 0
    private let buffer: UnsafeMutablePointer<MarketEvent>
    private static let bufferRows = 1024
    private static let bufferBytes = 1 << 15
    private(set) var head: UnsafePointer<MarketEvent>
    private(set) var count = 0

    init(spool: SpoolFile, bytes run: Range<Int64>) throws(MarketDataError) {
        self.spool = spool
        nextByte = run.lowerBound
        endByte = run.upperBound
        bytes = .allocate(byteCount: Self.bufferBytes, alignment: 64)
        buffer = .allocate(capacity: Self.bufferRows)
        head = UnsafePointer(buffer)
        try refill()
    }

    deinit {
        bytes.deallocate()
        buffer.deallocate()
    }

    func advance(_ n: Int) throws(MarketDataError) {
        head += n
        count -= n
        if count == 0 { try refill() }
    }

    private func refill() throws(MarketDataError) {
        head = UnsafePointer(buffer)
        var made = 0
        while made < Self.bufferRows {
            if left == 0 {
                guard try fetch(MemoryLayout<SpoolSpan>.stride) else { break }
                span = take(SpoolSpan.self)
                left = Int(span.count)
            }
            guard try fetch(span.rowBytes) else { throw MarketDataError(path: spool.directory, .cannotRead("the spool: it ends early")) }
            let n = min(left, Self.bufferRows - made, unread.count / span.rowBytes)
            for i in 0..<n { buffer[made + i] = span.isWide ? wide() : narrow() }
            made += n
            left -= n
        }
        count = made
    }

    private func narrow() -> MarketEvent {
        let levels = take(LevelList.Level.self)
        return MarketEvent(ev: span.ev, exchangeNs: span.exchangeNs, localNs: span.localNs, price: levels.price, quantity: levels.quantity)
    }

    private func wide() -> MarketEvent { take(MarketEvent.self) }

    @inline(__always) private func take<T: BitwiseCopyable>(_ type: T.Type) -> T {
        defer { unread = unread.lowerBound + MemoryLayout<T>.stride..<unread.upperBound }
        return bytes.loadUnaligned(fromByteOffset: unread.lowerBound, as: type)
    }

    /// Makes sure that `wanted` bytes are there; false at the end of the run.
    private func fetch(_ wanted: Int) throws(MarketDataError) -> Bool {
        guard unread.count < wanted else { return true }
        guard nextByte < endByte else { return false }
        if !unread.isEmpty { bytes.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[unread])) }
        let kept = unread.count
        let more = Int(min(Int64(bytes.count - kept), endByte - nextByte))
        try spool.read(into: UnsafeMutableRawBufferPointer(rebasing: bytes[kept..<(kept + more)]), at: nextByte)
        nextByte += Int64(more)
        unread = 0..<(kept + more)
        return unread.count >= wanted
    }
}
