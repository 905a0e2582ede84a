import HBTEngine
import HBTLive

/// A bot between its settings and its connector: what decides, its journal, and the folder with what the run leaves.
public final class BotSession {
    public let bot: RelayBot
    private let files: LiveFolder

    public var folder: String { files.path }
    public var runId: String { files.runId }
    /// What kept the run from the warm start that the settings ask for.
    public var startNotes: [String] { files.tried }

    /// Makes the folder, the journal and the engine.
    ///
    /// - Parameters: as of `LiveSession`.
    public init(_ plan: LivePlan, folder: String?, startNs: Int64) throws {
        let runId = OrderIds(startNs: startNs).runId
        var start = LiveSession.start(plan, runId: runId)
        let made = try LiveRun.makeWarm(plan.plan, &start)
        files = try LiveFolder(plan, path: folder, startNs: startNs, runId: runId)
        files.tried = made.tried
        bot = RelayBot(
            loop: DecisionLoop(run: made.run, feeds: made.feeds, journal: try files.journal(start)), runId: runId, isPaper: plan.isPaper)
    }

    /// Takes what the run has produced since the last call to its files.
    ///
    /// - Returns: false when the engine has stopped by itself (`stopReason`).
    public func drain() throws -> Bool {
        bot.loop.mark()
        try files.drain(bot.loop)
        return bot.loop.run.end == nil
    }

    public var stopReason: String? { LiveSession.stopReason(bot.loop.run) }

    /// Plays what is left and completes the files.
    ///
    /// - Returns: the run's figures as text.
    public func finish(_ ending: LiveSession.Ending) throws -> String {
        try files.saveSnapshot(bot.loop)
        bot.loop.finish(at: bot.nowNs)
        return try files.finish(bot.loop, ending, endedNs: bot.nowNs)
    }
}
