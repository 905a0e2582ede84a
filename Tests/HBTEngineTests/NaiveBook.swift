import HBTTypes

@testable import HBTEngine

/// The book as the semantics describe it, with dictionaries and loops over every tick: slow and
/// obvious, the twin of `DepthBook`.
struct NaiveBook {
    var bids: [Int64: Double] = [:]
    var asks: [Int64: Double] = [:]
    var bestBid = Int64.min
    var bestAsk = Int64.max
    var low = Int64.max
    var high = Int64.min
    /// Range of interest; nil keeps every tick.
    let range: ClosedRange<Int64>?
    let isReference: Bool

    private func firstBid(_ from: Int64, _ downTo: Int64) -> Int64? {
        bids.filter { $0.value > 0 && $0.key <= from && $0.key >= downTo }.keys.max()
    }
    private func firstAsk(_ from: Int64, _ upTo: Int64) -> Int64? {
        asks.filter { $0.value > 0 && $0.key >= from && $0.key <= upTo }.keys.min()
    }
    private func isIn(_ tick: Int64) -> Bool { range.map { $0.contains(tick) } ?? true }

    mutating func setBid(_ tick: Int64, _ quantity: Double, lots: Int64) -> Double {
        guard isIn(tick) else { return 0 }
        let previous = bids[tick] ?? 0
        if lots > 0 || (isReference && range != nil) { bids[tick] = quantity } else { bids[tick] = nil }
        if !isReference {
            settleCrossing(newestIsBid: true)
            return previous
        }
        if lots == 0 {
            if tick == bestBid {
                bestBid = firstBid(tick - 1, low) ?? .min
                if bestBid == .min { low = .max }
            }
        } else {
            if tick > bestBid {
                bestBid = tick
                if bestBid >= bestAsk { bestAsk = firstAsk(bestBid + 1, high) ?? .max }
            }
            low = min(low, tick)
        }
        return previous
    }

    mutating func setAsk(_ tick: Int64, _ quantity: Double, lots: Int64) -> Double {
        guard isIn(tick) else { return 0 }
        let previous = asks[tick] ?? 0
        if lots > 0 || (isReference && range != nil) { asks[tick] = quantity } else { asks[tick] = nil }
        if !isReference {
            settleCrossing(newestIsBid: false)
            return previous
        }
        if lots == 0 {
            if tick == bestAsk {
                bestAsk = firstAsk(tick + 1, high) ?? .max
                if bestAsk == .max { high = .min }
            }
        } else {
            if tick < bestAsk {
                bestAsk = tick
                if bestAsk <= bestBid { bestBid = firstBid(bestAsk - 1, low) ?? .min }
            }
            high = max(high, tick)
        }
        return previous
    }

    /// Outside compatibility: the best is the best stored level, and the newest side deletes what it
    /// crosses.
    private mutating func settleCrossing(newestIsBid: Bool) {
        let bid = bids.keys.max() ?? .min, ask = asks.keys.min() ?? .max
        if bid >= ask {
            if newestIsBid { asks = asks.filter { $0.key > bid } } else { bids = bids.filter { $0.key < ask } }
        }
        bestBid = bids.keys.max() ?? .min
        bestAsk = asks.keys.min() ?? .max
    }

    mutating func clearBids(_ tick: Int64?) {
        guard let tick else {
            bids = [:]
            bestBid = .min
            low = .max
            return
        }
        if !isReference {
            bids = bids.filter { $0.key < tick }
            settleCrossing(newestIsBid: true)
            return
        }
        let edge = range.map { min(max(tick, $0.lowerBound), $0.upperBound + 1) } ?? tick
        if bestBid != .min { bids = bids.filter { $0.key < edge || $0.key > bestBid } }
        let stop = low == .max && range != nil ? range!.lowerBound : low
        bestBid = firstBid(edge - 2, stop) ?? .min
        if bestBid == .min { low = .max }
    }

    mutating func clearAsks(_ tick: Int64?) {
        guard let tick else {
            asks = [:]
            bestAsk = .max
            high = .min
            return
        }
        if !isReference {
            asks = asks.filter { $0.key > tick }
            settleCrossing(newestIsBid: false)
            return
        }
        let edge = range.map { min(max(tick, $0.lowerBound - 1), $0.upperBound) } ?? tick
        let end = range.map { $0.lowerBound + tick - $0.upperBound } ?? edge
        if bestAsk != .max { asks = asks.filter { $0.key > end || $0.key < bestAsk } }
        let stop = high == .min && range != nil ? range!.upperBound : high
        bestAsk = firstAsk(edge + 2, stop) ?? .max
        if bestAsk == .max { high = .min }
    }
}
