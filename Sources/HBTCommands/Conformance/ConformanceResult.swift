/// What became of one vector file.
public struct ConformanceResult: Equatable, Sendable {
    public enum Outcome: Equatable, Sendable {
        case passed
        /// The first difference.
        case failed(String)
        /// This version cannot run vectors of the kind; says which.
        case skipped(String)
        /// The file is not a vector; says why, in one line.
        case malformed(String)
    }
    /// The vector's own name, or the file's when it has none.
    public var name: String
    public var file: String
    public var outcome: Outcome

    /// The line `hbt conformance` prints.
    public var line: String {
        switch outcome {
        case .passed: "PASS \(name)"
        case .failed(let difference): "FAIL \(name): \(difference)"
        case .skipped(let reason): "SKIP \(name): \(reason)"
        case .malformed(let reason): "FAIL \(name): \(file): \(reason)"
        }
    }
}
