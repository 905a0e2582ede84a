import HBTMarketData
import HBTTypes

/// Order-latency rows made from an asset's own data, part by part.
///
/// Two readers, order entry and response, share one pass over each part: the newest two are kept,
/// and the readers are at most one part apart.
final class FeedLatencyRows: LatencyRowSource {
    private let parts: [AssetEventSource.Part]
    private let settings: FeedLatencySettings
    private var kept: [(index: Int, rows: [LatencyRow])] = []

    init(_ paths: [String], settings: FeedLatencySettings) {
        parts = AssetEventSource.parts(paths)
        self.settings = settings
    }

    var fileCount: Int { parts.count }

    func rows(ofFile index: Int) throws -> [LatencyRow] {
        if let known = kept.first(where: { $0.index == index }) { return known.rows }
        let part = try AssetEventSource.open(parts[index])
        let rows = try FeedLatency.rows(from: part.source, settings: settings)
        guard !rows.isEmpty else {
            throw CommandError("\(part.path): no row is seen by both sides, so the feed has no latency; write latency = { kind = \"constant\", … } instead")
        }
        kept = kept.suffix(1) + [(index, rows)]
        return rows
    }
}
