/// Client order ids: `hbt-RUN-NUMBER`, both in base 36, so that they are unique over restarts and say whose they are.
///
/// At most 32 characters of Binance's `^[\.A-Z\:/a-z0-9_-]{1,36}$`.
public struct OrderIds: Equatable, Sendable {
    public enum Owner: Equatable, Sendable {
        /// Number of the order in this run.
        case thisRun(UInt64)
        case earlierRun
        case foreign
    }
    static let mark = "hbt-"
    public let runId: String
    private let prefix: String

    /// - Parameter startNs: when the run began, nanoseconds since the Unix epoch; two runs of one account must differ.
    public init(startNs: Int64) { self.init(runId: String(UInt64(bitPattern: startNs), radix: 36)) }

    /// - Parameter runId: as in an earlier `OrderIds`; base 36.
    public init(runId: String) {
        precondition(
            !runId.isEmpty && runId.utf8.count <= 13 && runId.utf8.allSatisfy { (48...57).contains($0) || (97...122).contains($0) },
            "a run id is a number in base 36")
        self.runId = runId
        prefix = "\(Self.mark)\(runId)-"
    }

    public func text(_ number: UInt64) -> String { prefix + String(number, radix: 36) }

    public func owner(_ text: String) -> Owner {
        guard text.hasPrefix(Self.mark) else { return .foreign }
        guard text.hasPrefix(prefix), let number = UInt64(text.dropFirst(prefix.count), radix: 36), self.text(number) == text else { return .earlierRun }
        return .thisRun(number)
    }
}
