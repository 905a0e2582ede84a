import Dispatch
import HBTSockets
import NIOConcurrencyHelpers
import NIOCore

/// Takes what the sockets' thread hands over to the thread that writes: compressing must not delay the moment at
/// which the next message is read and stamped.
final class MessageInbox: Sendable {
    struct Item: Sendable {
        var line: Int
        var event: SocketEvent
    }
    private struct State {
        var items: [Item] = []
        var bytes = 0
    }
    /// More than this waiting: the sockets are to wait.
    private static let mostBytes = 256 << 20
    private let state = NIOLockedValueBox(State())
    private let queue: DispatchQueue
    private let drain: @Sendable ([Item]) -> Void

    init(queue: DispatchQueue, drain: @escaping @Sendable ([Item]) -> Void) {
        self.queue = queue
        self.drain = drain
    }

    /// False when the sockets should stop reading until `bytes` have gone.
    func add(_ item: Item) -> Bool {
        let (isFirst, bytes) = state.withLockedValue { state in
            state.items.append(item)
            if case .message(let buffer, _, _) = item.event { state.bytes += buffer.readableBytes }
            return (state.items.count == 1, state.bytes)
        }
        if isFirst { queue.async { self.drain(self.take()) } }
        return bytes < Self.mostBytes
    }

    private func take() -> [Item] {
        state.withLockedValue { state in
            defer { state = State() }
            return state.items
        }
    }
}
