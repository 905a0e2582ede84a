import HBTBinance

/// One symbol of a recording: what has come before, and whether its depth needs a snapshot.
struct SymbolFeed {
    struct Counts: Equatable, Sendable {
        var messages: Int64 = 0
        var duplicates: Int64 = 0
        var gaps: Int64 = 0
        var snapshots: Int64 = 0
        var uselessSnapshots: Int64 = 0
    }

    let rule: DepthRule
    private(set) var counts = Counts()
    private var depthIds = RecentIds(), tradeIds = RecentIds(), aggregateIds = RecentIds(), tickerIds = RecentIds(), otherKeys = RecentIds()
    /// `u` of the newest depth message.
    private var lastId: Int64?
    /// `U` of the first diff that no snapshot covers yet.
    private var uncoveredId: Int64?
    private(set) var wantsSnapshot = false
    private var isAsked = false
    private var notBeforeNs = Int64.min
    private var backoff: Backoff

    init(rule: DepthRule, seed: UInt64) {
        self.rule = rule
        backoff = Backoff(firstNs: 1_000_000_000, mostNs: 60_000_000_000, seed: seed)
    }

    /// Whether the message is to be written: false for one that came before.
    mutating func accepts(_ message: StreamMessage) -> Bool {
        let isNew = isNew(message)
        if isNew { counts.messages += 1 } else { counts.duplicates += 1 }
        return isNew
    }

    private mutating func isNew(_ message: StreamMessage) -> Bool {
        switch message {
        case .depth(let depth):
            guard depthIds.insert(depth.finalUpdateId) else { return false }
            follow(depth)
            return true
        case .trade(let trade): return tradeIds.insert(trade.tradeId)
        case .aggTrade(let trade): return aggregateIds.insert(trade.aggTradeId)
        case .bookTicker(let ticker): return tickerIds.insert(ticker.updateId)
        case .markPrice(let mark): return otherKeys.insert(mark.eventMs)
        // Without an id: the same order at the same millisecond, filled as far, is the same message.
        case .forceOrder(let order):
            return otherKeys.insert(order.eventMs &* 1_000_003 &+ order.quantity.mantissa &* 31 &+ order.filledQuantity.mantissa)
        case .kline, .snapshot, .other: return true
        }
    }

    private mutating func follow(_ depth: DepthMessage) {
        let diff = DepthDiff(
            firstId: depth.firstUpdateId, lastId: depth.finalUpdateId, previousId: depth.previousFinalUpdateId, exchangeNs: 0, localNs: 0)
        let follows = lastId.map { rule.follows(diff, $0) } ?? false
        if !follows {
            if lastId != nil { counts.gaps += 1 }
            uncoveredId = depth.firstUpdateId
            want()
        }
        lastId = depth.finalUpdateId
    }

    /// A snapshot is wanted, whatever the ids say: a new file begins, or lines were lost.
    mutating func want() { wantsSnapshot = true }

    /// True once for each wish; `snapshot` or `snapshotFailed` must follow.
    mutating func takeWish(at ns: Int64) -> Bool {
        guard wantsSnapshot, !isAsked, ns >= notBeforeNs else { return false }
        wantsSnapshot = false
        isAsked = true
        return true
    }

    mutating func snapshot(lastId: Int64, at ns: Int64) {
        isAsked = false
        counts.snapshots += 1
        guard let uncovered = uncoveredId, lastId < (rule == .spot ? uncovered - 1 : uncovered) else {
            uncoveredId = nil
            backoff.reset()
            return
        }
        // The stream began after it: a newer one is needed.
        counts.uselessSnapshots += 1
        want()
        notBeforeNs = ns &+ backoff.next()
    }

    mutating func snapshotFailed(at ns: Int64) {
        isAsked = false
        want()
        notBeforeNs = ns &+ backoff.next()
    }
}
