import HBTTypes

/// A plain book for checking data: every level is what the feed last said, nothing is hidden or
/// repaired, so a crossed feed shows.
struct InspectedBook {
    enum State: Equatable { case normal, locked, crossed }

    private var bids = PriceLadder(), asks = PriceLadder()
    private let pricesPerKey: Double

    /// Prices are compared on a grid of `tickSize`; without one, of 10⁻⁸.
    init(tickSize: Double?) { pricesPerKey = tickSize ?? 1e-8 }

    var state: State {
        guard let bid = bids.best, let ask = asks.best else { return .normal }
        let bidKey = bid, askKey = -ask
        return bidKey > askKey ? .crossed : bidKey == askKey ? .locked : .normal
    }

    var levelCount: Int { bids.count + asks.count }

    mutating func apply(_ row: MarketEvent) {
        let isBid = row.has(EventFlags.buy), isAsk = row.has(EventFlags.sell)
        switch row.kind {
        case EventKind.depth, EventKind.depthSnapshot:
            guard row.price.isFinite else { return }
            if isBid { bids.set(key(row.price), isPresent: row.quantity > 0) } else if isAsk { asks.set(-key(row.price), isPresent: row.quantity > 0) }
        case EventKind.depthClear:
            if isBid {
                if row.price.isFinite { bids.clear(downTo: key(row.price)) } else { bids.removeAll() }
            } else if isAsk {
                if row.price.isFinite { asks.clear(downTo: -key(row.price)) } else { asks.removeAll() }
            } else {
                bids.removeAll()
                asks.removeAll()
            }
        default: break
        }
    }

    private func key(_ price: Double) -> Int64 {
        // Bounded well inside Int64, so that negating is safe.
        let k = (price / pricesPerKey).rounded()
        return Int64(min(max(k, -0x1p62), 0x1p62))
    }
}
