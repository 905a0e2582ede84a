import HBTEngine
import HBTLive
import HBTMarketData
import HBTTypes

/// A live run between its settings and its sockets: the engine with its journal, and the folder with what the run leaves.
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
    public let startNs: Int64
    public let engine: LiveEngine
    private let files: LiveFolder
    private let relays: Bool

    public var folder: String { files.path }
    public var runId: String { files.runId }
    /// What kept the run from the warm start that the settings ask for.
    public var startNotes: [String] { files.tried }

    public static let journalName = LiveFolder.journalName
    /// A file of this name in the run's folder kills the run.
    public static let killName = "kill"
    static let latencyLimitNs: Int64 = 5_000_000_000

    /// Makes the folder, the journal and the engine.
    ///
    /// - Parameters:
    ///   - folder: nil for `runs/NAME-MODE-RUNID`.
    ///   - startNs: when the run began, nanoseconds since the Unix epoch; makes its id.
    ///   - relays: a bot in another process decides and keeps the journal; this run has none.
    public init(_ plan: LivePlan, folder: String?, startNs: Int64, relays: Bool = false) throws {
        self.plan = plan
        self.startNs = startNs
        self.relays = relays
        let ids = OrderIds(startNs: startNs)
        var start = Self.start(plan, runId: ids.runId)
        let made: (run: StrategyRun, feeds: [LiveFeed], tried: [String])
        if relays {
            let half = try LiveRun.makeRelay(plan.plan, start)
            made = (half.run, half.feeds, [])
        } else {
            made = try LiveRun.makeWarm(plan.plan, &start)
        }
        files = try LiveFolder(plan, path: folder, startNs: startNs, runId: ids.runId)
        files.tried = made.tried
        var limits = OrderManager.Limits()
        limits.answerNs = plan.venue.requestTimeoutNs
        var rates = RateBudget.Limits()
        rates.weightPerMinute = plan.venue.weightPerMinute
        rates.ordersPer10s = plan.venue.ordersPer10s
        rates.ordersPerDay = plan.venue.ordersPerDay
        engine = LiveEngine(
            loop: DecisionLoop(run: made.run, feeds: made.feeds, journal: relays ? nil : try files.journal(start)),
            orders: OrderManager(ids: ids, specs: plan.specs, limits: limits, budget: RateBudget(limits: rates)), limits: plan.risk,
            rules: plan.specs.map { _ in plan.venue.market.depthRule }, patienceNs: plan.venue.connections > 1 ? 200_000_000 : 0,
            reconcileNs: plan.venue.reconcileNs)
        if plan.venue.isBatching { engine.orders.mostInBatch = OrderManager.venueBatch }
    }

    static func start(_ plan: LivePlan, runId: String) -> JournalStart {
        JournalStart(
            settings: plan.plan.configText, runId: runId, isPaper: plan.isPaper, reorderNs: plan.venue.reorderNs, latencyLimitNs: latencyLimitNs)
    }

    /// The settings' order latencies by asset, for a session whose driver is the network.
    ///
    /// - Throws: when a file cannot be read, or the latency cannot be known before the feed is whole.
    public func networkLatencies() throws -> [NetworkLatency] {
        let settings = plan.plan.settings
        return try settings.assets.map { asset in
            try NetworkLatency(spec: asset.spec, rows: try LiveRun.latency(of: asset, isPaper: true), compatibility: settings.compatibility)
        }
    }

    /// Takes what the run has produced since the last call to its files.
    ///
    /// - Returns: false when the engine has stopped by itself (`stopReason`).
    public func drain() throws -> Bool {
        try files.drain(engine.loop)
        return engine.loop.run.end == nil
    }

    /// Why the engine takes no more input.
    public var stopReason: String? { Self.stopReason(engine.loop.run) }

    static func stopReason(_ run: StrategyRun) -> String? {
        guard let end = run.end else { return nil }
        if let error = run.backtest.dataError { return ErrorLine.text(error) }
        return "the strategy's run has ended (\(end))"
    }

    /// Saves the whole run in its `snapshots` folder, for a later one to start from (`[warmup] snapshot`). Before `engine.finish`.
    /// A connector has nothing to save: its bots decide.
    public func saveSnapshot() throws { if !relays { try files.saveSnapshot(engine.loop) } }

    /// After `engine.finish`: completes the files.
    ///
    /// - Returns: the run's figures as text.
    public func finish(_ ending: Ending) throws -> String { try files.finish(engine.loop, ending, endedNs: engine.nowNs) }
}
