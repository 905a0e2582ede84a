import HBTEngine
import HBTMarketData
import HBTTypes

/// The assets of a run with their data opened, ready for the engine.
struct RunAssets {
    let inputs: [AssetInput]
    /// One an asset.
    let logs: [ReadLog]
    /// Rows of all files, when their headers tell.
    let rowsTotal: Int64?

    init(_ settings: RunSettings) throws { try self.init(settings.assets) }

    init(_ assets: [AssetSettings]) throws {
        var inputs: [AssetInput] = []
        var logs: [ReadLog] = []
        var total: Int64? = 0
        for asset in assets {
            let log = ReadLog()
            let source = AssetEventSource(asset.dataFiles, log: log)
            if let sum = total, let rows = source.rowsTotal { total = sum &+ rows } else { total = nil }
            inputs.append(AssetInput(
                spec: asset.spec, events: PrefetchingEventSource(source),
                initialSnapshot: try asset.initialSnapshotFile.map(EventFileReader.readAll) ?? [],
                latencyRows: Self.latency(of: asset)))
            logs.append(log)
        }
        self.inputs = inputs
        self.logs = logs
        rowsTotal = total
    }

    private static func latency(of asset: AssetSettings) -> (any LatencyRowSource)? {
        switch asset.latencySource {
        case .constant: return nil
        case .files(let paths): return LatencyFiles(paths)
        case .feed(let settings): return FeedLatencyRows(asset.dataFiles, settings: settings)
        }
    }
}
