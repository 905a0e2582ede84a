/// How market rows reach the simulated venue; the answers are the same.
public enum ReplayMode: String, Equatable, Sendable, CaseIterable {
    /// Every row is applied to both books, one after the other.
    case full
    /// From a tape: the venue looks only at rows that can move an order of ours.
    case scan
}
