import HBTEngine
import HBTMarketData
import HBTTypes

/// The assets of a run with their data opened, ready for the engine: all from tapes, or all row by row.
struct RunAssets {
    let inputs: [AssetInput]
    /// One an asset.
    let logs: [ReadLog]
    /// Rows of all files, when their headers tell.
    let rowsTotal: Int64?
    /// What the engine is asked for.
    let mode: ReplayMode
    let facts: ReplayFacts
    /// Rows of each asset's tape; nil when rows are replayed.
    let tapeRows: [Int64]?

    /// Rows, not tapes.
    init(_ assets: [AssetSettings]) throws {
        logs = assets.map { _ in ReadLog() }
        (inputs, rowsTotal) = try Self.rows(assets, snapshots: Self.snapshots(assets, nil), logs)
        mode = .rows
        tapeRows = nil
        facts = ReplayFacts()
    }

    /// - Parameters:
    ///   - warm: a run whose books the assets start from, where they have none of their own.
    ///   - note: told why data is replayed row by row although a tape was wanted.
    init(_ plan: RunPlan, _ replay: ReplaySettings, warm: Backtest?, session: Session, isQuiet: Bool, note: (String) -> Void) throws {
        try self.init(
            plan.settings.assets, plan.settings.compatibility, replay, warm: warm, session: session, isQuiet: isQuiet, note: note)
    }

    init(
        _ assets: [AssetSettings], _ compatibility: Compatibility, _ replay: ReplaySettings, warm: Backtest? = nil, session: Session, isQuiet: Bool,
        note: (String) -> Void
    ) throws {
        let snapshots = try Self.snapshots(assets, warm)
        logs = assets.map { _ in ReadLog() }
        var facts = ReplayFacts()
        if let tapes = try Self.tapes(assets, compatibility, replay, snapshots, logs, &facts, Activities(session: session, isQuiet: isQuiet)) {
            inputs = zip(zip(assets, tapes), snapshots).map { pair, snapshot in
                var input = AssetInput(
                    spec: pair.0.spec, events: ArrayEventSource([]), initialSnapshot: snapshot, latencyRows: Self.latency(of: pair.0),
                    tape: pair.1.tape)
                input.marks = Self.marks(of: pair.0)
                return input
            }
            tapeRows = tapes.map(\.rows)
            rowsTotal = tapes.reduce(0) { $0 &+ $1.rows }
            mode = replay.mode
        } else {
            if let reason = facts.rowsReason {
                guard !replay.isBound || replay.mode == .rows else {
                    throw CommandError("the snapshot was taken on a tape, and there is none of this data any more: \(reason)")
                }
                note("replayed row by row: \(reason)")
            }
            (inputs, rowsTotal) = try Self.rows(assets, snapshots: snapshots, logs)
            tapeRows = nil
            mode = .rows
        }
        facts.mode = mode
        self.facts = facts
    }

    private static func rows(_ assets: [AssetSettings], snapshots: [[MarketEvent]], _ logs: [ReadLog]) throws -> ([AssetInput], Int64?) {
        var inputs: [AssetInput] = []
        var total: Int64? = 0
        for (index, asset) in assets.enumerated() {
            let source = AssetEventSource(asset.dataFiles, log: logs[index])
            if let sum = total, let rows = source.rowsTotal { total = sum &+ rows } else { total = nil }
            inputs.append(AssetInput(
                spec: asset.spec, events: PrefetchingEventSource(source), initialSnapshot: snapshots[index], latencyRows: latency(of: asset)))
            inputs[index].marks = marks(of: asset)
        }
        return (inputs, total)
    }

    /// What both books of each asset start from.
    private static func snapshots(_ assets: [AssetSettings], _ warm: Backtest?) throws -> [[MarketEvent]] {
        try assets.map { asset in
            let own = try asset.initialSnapshotFile.map(EventFileReader.readAll) ?? []
            return own.isEmpty ? WarmStart.book(of: asset.spec, in: warm) ?? [] : own
        }
    }

    private static func marks(of asset: AssetSettings) -> (any MarkRowSource)? { asset.markFiles.isEmpty ? nil : MarkFiles(asset.markFiles) }

    private static func latency(of asset: AssetSettings) -> (any LatencyRowSource)? {
        switch asset.latencySource {
        case .constant: return nil
        case .files(let paths): return LatencyFiles(paths)
        case .feed(let settings): return FeedLatencyRows(asset.dataFiles, settings: settings)
        }
    }
}
