import HBTEngine

/// A run restored from a snapshot, until somebody has taken over its factors and books.
final class WarmRun {
    private var run: Backtest?

    init(_ run: Backtest) { self.run = run }

    /// The run, once: its books are as large as those of the run that it warms.
    func take() -> Backtest? {
        defer { run = nil }
        return run
    }
}
