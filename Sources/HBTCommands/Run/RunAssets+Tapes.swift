import HBTEngine
import HBTMarketData
import HBTTypes

extension RunAssets {
    /// An asset's tape with the rows it was made of.
    struct Tape {
        var tape: TapeFile
        var rows: Int64
    }

    /// Says on a terminal what takes long.
    struct Activities {
        let session: Session
        let isQuiet: Bool
    }

    /// A tape for every asset, or nil when the run is to be replayed row by row; `facts` say why.
    static func tapes(
        _ plan: RunPlan, _ replay: ReplaySettings, _ snapshots: [[MarketEvent]], _ logs: [ReadLog], _ facts: inout ReplayFacts,
        _ activities: Activities
    ) throws -> [Tape]? {
        let assets = plan.settings.assets
        let named = try assets.map { try AssetTape.isTape($0) }
        if replay.mode == .rows, !named.contains(true) { return nil }
        let compatibility = plan.settings.compatibility
        if let refusal = try Backtest.tapeRefusal(plan.factors, for: plan.strategy, specs: assets.map(\.spec), compatibility: compatibility) {
            if let index = named.firstIndex(of: true) {
                throw SettingsError(assets[index].dataLocation, "\(assets[index].dataFiles[0]) is a tape, and \(refusal); name the rows' files")
            }
            facts.rowsReason = refusal.description
            return nil
        }
        let started = ContinuousClock.now
        defer { facts.tapeSeconds = started.duration(to: .now).asSeconds }
        var tapes: [Tape] = []
        for (index, asset) in assets.enumerated() {
            let wanted = AssetTape(asset: asset, snapshot: snapshots[index], compatibility: compatibility, replay: replay)
            let tape: TapeFile
            if named[index] {
                tape = try wanted.named()
            } else {
                switch try wanted.find(rows: { watched(asset, logs[index], activities) }) {
                case .tape(let found, let isCached):
                    tape = found
                    facts.cached.append(found.path)
                    if !isCached { facts.isMade = true }
                case .rows(let reason):
                    if let reason { facts.rowsReason = "\(asset.spec.symbol): \(reason)" }
                    guard let position = named.firstIndex(of: true) else { return nil }
                    throw SettingsError(
                        assets[position].dataLocation,
                        "\(assets[position].dataFiles[0]) is a tape, but \(asset.spec.symbol) has none\(reason.map { " (\($0))" } ?? ""); name the rows' files")
                }
            }
            tapes.append(Tape(tape: tape, rows: try wanted.facts(tape).rows))
        }
        return tapes
    }

    /// An asset's rows on their way into a tape.
    private static func watched(_ asset: AssetSettings, _ log: ReadLog, _ activities: Activities) -> any EventSource {
        let source = AssetEventSource(asset.dataFiles, log: log)
        let total = source.rowsTotal
        let progress = Progress(activities.session.console, quiet: activities.isQuiet, unit: "rows compiled", total: total)
        return WatchedEventSource(PrefetchingEventSource(source), progress: progress, interrupt: activities.session.interrupt)
    }
}

extension RunAssets {
    /// The data of an asset has no rows.
    func isEmpty(_ index: Int) -> Bool {
        (tapeRows?[index] ?? logs[index].rows) == 0
    }

    /// The damage of a cached tape, when that is what stopped a run.
    func damage(_ error: any Error) -> CachedTapeDamage? {
        guard !facts.cached.isEmpty else { return nil }
        if let error = error as? MarketDataError, facts.cached.contains(error.path) { return CachedTapeDamage(paths: [error.path], cause: error) }
        // The engine does not know where a tape lies.
        return error is TapeFault ? CachedTapeDamage(paths: facts.cached, cause: error) : nil
    }
}
