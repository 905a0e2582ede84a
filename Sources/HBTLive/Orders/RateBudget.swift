/// How many requests the venue still takes, with room kept for cancels.
///
/// Three limits as Binance has them: request weight a minute, orders in ten seconds, orders a day. The venue's own
/// counts (headers) take over when they are higher than ours.
public struct RateBudget: Sendable {
    public struct Limits: Sendable {
        public var weightPerMinute = 2_400
        public var ordersPer10s = 300
        public var ordersPerDay = 200_000
        /// Of each limit, what only cancels and queries may use.
        public var reserve = 0.2
        public init() {}
    }
    public enum Use: Sendable {
        case order
        /// Cancels and questions: not counted as orders, and may use the reserve.
        case cancel
        /// A kill's requests: may use everything.
        case kill
    }
    private struct Window {
        let spanNs: Int64
        var startNs = Int64.min
        var used = 0

        mutating func roll(_ ns: Int64) {
            // Still in the same window, by subtraction: nine times out of ten.
            if startNs >= 0, ns >= startNs, ns &- startNs < spanNs { return }
            let start = ns - ns % spanNs
            if start > startNs { (startNs, used) = (start, 0) }
        }
    }
    private let limits: Limits
    private var minute = Window(spanNs: 60_000_000_000)
    private var tenSeconds = Window(spanNs: 10_000_000_000)
    private var day = Window(spanNs: 86_400_000_000_000)
    /// After 429 or 418: nothing goes out before.
    private var blockedUntilNs = Int64.min
    public private(set) var refusals: Int64 = 0

    public init(limits: Limits = Limits()) { self.limits = limits }

    /// Takes a request from the budget; false when there is no room for it now.
    public mutating func take(_ use: Use, weight: Int, at ns: Int64) -> Bool {
        minute.roll(ns)
        tenSeconds.roll(ns)
        day.roll(ns)
        let share = use == .order ? 1 - limits.reserve : 1
        let isOrder = use == .order
        let fits = ns >= blockedUntilNs && minute.used + weight <= Int(Double(limits.weightPerMinute) * share)
            && (!isOrder || (tenSeconds.used < Int(Double(limits.ordersPer10s) * share) && day.used < Int(Double(limits.ordersPerDay) * share)))
        guard fits else {
            refusals += 1
            return false
        }
        minute.used += weight
        if isOrder {
            tenSeconds.used += 1
            day.used += 1
        }
        return true
    }

    /// Counts a call that weighs more than its parts.
    public mutating func charge(weight: Int, at ns: Int64) {
        minute.roll(ns)
        minute.used += weight
    }

    /// The venue's counts, from the headers of an answer.
    public mutating func report(weight: Int? = nil, ordersIn10s: Int? = nil, ordersToday: Int? = nil, at ns: Int64) {
        minute.roll(ns)
        tenSeconds.roll(ns)
        day.roll(ns)
        minute.used = max(minute.used, weight ?? 0)
        tenSeconds.used = max(tenSeconds.used, ordersIn10s ?? 0)
        day.used = max(day.used, ordersToday ?? 0)
    }

    public mutating func block(untilNs: Int64) { blockedUntilNs = max(blockedUntilNs, untilNs) }
}
