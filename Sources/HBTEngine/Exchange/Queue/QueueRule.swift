import HBTTypes

/// How far back in the queue a resting order is estimated to stand.
///
/// A price-aggregated feed says how much left a level, never from where, so the split of a decrease
/// between ahead and behind is a model. Evaluated in the written order: the last bit decides fills.
/// Source of the probability models: E. Rigtorp, "Estimating order queue position", 2013, and
/// HftBacktest's documentation of its queue models.
struct QueueRule {
    let model: QueueModel
    let lotSize: Double
    /// True: NaN and negative positions run through the formulas unguarded, as in the reference.
    let isReference: Bool

    /// `size` traded at the order's price.
    @inline(__always)
    func trade(_ order: inout Order, size: Double) {
        order.queueAhead -= size
        if case .riskAverse = model { return }
        order.queueTraded += size
    }

    /// The level changed from `previous` to `now`.
    func depth(_ order: inout Order, previous: Double, now: Double) {
        if case .riskAverse = model {
            order.queueAhead = minimumNumber(order.queueAhead, now)
            return
        }
        let decrease = (previous - now) - order.queueTraded
        order.queueTraded = 0
        if decrease < 0 {
            order.queueAhead = minimumNumber(order.queueAhead, now)
            return
        }
        let ahead = order.queueAhead
        if !isReference && !(ahead > 0) { return }
        let behind = previous - ahead
        var share = shareBehind(ahead: ahead, behind: isReference ? behind : max(behind, 0))
        if share.isInfinite { share = 1 }
        let moved = ahead - (1 - share) * decrease + minimumNumber(behind - share * decrease, 0)
        order.queueAhead = minimumNumber(moved, now)
        if !isReference && order.queueAhead < 0 { order.queueAhead = 0 }
    }

    /// Quantity that trades have carried past the order: 0 until the trades at its price exceed the
    /// quantity ahead by at least half a lot.
    @inline(__always)
    func executable(_ order: inout Order) -> Double {
        let lots = roundedInt(-order.queueAhead / lotSize)
        guard lots > 0 else { return 0 }
        order.queueAhead = 0
        return Double(lots) * lotSize
    }

    /// Probability that a decrease happened behind the order.
    private func shareBehind(ahead: Double, behind: Double) -> Double {
        switch model {
        case .riskAverse:
            return 1
        case .logProb:
            let b = naturalLog(1 + behind)
            return b / (b + naturalLog(1 + ahead))
        case .logProb2:
            return naturalLog(1 + behind) / naturalLog(1 + (behind + ahead))
        case .powerProb(let n):
            let b = power(behind, n)
            return b / (b + power(ahead, n))
        case .powerProb2(let n):
            return power(behind, n) / power(behind + ahead, n)
        case .powerProb3(let n):
            return 1 - power(ahead / (ahead + behind), n)
        }
    }
}
