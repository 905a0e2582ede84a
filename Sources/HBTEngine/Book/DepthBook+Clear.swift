import HBTTypes

extension DepthBook {
    /// Clears bids from the best down to `tick`, or the whole side when `isRanged` is false.
    mutating func clearBids(downTo tick: Int64, isRanged: Bool) {
        guard isRanged else {
            bids.removeAll()
            bestBidTick = Self.noBid
            lowBidTick = .max
            return
        }
        guard isReference else {
            bids.clear(from: tick, upTo: .max)
            searchBest(bidBelow: tick)
            return
        }
        // The reference searches from two ticks below the clear price: the tick in between keeps
        // its quantity and is passed over.
        // In its dense book a price beyond the range counts as the tick next to it.
        let edge = Levels.isRanged ? min(max(tick, bids.lowerTick), bids.upperTick + 1) : tick
        if bestBidTick != Self.noBid { bids.clear(from: edge, upTo: bestBidTick) }
        searchBest(bidBelow: edge &- 1)
    }

    /// Clears asks from the best up to `tick`, or the whole side when `isRanged` is false.
    mutating func clearAsks(upTo tick: Int64, isRanged: Bool) {
        guard isRanged else {
            asks.removeAll()
            bestAskTick = Self.noAsk
            highAskTick = .min
            return
        }
        guard isReference else {
            asks.clear(from: .min, upTo: tick)
            searchBest(askAbove: tick)
            return
        }
        let edge = Levels.isRanged ? min(max(tick, asks.lowerTick - 1), asks.upperTick) : tick
        if bestAskTick != Self.noAsk {
            // The reference's dense book counts the end of its loop from the wrong edge of the range: it
            // removes nothing unless the price lies beyond the range.
            asks.clear(from: bestAskTick, upTo: Levels.isRanged ? asks.lowerTick &+ (tick &- asks.upperTick) : edge)
        }
        searchBest(askAbove: edge &+ 1)
    }

    mutating func clearBoth() {
        clearBids(downTo: 0, isRanged: false)
        clearAsks(upTo: 0, isRanged: false)
    }

    private mutating func searchBest(bidBelow tick: Int64) {
        // Nothing to search by the lowest bid seen: the reference's dense book searches its whole range.
        let last = lowBidTick == .max && Levels.isRanged && isReference ? bids.lowerTick : lowBidTick
        bestBidTick = bids.highest(from: tick == .min ? .min : tick - 1, downTo: last) ?? Self.noBid
        if bestBidTick == Self.noBid { lowBidTick = .max }
    }

    private mutating func searchBest(askAbove tick: Int64) {
        let last = highAskTick == .min && Levels.isRanged && isReference ? asks.upperTick : highAskTick
        bestAskTick = asks.lowest(from: tick == .max ? .max : tick + 1, upTo: last) ?? Self.noAsk
        if bestAskTick == Self.noAsk { highAskTick = .min }
    }
}
