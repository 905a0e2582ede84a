import HBTLive
import HBTSockets

/// The connections of one stream: dials, and tells the plan what happens. Confined to the client's loop.
final class Lines {
    private var plan: ConnectionPlan
    private let client: SocketClient
    private var open: [Int: WebSocketLine] = [:]
    /// Numbers over all streams of a run: this plan's number in the upper digits.
    private let base: Int
    private let onEvent: @Sendable (_ id: Int, _ event: SocketEvent) -> Void

    init(
        number: Int, client: SocketClient, limits: ConnectionPlan.Limits, seed: UInt64, onEvent: @escaping @Sendable (_ id: Int, _ event: SocketEvent) -> Void
    ) {
        base = number * 1_000_000_000
        self.client = client
        self.onEvent = onEvent
        plan = ConnectionPlan(limits: limits, backoff: Backoff(seed: seed))
    }

    func owns(_ id: Int) -> Bool { id / 1_000_000_000 == base / 1_000_000_000 }
    var isOpen: Bool { plan.isOpen }
    var failures: Int64 { plan.failures }
    /// Open connections, oldest first.
    var all: [WebSocketLine] { open.keys.sorted().compactMap { open[$0] } }

    /// - Parameter url: nil when there is none yet (a listen key is on its way): dialling then fails at once.
    func tick(_ ns: Int64, url: () -> ServerURL?) {
        for action in plan.tick(ns) {
            switch action {
            case .connect(let id):
                guard let url = url() else {
                    plan.closed(id, at: ns)
                    continue
                }
                open[base + id] = client.open(id: base + id, url: url, onEvent: onEvent)
            case .close(let id): open.removeValue(forKey: base + id)?.close()
            }
        }
    }

    /// False for a connection that was given up.
    func note(_ id: Int, _ event: SocketEvent, at ns: Int64) -> Bool {
        guard open[id] != nil else { return false }
        switch event {
        case .opened: plan.opened(id - base, at: ns)
        case .message, .alive: plan.message(on: id - base, at: ns)
        case .closed:
            open[id] = nil
            plan.closed(id - base, at: ns)
        }
        return true
    }

    /// Gives up what is open: a new connection is dialled as after a failure.
    func drop(at ns: Int64) {
        for id in open.keys.sorted() {
            open.removeValue(forKey: id)?.close()
            plan.closed(id - base, at: ns)
        }
    }
}
