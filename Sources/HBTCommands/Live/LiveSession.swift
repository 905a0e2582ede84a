import HBTDigest
import HBTEngine
import HBTLive
import HBTMarketData
import HBTTypes

/// A live run between its settings and its sockets: the engine with its journal, and the folder with what the run leaves.
///
/// The folder stands from the start under its own name, because a run that dies must leave its journal behind.
public final class LiveSession {
    /// How a run ended.
    public struct Ending: Sendable {
        public var reason: String
        /// When the venue's lists showed that nothing is open; nil when that could not be proven, or on paper.
        public var provenNs: Int64?

        public init(reason: String, provenNs: Int64?) {
            self.reason = reason
            self.provenNs = provenNs
        }
    }

    public let plan: LivePlan
    public let folder: String
    public let runId: String
    public let startNs: Int64
    public let engine: LiveEngine
    private let run: StrategyRun
    private let outputs: RunOutputs

    public static let journalName = "journal"
    /// A file of this name in the run's folder kills the run.
    public static let killName = "kill"

    /// Makes the folder, the journal and the engine.
    ///
    /// - Parameters:
    ///   - folder: nil for `runs/NAME-MODE-RUNID`.
    ///   - startNs: when the run began, nanoseconds since the Unix epoch; makes its id.
    public init(_ plan: LivePlan, folder: String?, startNs: Int64) throws {
        self.plan = plan
        self.startNs = startNs
        let ids = OrderIds(startNs: startNs)
        runId = ids.runId
        let place = folder ?? "runs/\(plan.name)-\(plan.isPaper ? "paper" : "live")-\(ids.runId)"
        self.folder = place
        if let names = FileTree.names(in: place) {
            guard names.isEmpty else { throw CommandError("\(place): this folder is not empty; name another place with --out") }
        } else if FileTree.kind(place) != nil {
            throw CommandError("\(place): this is not a folder; name another place with --out")
        }
        var start = JournalStart(
            settings: plan.plan.configText, runId: ids.runId, isPaper: plan.isPaper, reorderNs: plan.venue.reorderNs,
            latencyLimitNs: Self.latencyLimitNs)
        let made = try LiveRun.make(plan.plan, start)
        if let file = plan.plan.warmup?.snapshot {
            try LiveRun.warm(made.run, from: file, registry: plan.plan.registry)
            // The journal begins with the warm state, so that it replays without the snapshot.
            var state = StateWriter()
            made.run.encode(into: &state)
            start.state = state.bytes
        }
        run = made.run
        let journalFolder = FileTree.join(place, Self.journalName)
        _ = try FileTree.makeFolders(journalFolder)
        try WholeFile.write(plan.plan.configText, to: FileTree.join(place, RunFiles.config))
        outputs = try RunOutputs(folder: place, settings: plan.plan.settings, configText: plan.plan.configText)
        let journal = try JournalWriter(folder: journalFolder)
        journal.add(.start(start))
        var limits = OrderManager.Limits()
        limits.answerNs = plan.venue.requestTimeoutNs
        var rates = RateBudget.Limits()
        rates.weightPerMinute = plan.venue.weightPerMinute
        rates.ordersPer10s = plan.venue.ordersPer10s
        rates.ordersPerDay = plan.venue.ordersPerDay
        engine = LiveEngine(
            loop: DecisionLoop(run: made.run, feeds: made.feeds, journal: journal),
            orders: OrderManager(ids: ids, specs: plan.specs, limits: limits, budget: RateBudget(limits: rates)), limits: plan.risk,
            rules: plan.specs.map { _ in plan.venue.market.depthRule }, patienceNs: plan.venue.connections > 1 ? 200_000_000 : 0,
            reconcileNs: plan.venue.reconcileNs)
    }

    private static let latencyLimitNs: Int64 = 5_000_000_000

    /// Takes what the run has produced since the last call to its files.
    ///
    /// - Returns: false when the engine has stopped by itself (`stopReason`).
    @discardableResult
    public func drain(isFinal: Bool = false) throws -> Bool {
        try outputs.add(OutputBatch(engine.loop, isFinal: isFinal))
        return run.end == nil
    }

    /// Why the engine takes no more input.
    public var stopReason: String? {
        guard let end = run.end else { return nil }
        if let error = run.backtest.dataError { return ErrorLine.text(error) }
        return "the strategy's run has ended (\(end))"
    }

    /// Saves the whole run in its `snapshots` folder, for a later one to start from (`[warmup] snapshot`). Before `engine.finish`.
    public func saveSnapshot() throws {
        try drain()
        let place = SnapshotFolder(path: FileTree.join(folder, SnapshotFolder.name))
        _ = try FileTree.makeFolders(place.path)
        let live = RunSnapshot.Live(isPaper: plan.isPaper, reorderNs: plan.venue.reorderNs, latencyLimitNs: Self.latencyLimitNs)
        try place.write(RunSnapshot(of: run, plan: plan.plan, live: live), keeps: nil)
    }

    /// After `engine.finish`: completes the files.
    ///
    /// - Returns: the run's figures as text.
    public func finish(_ ending: Ending) throws -> String {
        try drain(isFinal: true)
        let backtest = run.backtest, digest = backtest.digest.hex
        outputs.report.warmUp = run.warmUp
        try outputs.finish(folder: folder, digest: digest)
        var manifest = Manifest(
            name: plan.name, strategy: plan.plan.settings.strategyType, compatibility: plan.plan.settings.compatibility.rawValue,
            digest: digest, settingsSHA256: Array(plan.plan.configText.utf8).withUnsafeBytes { SHA256.hex($0) }, inputs: [],
            counts: Manifest.Counts(
                rows: backtest.rowsRead, steps: run.steps, records: outputs.recordCount, requests: backtest.requestCount,
                responses: backtest.responseCount, fills: backtest.fillCount),
            span: outputs.span.map { Manifest.Span(firstNs: $0.firstNs, lastNs: $0.lastNs) }, untilNs: nil, interrupted: false, fork: nil, files: [])
        manifest.live = Manifest.Live(
            mode: plan.isPaper ? "paper" : "live", runId: runId, startedNs: startNs, endedNs: engine.nowNs, reason: ending.reason,
            provenNs: ending.provenNs)
        for name in RunFiles.listed {
            let found = try FileDigest.of(FileTree.join(folder, name))
            manifest.files.append(Manifest.File(name: name, bytes: found.bytes, sha256: found.sha256))
        }
        try WholeFile.write(manifest.json, to: FileTree.join(folder, RunFiles.manifest))
        return "\(outputs.report.table())\n\ndigest  \(digest)\nreport  \(folder)/\(RunFiles.report)"
    }
}
