import HBTTypes

/// Order latency made from a feed's own latency, for lack of a measured one.
///
/// The feed's rows that both sides see are grouped by receipt time into windows aligned to multiples
/// of `resamplingNs`; the last row of each window, with f = local − exchange time, gives one row:
/// request = local, exchange = request + (f × entry multiplier + entry offset),
/// response = exchange + (f × response multiplier + response offset).
/// Increments are truncated toward zero; with whole multipliers everything is integer arithmetic.
public enum FeedLatency {
    /// - Throws: `invalid` for a window that is not positive; whatever the source throws.
    public static func rows(from source: any EventSource, settings: FeedLatencySettings) throws -> [LatencyRow] {
        guard settings.resamplingNs > 0 else {
            throw MarketDataError(path: "", .invalid("resampling window of \(settings.resamplingNs) ns; a positive one expected"))
        }
        let block = UnsafeMutableBufferPointer<MarketEvent>.allocate(capacity: 4096)
        defer { block.deallocate() }
        var rows: [LatencyRow] = []
        var window: Int64?, last = (exchangeNs: Int64(0), localNs: Int64(0))
        while true {
            let n = try source.read(into: block)
            if n == 0 { break }
            for row in block[..<n] where row.has(EventFlags.exchange | EventFlags.local) {
                let start = floorMultiple(row.localNs, settings.resamplingNs)
                if let window, window != start { rows.append(latency(last.exchangeNs, last.localNs, settings)) }
                window = start
                last = (row.exchangeNs, row.localNs)
            }
        }
        if window != nil { rows.append(latency(last.exchangeNs, last.localNs, settings)) }
        return rows
    }

    private static func latency(_ exchangeNs: Int64, _ localNs: Int64, _ s: FeedLatencySettings) -> LatencyRow {
        let f = localNs &- exchangeNs
        let arrived = localNs &+ increment(f, s.entryMultiplier, s.entryOffsetNs)
        let answered = arrived &+ increment(f, s.responseMultiplier, s.responseOffsetNs)
        return LatencyRow(requestNs: localNs, exchangeNs: arrived, responseNs: answered)
    }

    private static func increment(_ f: Int64, _ multiplier: Double, _ offset: Int64) -> Int64 {
        if multiplier == multiplier.rounded(), abs(multiplier) < 0x1p53 { return f &* Int64(multiplier) &+ offset }
        return saturatingInt64(multiplier * Double(f) + Double(offset))
    }

    private static func floorMultiple(_ x: Int64, _ step: Int64) -> Int64 {
        let r = x % step
        return x &- (r < 0 ? r &+ step : r)
    }
}

/// Latency rows made from data files, one file at a time, when the engine asks for them.
public final class FeedLatencySource: LatencyRowSource {
    private let paths: [String]
    private let settings: FeedLatencySettings
    private let open: (String) throws -> any EventSource

    /// `open` turns a data file into rows.
    public init(paths: [String], settings: FeedLatencySettings, open: @escaping (String) throws -> any EventSource) {
        self.paths = paths
        self.settings = settings
        self.open = open
    }

    public var fileCount: Int { paths.count }

    public func rows(ofFile index: Int) throws -> [LatencyRow] {
        precondition(paths.indices.contains(index), "there are \(paths.count) files")
        let rows = try FeedLatency.rows(from: open(paths[index]), settings: settings)
        guard !rows.isEmpty else {
            throw MarketDataError(
                path: paths[index], .invalid("no row is seen by both sides, so the feed has no latency; use a constant latency or a latency file"))
        }
        return rows
    }
}
