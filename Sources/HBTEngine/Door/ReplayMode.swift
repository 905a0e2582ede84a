/// How market rows are replayed. The answers are the same in every mode, to the last bit.
public enum ReplayMode: String, CaseIterable, Sendable {
    /// The fastest that the data and the run allow.
    case auto
    /// Row by row from the source: the plain, slow way that fits everything.
    case rows
    /// From a tape, the venue's book kept with every event.
    case full
    /// From a tape, the venue's rows looked at only where an order of ours may be touched.
    case scan
    /// From a tape, jumping from one row that may touch an order of ours to the next.
    case index

    /// Replays from a tape.
    public var usesTape: Bool { self != .auto && self != .rows }

    /// What a run in this mode does, `auto` decided.
    func resolved(hasTapes: Bool) -> ReplayMode {
        guard hasTapes && self != .rows else { return .rows }
        return self == .auto ? .index : self
    }
}
