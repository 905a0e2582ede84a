extension TapeLevels {
    /// To the last bit what a plain loop over the ticks gives, which adds one level after the other.
    func serialSum(from lower: Int64, upTo upper: Int64, isDescending: Bool) -> Double {
        guard upper != .min, let range = window(lower, upper - 1) else { return 0 }
        var walk = SerialWalk(self, range, isDescending: isDescending)
        walk.finish()
        return walk.total
    }
}

extension DepthBook where Levels == TapeLevels {
    /// Both sums side by side.
    func serialImbalance(_ lookingDepth: Double) -> Double {
        let ranges = serialRanges(lookingDepth)
        guard let bidTicks = ranges.bids, bidTicks.upper != .min, ranges.asks.upper != .min,
            let bidRange = bids.window(bidTicks.lower, bidTicks.upper - 1), let askRange = asks.window(ranges.asks.lower, ranges.asks.upper - 1)
        else { return serialDifference(ranges) }
        var bidWalk = SerialWalk(bids, bidRange, isDescending: true), askWalk = SerialWalk(asks, askRange, isDescending: false)
        while true {
            SerialWalk.addLevels(bids: &bidWalk, asks: &askWalk)
            if !bidWalk.hasLevels && !bidWalk.next() {
                askWalk.finish()
                break
            }
            if !askWalk.hasLevels && !askWalk.next() {
                bidWalk.finish()
                break
            }
        }
        return bidWalk.total - askWalk.total
    }

    /// A number near it, without adding level by level, and how far it may lie from it at most.
    ///
    /// With unit roundoff v = 2⁻⁵³ the quantity of a level is its lots times the lot size, two roundings
    /// on either way to it: within 4·v of the product. Adding n doubles of one sign one after the other
    /// errs by at most (n − 1)·v of their sum and higher powers of v (Higham, "Accuracy and Stability of
    /// Numerical Algorithms", §4.2). Cells without a level add nothing. Twice that also covers the higher
    /// powers, the two roundings of the product here and the difference's on either side.
    func nearlySerialImbalance(_ lookingDepth: Double) -> (value: Double, error: Double) {
        let ranges = serialRanges(lookingDepth)
        func side(_ levels: TapeLevels, _ ticks: (lower: Int64, upper: Int64)?) -> (sum: Double, error: Double) {
            guard let ticks, ticks.upper != .min, let cells = levels.window(ticks.lower, ticks.upper - 1) else { return (0, 0) }
            let lots = levels.lotSum(from: ticks.lower, through: ticks.upper - 1)
            let sum = Double(lots) * levels.lotSize
            // No more levels than cells, nor than lots.
            return (sum, sum * (Double(min(lots, Int64(cells.count))) + 16) * 0x1p-52)
        }
        let bid = side(bids, ranges.bids), ask = side(asks, ranges.asks)
        return (bid.sum - ask.sum, bid.error + ask.error)
    }
}
