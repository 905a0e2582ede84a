import HBTLive
import NIOConcurrencyHelpers

/// The newest status of a run, from the thread that has it to the threads that show it.
public final class StatusBox: Sendable {
    private let value = NIOLockedValueBox<RunStatus?>(nil)

    public init() {}

    public func publish(_ status: RunStatus) { value.withLockedValue { $0 = status } }
    public var newest: RunStatus? { value.withLockedValue { $0 } }
}
