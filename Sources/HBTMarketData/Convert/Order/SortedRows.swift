import HBTTypes

/// Several sorted runs as one sorted stream; at equal times the earlier run comes first, which
/// keeps the whole sort stable.
final class SortedRows {
    private var runs: [any RowRun]
    private let clock: RowClock
    /// The run that `head` belongs to.
    private var current: (any RowRun)?
    private(set) var head: UnsafePointer<MarketEvent>
    /// Rows that may be taken from `head` before another run must be looked at; 0 at the end.
    private(set) var count = 0

    init(_ runs: [any RowRun], by clock: RowClock, placeholder: UnsafePointer<MarketEvent>) {
        self.runs = runs.filter { $0.count > 0 }
        self.clock = clock
        head = placeholder
        choose()
    }

    @inline(__always)
    func advance(_ n: Int) throws(MarketDataError) {
        head += n
        count -= n
        consumed += n
        if count == 0 { try refill() }
    }

    /// Rows taken from `current` and not yet reported to it.
    private var consumed = 0

    private func refill() throws(MarketDataError) {
        try current?.advance(consumed)
        consumed = 0
        choose()
    }

    private func key(_ row: UnsafePointer<MarketEvent>) -> Int64 {
        clock == .exchange ? row.pointee.exchangeNs : row.pointee.localNs
    }

    /// Picks the run with the smallest key and how far it can be followed before another one's turn.
    private func choose() {
        var best = -1, bestKey = Int64.max
        var limit = Int64.max, limitIsEarlier = false
        for i in runs.indices where runs[i].count > 0 {
            let k = key(runs[i].head)
            if best < 0 || k < bestKey {
                if best >= 0 { (limit, limitIsEarlier) = (bestKey, true) }
                best = i
                bestKey = k
            } else if k < limit {
                limit = k
                limitIsEarlier = false
            }
        }
        guard best >= 0 else {
            current = nil
            count = 0
            return
        }
        let run = runs[best]
        current = run
        head = run.head
        var n = run.count
        if limit != .max {
            // Rows equal to the limit belong to this run only when it is the earlier of the two.
            n = 0
            while n < run.count {
                let k = key(run.head + n)
                if limitIsEarlier ? k >= limit : k > limit { break }
                n += 1
            }
        }
        count = max(n, 1)
    }
}
