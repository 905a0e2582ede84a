/// Whether one symbol's book may be quoted on.
public struct FeedHealth: Sendable {
    public enum Fault: Equatable, Sendable, CustomStringConvertible {
        case notSynchronised
        case stale(ageNs: Int64)
        case late(latencyNs: Int64)

        public var description: String {
            switch self {
            case .notSynchronised: "the book is not synchronised"
            case .stale(let ns): "the newest depth message is \(ns / 1_000_000) ms old"
            case .late(let ns): "the feed is \(ns / 1_000_000) ms behind the venue"
            }
        }
    }

    public var isSynchronised = false
    private var newestLocalNs: Int64?
    private var newestLatencyNs: Int64 = 0
    private let staleNs: Int64
    private let latencyLimitNs: Int64

    public init(staleNs: Int64, latencyLimitNs: Int64) {
        self.staleNs = staleNs
        self.latencyLimitNs = latencyLimitNs
    }

    public mutating func depth(exchangeNs: Int64, localNs: Int64) {
        newestLocalNs = max(newestLocalNs ?? localNs, localNs)
        newestLatencyNs = localNs &- exchangeNs
    }

    /// Why the book must not be quoted on; nil when it may.
    public func fault(at nowNs: Int64) -> Fault? {
        guard isSynchronised, let newestLocalNs else { return .notSynchronised }
        let age = nowNs &- newestLocalNs
        if age > staleNs { return .stale(ageNs: age) }
        return newestLatencyNs > latencyLimitNs ? .late(latencyNs: newestLatencyNs) : nil
    }
}

/// Passes each trade once, over any number of connections.
public struct TradeFilter: Sendable {
    private var newestId: Int64?
    /// Bit n: the trade `newestId − 1 − n` has been seen. What is older counts as seen.
    private var seen = UInt64.max
    public private(set) var duplicates: Int64 = 0

    public init() {}

    /// False when the trade has been seen, or is more than 64 behind the newest.
    public mutating func accepts(_ id: Int64) -> Bool {
        guard let newest = newestId else {
            newestId = id
            return true
        }
        if id > newest {
            let step = id &- newest
            // The former newest becomes a bit; those between were not seen.
            seen = step > 64 || step < 0 ? 0 : (step == 64 ? 0 : seen << UInt64(step)) | 1 << UInt64(step - 1)
            newestId = id
            return true
        }
        let back = newest &- id
        guard back >= 1, back <= 64, seen & (1 << UInt64(back - 1)) == 0 else {
            duplicates += 1
            return false
        }
        seen |= 1 << UInt64(back - 1)
        return true
    }
}
