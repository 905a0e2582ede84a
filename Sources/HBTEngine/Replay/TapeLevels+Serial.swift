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
}
