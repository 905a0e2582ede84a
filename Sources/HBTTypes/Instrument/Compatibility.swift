/// Which rules the simulation follows where HftBacktest is known to be wrong.
public enum Compatibility: String, Equatable, Sendable, CaseIterable {
    /// Right where upstream is wrong; every difference is listed in `docs/differences.md`.
    case none = "none"
    /// HftBacktest 2.4.4 to the bit, its defects included.
    case hftbacktest24 = "hftbacktest-2.4"
}
