import HBTEngine
import HBTTypes

/// The market rows of one asset of a journal, as `hbt backtest` reads them: what the engine of a paper run played, in
/// the same order.
public final class JournalEventSource: EventSource {
    private let reader: JournalReader
    private let asset: Int
    private let feed: LiveFeed

    /// - Parameter path: a journal's folder, or its only file.
    public init(_ path: String, asset: Int) throws {
        reader = try JournalReader(path)
        self.asset = asset
        guard case .start(let start)? = try reader.next() else {
            throw JournalError("\(path): the journal does not begin with its settings; give the folder with its first file (000001.hbtj)")
        }
        feed = LiveFeed(venue: .simulated, reorderNs: start.reorderNs, latencyLimitNs: start.latencyLimitNs)
    }

    public func read(into buffer: UnsafeMutableBufferPointer<MarketEvent>) throws -> Int {
        while true {
            let count = try feed.read(into: buffer)
            guard count == 0, feed.isOpen else { return count }
            guard let entry = try reader.next() else {
                feed.close()
                continue
            }
            switch entry {
            case .rows(asset, let rows): feed.push(rows)
            case .clock(let ns): feed.advance(toLocalNs: ns)
            default: break
            }
        }
    }
}
