import HBTLive
import NIOConcurrencyHelpers

/// The newest status of a run, from the thread that has it to the threads that show it.
public final class StatusBox: Sendable {
    private let value = NIOLockedValueBox<LiveStatus?>(nil)

    public init() {}

    public func publish(_ status: LiveStatus) { value.withLockedValue { $0 = status } }
    public var newest: LiveStatus? { value.withLockedValue { $0 } }
}
