import Foundation

/// What the reading thread has done so far, for the thread that runs the engine.
final class ReadLog: @unchecked Sendable {
    private let lock = NSLock()
    private var opened: [(path: String, firstRow: Int64)] = []
    private var rowCount: Int64 = 0
    private var elapsed = Duration.zero
    private var warningLines: [String] = []

    func open(_ path: String, warnings: [String]) {
        lock.withLock {
            opened.append((path, rowCount))
            warningLines += warnings
        }
    }

    func read(rows: Int, in time: Duration) {
        lock.withLock {
            rowCount += Int64(rows)
            elapsed += time
        }
    }

    /// Rows handed over so far.
    var rows: Int64 { lock.withLock { rowCount } }
    /// Spent reading, inflating and converting; passes beside the replay.
    var seconds: Double { lock.withLock { elapsed.asSeconds } }
    var warnings: [String] { lock.withLock { warningLines } }

    /// The file that holds a row of the whole stream, and the row's number in it; both from 0.
    func place(ofRow row: Int64) -> (path: String, row: Int64)? {
        lock.withLock { opened.last { $0.firstRow <= row }.map { ($0.path, row - $0.firstRow) } }
    }
}
