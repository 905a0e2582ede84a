import HBTEngine
import HBTTypes

/// The market rows of a journal as a file for `hbt backtest`: what the engine of a paper run played, in the same order.
public enum JournalRecording {
    /// Calls `body` with the rows of one asset, a block at a time.
    ///
    /// - Returns: how the journal ended.
    public static func rows(_ reader: JournalReader, asset: Int, body: (UnsafeBufferPointer<MarketEvent>) throws -> Void) throws -> JournalTail {
        guard case .start(let start)? = try reader.next() else {
            throw JournalError("the journal does not begin with its settings; give the folder with its first file (000001.hbtj)")
        }
        let feed = LiveFeed(venue: .simulated, reorderNs: start.reorderNs, latencyLimitNs: start.latencyLimitNs)
        let block = UnsafeMutableBufferPointer<MarketEvent>.allocate(capacity: 16_384)
        defer { block.deallocate() }
        func drain() throws {
            while case let count = try feed.read(into: block), count > 0 { try body(UnsafeBufferPointer(rebasing: block[..<count])) }
        }
        while let entry = try reader.next() {
            switch entry {
            case .rows(asset, let rows):
                feed.push(rows)
                try drain()
            case .clock(let ns):
                feed.advance(toLocalNs: ns)
                try drain()
            default: break
            }
        }
        feed.close()
        try drain()
        return reader.tail ?? .unfinished
    }
}
