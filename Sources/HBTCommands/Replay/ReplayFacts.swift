import HBTEngine

/// How a run was replayed, for `host.json`.
struct ReplayFacts {
    var mode = ReplayMode.rows
    /// Tapes were made in this run.
    var isMade = false
    /// Files of the cache that are replayed.
    var cached: [String] = []
    /// Why rows were replayed although a tape was wanted.
    var rowsReason: String?
    /// Spent on finding and making tapes.
    var tapeSeconds = 0.0
}
