import HBTEngine
import HBTMarketData
import HBTTypes

/// How a run gets warm: the settings' `[warmup]`, else the production file's, else cold.
///
/// A strategy with a factor graph waits for its nodes in each case.
enum WarmStart {
    /// The warm-up in force; nil when there is nothing to wait for. A folder of history has become the files
    /// in it, and a folder of snapshots the newest one in it where one is required.
    static func settings(_ settings: RunSettings, _ factors: FactorDefinition?) throws -> WarmupSettings? {
        var warmup = settings.warmup
        if warmup == nil, let factors, let production = factors.production {
            warmup = try Self.settings(production, factors, settings.assets)
        }
        if let asked = warmup { warmup?.history = try asked.history.map { try $0.flatMap { try files($0, asked.location) } } }
        if let place = warmup?.snapshot {
            guard factors != nil else {
                throw SettingsError(
                    warmup?.location ?? SourceLocation(file: settings.file, line: 0),
                    "a warm start from a snapshot needs a factor graph; write [graph] and [[nodes]], or [factors] file")
            }
            if warmup?.isRequired == true { warmup?.snapshot = try SnapshotFolder.file(place) }
        }
        return warmup
    }

    /// The file itself, or the market data of a folder in the order of names.
    private static func files(_ path: String, _ location: SourceLocation) throws(SettingsError) -> [String] {
        guard FileTree.kind(path) == .folder else { return [path] }
        let files = (FileTree.names(in: path) ?? []).sorted().filter { name in
            !name.hasPrefix(".") && dataSuffixes.contains { name.hasSuffix($0) }
        }
        .map { FileTree.join(path, $0) }
        guard !files.isEmpty else {
            throw SettingsError(location, "\(path): this folder of history has no market data; put \(dataSuffixes.joined(separator: ", ")) files there")
        }
        return files
    }

    private static let dataSuffixes = [".npz", ".npy", ".gz"]

    private static func settings(
        _ production: FactorProduction, _ factors: FactorDefinition, _ assets: [AssetSettings]
    ) throws(SettingsError) -> WarmupSettings? {
        var warmup = WarmupSettings(source: .cold, location: factors.location)
        func history(_ path: String) -> [[String]] { assets.map { $0.spec.symbol == factors.symbol ? [path] : [] } }
        switch production.warmupSource {
        case .cold: return nil
        case .replay:
            warmup.source = .replay
            warmup.durationNs = production.warmupNs
            if let path = production.warmupPath { warmup.history = history(path) }
        case .snapshot:
            warmup.source = .snapshot
            warmup.durationNs = production.warmupNs
            guard let path = production.warmupPath ?? production.snapshotPath else {
                throw SettingsError(factors.location, "a warm start from a snapshot needs factor_engine.warmup.path or factor_engine.snapshot.path")
            }
            warmup.snapshot = path
            if let path = production.replayPath { warmup.history = history(path) }
        }
        return warmup
    }

    /// The assets with their history before their data.
    static func assets(_ assets: [AssetSettings], _ warmup: WarmupSettings?) -> [AssetSettings] {
        guard let played = warmup?.playedHistory, !played.isEmpty else { return assets }
        return zip(assets, played).map { asset, history in
            var asset = asset
            asset.dataFiles = history + asset.dataFiles
            return asset
        }
    }

    /// What the strategy waits for; nil for nothing.
    static func gate(_ plan: RunPlan, _ factors: FactorGraph?) throws -> StrategyGate? {
        var gate = StrategyGate()
        if let factors, let definition = plan.factors {
            let place = plan.warmup?.location ?? definition.location
            for id in plan.warmup?.nodes ?? definition.columns { gate.nodes.append(try factors.handle(id, location: place)) }
        }
        gate.durationNs = plan.warmup?.durationNs ?? 0
        if let played = plan.warmup?.playedHistory, played.contains(where: { !$0.isEmpty }) {
            gate.notBeforeNs = try zip(plan.settings.assets, played).map { asset, history in
                try firstNs(of: asset, passing: history.count)
            }.min() ?? .min
        }
        return gate == StrategyGate() ? nil : gate
    }

    /// Local time of the first row of an asset's data, its first `passing` files left out; `.max` for none.
    static func firstNs(of asset: AssetSettings, passing: Int) throws -> Int64 {
        if try AssetTape.isTape(asset) { return try TapeFacts.firstLocalNs(TapeFile(path: asset.dataFiles[0])) }
        let source = AssetEventSource(Array(asset.dataFiles.dropFirst(passing)), log: ReadLog())
        let block = UnsafeMutableBufferPointer<MarketEvent>.allocate(capacity: 4096)
        defer { block.deallocate() }
        while case let count = try source.read(into: block), count > 0 {
            for row in block[..<count] where row.has(EventFlags.local) { return row.localNs &+ asset.spec.feedLatencyOffsetNs }
        }
        return .max
    }

    /// The book of an instrument as a run knows it; nil when the run has no such asset.
    static func book(of spec: AssetSpec, in run: Backtest?) -> [MarketEvent]? {
        guard let run, let index = (0..<run.assetCount).first(where: { run.spec($0).symbol == spec.symbol }) else { return nil }
        return run.snapshotRows(index)
    }
}
