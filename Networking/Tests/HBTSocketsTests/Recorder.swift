import HBTSockets
import Synchronization

/// What one WebSocket has said.
final class Recorder: Sendable {
    private struct State {
        var texts: [String] = []
        var stamps: [Int64] = []
        var isOpened = false
        var closes: [(code: Int, fault: SocketFault?)] = []
    }
    private let state = Mutex(State())

    @Sendable func take(_ id: Int, _ event: SocketEvent) {
        state.withLock { state in
            switch event {
            case .opened: state.isOpened = true
            case .message(let bytes, _, let ns):
                state.texts.append(String(buffer: bytes))
                state.stamps.append(ns)
            case .alive: break
            case .closed(let code, let fault, _): state.closes.append((code, fault))
            }
        }
    }

    var texts: [String] { state.withLock { $0.texts } }
    var stamps: [Int64] { state.withLock { $0.stamps } }
    var isOpened: Bool { state.withLock { $0.isOpened } }
    var closes: [(code: Int, fault: SocketFault?)] { state.withLock { $0.closes } }

    /// Waits, five seconds at most, until something is so.
    func wait(until isSo: (Recorder) -> Bool) async throws -> Bool {
        for _ in 0..<500 {
            if isSo(self) { return true }
            try await Task.sleep(for: .milliseconds(10))
        }
        return isSo(self)
    }
}
