import HBTLive

/// When one symbol's depth snapshot may be asked for: not in a storm, and less and less often while it does not help.
struct SnapshotPace {
    private var backoff: Backoff
    private var newestNs: Int64?
    private var failureNs: Int64?

    init(seed: UInt64) { backoff = Backoff(firstNs: 250_000_000, mostNs: 30_000_000_000, seed: seed) }

    /// How long to wait before asking, nanoseconds.
    mutating func wait(at ns: Int64) -> Int64 {
        defer { newestNs = ns }
        // A book that has stood for half a minute has not failed.
        guard let newestNs, ns &- newestNs < 30_000_000_000 else {
            backoff.reset()
            return 0
        }
        return backoff.next()
    }

    /// The answer did not come: the wish is to stand again after a while.
    mutating func failed(at ns: Int64) { failureNs = ns &+ 200_000_000 }

    mutating func isFailureDue(_ ns: Int64) -> Bool {
        guard let due = failureNs, due <= ns else { return false }
        failureNs = nil
        return true
    }
}

/// The venue's numbers of the newest orders, by client id; the oldest are forgotten.
struct OrderNumbers {
    private var numbers: [String: Int64] = [:]
    private var order: [String] = []
    private static let most = 4_096

    subscript(clientId: String) -> Int64? { numbers[clientId] }

    mutating func note(_ clientId: String, _ number: Int64) {
        guard numbers.updateValue(number, forKey: clientId) == nil else { return }
        order.append(clientId)
        guard order.count > 2 * Self.most else { return }
        for old in order.prefix(Self.most) { numbers[old] = nil }
        order.removeFirst(Self.most)
    }
}
