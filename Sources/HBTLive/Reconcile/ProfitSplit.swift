/// Why a live run and its backtest do not end with the same profit.
///
/// A chain of runs leads from the backtest to the live run, one cause swapped at a time; a cause's share is the
/// difference of two neighbours. The shares add up to the whole difference because each run but the ends is counted
/// once with each sign.
public struct ProfitSplit: Equatable, Sendable {
    public enum Cause: String, CaseIterable, Sendable {
        /// The strategy saw other market data than the files have.
        case feed
        /// Requests and answers travelled longer or shorter than modelled.
        case latency
        /// Requests that the live run did not let out, or the venue refused.
        case decision
        /// Orders were filled otherwise than the queue and exchange models say.
        case queue
        /// The venue charged otherwise than the settings say.
        case fee
        case funding
        /// Corrections of position and balance, and whatever no other cause accounts for.
        case unexplained
    }
    public struct Part: Equatable, Sendable {
        public var cause: Cause
        public var amount: ExactMoney
        /// The orders that changed most, largest first.
        public var events: [Event]
    }
    public struct Event: Equatable, Sendable {
        public var key: OrderKey
        public var orderNs: Int64
        /// What the order brought in the run with the cause less what it brought without.
        public var change: Double
        public var executedBefore: Double
        public var executedAfter: Double
    }

    public let backtest: ExactMoney
    public let live: ExactMoney
    public let parts: [Part]

    public var difference: ExactMoney { live - backtest }

    /// - Parameters:
    ///   - chain: the backtest, then the run after each cause up to funding, in the order of `Cause`.
    ///   - live: what the live run's own account says.
    public init(chain: [RunValue], live: ExactMoney, mostEvents: Int = 20) {
        precondition(chain.count == Cause.allCases.count, "one run before the first cause and one after each but the last")
        backtest = chain[0].total
        self.live = live
        var parts: [Part] = []
        for (i, cause) in Cause.allCases.dropLast().enumerated() {
            parts.append(Part(
                cause: cause, amount: chain[i + 1].total - chain[i].total, events: Self.events(chain[i], chain[i + 1], mostEvents)))
        }
        parts.append(Part(cause: .unexplained, amount: live - chain[chain.count - 1].total, events: []))
        self.parts = parts
    }

    private static func events(_ before: RunValue, _ after: RunValue, _ most: Int) -> [Event] {
        let keys = Set(before.orders.keys).union(after.orders.keys).sorted()
        let events = keys.compactMap { key -> Event? in
            let a = before.orders[key] ?? RunValue.OrderPart(), b = after.orders[key] ?? RunValue.OrderPart()
            // The last bits of a sum depend on its order.
            guard abs(b.value - a.value) >= ExactMoney.unit || a.executed != b.executed else { return nil }
            return Event(key: key, orderNs: max(a.orderNs, b.orderNs), change: b.value - a.value, executedBefore: a.executed, executedAfter: b.executed)
        }
        return Array(events.sorted { (abs($1.change), $0.key) < (abs($0.change), $1.key) }.prefix(most))
    }
}
