import HBTTypes

/// What a level update did; the exchange side fills orders by it.
struct LevelChange {
    /// Quantity stored at the level before.
    var previousQuantity: Double
    var previousBestTick: Int64
    var bestTick: Int64
}

extension DepthBook {
    /// Sets a bid level. `sign` is the sign of `quantity` in whole lots; 0 deletes.
    @inline(__always)
    mutating func setBid(_ tick: Int64, _ quantity: Double, sign: Int8) -> LevelChange {
        let best = bestBidTick
        guard isInRange(tick) else { return LevelChange(previousQuantity: 0, previousBestTick: best, bestTick: best) }
        let previous = bids.quantity(tick)
        bids.set(tick, sign > 0 || keepsResidue ? quantity : 0)
        if tick < best {
            lowBidTick = isDelete(sign) ? lowBidTick : min(lowBidTick, tick)
        } else if isDelete(sign) {
            if tick == best { searchBid(below: tick) }
        } else {
            if tick > best {
                bestBidTick = tick
                if tick >= bestAskTick { passAsks(upTo: tick) }
            }
            if tick < lowBidTick { lowBidTick = tick }
        }
        return LevelChange(previousQuantity: previous, previousBestTick: best, bestTick: bestBidTick)
    }

    /// Sets an ask level; mirrors `setBid`.
    @inline(__always)
    mutating func setAsk(_ tick: Int64, _ quantity: Double, sign: Int8) -> LevelChange {
        let best = bestAskTick
        guard isInRange(tick) else { return LevelChange(previousQuantity: 0, previousBestTick: best, bestTick: best) }
        let previous = asks.quantity(tick)
        asks.set(tick, sign > 0 || keepsResidue ? quantity : 0)
        if tick > best {
            highAskTick = isDelete(sign) ? highAskTick : max(highAskTick, tick)
        } else if isDelete(sign) {
            if tick == best { searchAsk(above: tick) }
        } else {
            if tick < best {
                bestAskTick = tick
                if tick <= bestBidTick { passBids(downTo: tick) }
            }
            if tick > highAskTick { highAskTick = tick }
        }
        return LevelChange(previousQuantity: previous, previousBestTick: best, bestTick: bestAskTick)
    }

    /// A negative size deletes, too; the reference takes it for a level.
    @inline(__always) private func isDelete(_ sign: Int8) -> Bool { sign == 0 || (sign < 0 && !isReference) }

    /// The reference's dense book stores what it is given, also less than half a lot.
    @inline(__always) private var keepsResidue: Bool { Levels.isRanged && isReference }

    private mutating func searchBid(below tick: Int64) {
        if let next = bids.highest(from: tick &- 1, downTo: lowBidTick) {
            bestBidTick = next
        } else {
            bestBidTick = Self.noBid
            lowBidTick = .max
        }
    }

    private mutating func searchAsk(above tick: Int64) {
        if let next = asks.lowest(from: tick &+ 1, upTo: highAskTick) {
            bestAskTick = next
        } else {
            bestAskTick = Self.noAsk
            highAskTick = .min
        }
    }

    /// A bid arrived at or above the best ask: the asks up to it are gone (or hidden).
    private mutating func passAsks(upTo tick: Int64) {
        if !isReference { asks.clear(from: bestAskTick, upTo: tick) }
        bestAskTick = asks.lowest(from: tick &+ 1, upTo: highAskTick) ?? Self.noAsk
    }

    private mutating func passBids(downTo tick: Int64) {
        if !isReference { bids.clear(from: tick, upTo: bestBidTick) }
        bestBidTick = bids.highest(from: tick &- 1, downTo: lowBidTick) ?? Self.noBid
    }
}
