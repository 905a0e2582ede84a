/// Where the engine's market rows come from; crossed once per chunk, never once per event.
///
/// Rows arrive in file order. Implementations stream: memory does not grow with the data.
public protocol EventSource: AnyObject {
    /// Fills the front of `buffer` with the next rows.
    ///
    /// - Returns: how many rows were written; 0 means the end of the data (and stays 0).
    /// - Throws: when the data cannot be read; the message names the file and the row.
    func read(into buffer: UnsafeMutableBufferPointer<MarketEvent>) throws -> Int
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
