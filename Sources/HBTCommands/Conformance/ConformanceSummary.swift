/// The closing line of a conformance run and its exit code.
public struct ConformanceSummary: Equatable, Sendable {
    public internal(set) var passed = 0
    public internal(set) var failed = 0
    public internal(set) var skipped = 0
    /// Files that are no vectors; they count as failed, too.
    public internal(set) var malformed = 0

    /// `"N passed, M failed"`, with the skipped when there are any.
    public var line: String { "\(passed) passed, \(failed) failed" + (skipped > 0 ? ", \(skipped) skipped" : "") }

    /// 0 when nothing failed, 1 when a vector differed, 2 when only bad files stood in the way.
    public var exitCode: Int32 {
        if failed == 0 { return 0 }
        return failed > malformed ? 1 : 2
    }
}
