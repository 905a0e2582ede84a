/// Where the engine's market rows come from; crossed once per chunk, never once per event.
///
/// Rows arrive in file order. Implementations stream: memory does not grow with the data.
public protocol EventSource: AnyObject {
    /// Fills the front of `buffer` with the next rows.
    ///
    /// - Returns: how many rows were written; 0 means the end of the data (and stays 0).
    /// - Throws: when the data cannot be read; the message names the file and the row.
    func read(into buffer: UnsafeMutableBufferPointer<MarketEvent>) throws -> Int

    /// Passes over the next `rows` rows without looking at them.
    ///
    /// - Returns: how many there were; fewer than asked only at the end of the data.
    func skip(_ rows: Int64) throws -> Int64
}

extension EventSource {
    /// Reads and forgets; sources that can seek do better.
    public func skip(_ rows: Int64) throws -> Int64 {
        let scratch = UnsafeMutableBufferPointer<MarketEvent>.allocate(capacity: 16_384)
        defer { scratch.deallocate() }
        var left = rows
        while left > 0 {
            let count = try read(into: UnsafeMutableBufferPointer(rebasing: scratch[..<Int(min(left, Int64(scratch.count)))]))
            if count == 0 { break }
            left -= Int64(count)
        }
        return rows - left
    }
}

/// Rows that are in memory already, for who only looks at them: spares copying them once more.
public protocol LendingEventSource: EventSource {
    /// The next rows, valid until the next call of any kind; none at the end of the data (and from then on).
    ///
    /// - Throws: as `read` does.
    func lend() throws -> UnsafeBufferPointer<MarketEvent>
}

/// Rows already in memory: scripts, tests, conformance vectors.
public final class ArrayEventSource: EventSource {
    private let rows: [MarketEvent]
    private var next = 0

    public init(_ rows: [MarketEvent]) { self.rows = rows }

    public func read(into buffer: UnsafeMutableBufferPointer<MarketEvent>) throws -> Int {
        let count = min(buffer.count, rows.count - next)
        for i in 0..<count { buffer[i] = rows[next + i] }
        next += count
        return count
    }
}
