import HBTEngine

/// What a process of `hbt` works with, apart from its arguments.
///
/// Verbs are values made by the argument parser, so they reach it through the task rather than
/// through their initialisers.
struct Session: Sendable {
    @TaskLocal static var current = Session()

    var strategies = StrategyRegistry([])
    var console = Console.standard
    var interrupt = Interrupt()
    /// When the process began, for `host.json`.
    var started = ContinuousClock.now
    /// Where tapes are kept unless a verb is told otherwise; nil for nowhere.
    var cacheFolder: String?
}
