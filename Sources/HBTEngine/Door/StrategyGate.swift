import HBTTypes

/// What a run waits for before its strategy's first step.
///
/// Until then the run goes on as ever (time passes, books fill, factors take their samples, records
/// are kept), only the strategy is not called. Once open, a gate stays open.
public struct StrategyGate: Equatable, Sendable {
    /// No step before this local time.
    public var notBeforeNs = Int64.min
    /// Nor before so much simulated time has passed since the run's first row.
    public var durationNs: Int64 = 0
    /// Nor before these nodes of the factor graph are warm.
    public var nodes: [FactorHandle] = []

    public init() {}
}

extension StrategyRun {
    /// The stretch in which the strategy was not called yet: from the first step that it would have had
    /// to the first that it had; `untilNs` nil while it still waits. nil when it never waited.
    public var warmUp: (fromNs: Int64, untilNs: Int64?)? {
        guard let firstClosedNs else { return nil }
        return (firstClosedNs, openedNs)
    }

    /// Whether the strategy may be called now.
    func isOpen() -> Bool {
        if openedNs != nil { return true }
        guard let gate else { return true }
        let nowNs = backtest.nowNs
        let isWarm = nowNs >= gate.notBeforeNs && nowNs >= later(beginNs, by: gate.durationNs)
            && gate.nodes.allSatisfy { backtest.isWarm($0) }
        if isWarm {
            openedNs = nowNs
        } else if firstClosedNs == nil {
            firstClosedNs = nowNs
        }
        return isWarm
    }
}
