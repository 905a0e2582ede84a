/// The filled cells of a range, one after the other.
private struct CellWalk {
    private let levels: TapeLevels
    private let isDescending: Bool
    private var word: Int
    /// Words left after `word`.
    private var wordsLeft: Int
    private var value: UInt64
    private let lowest: Int
    private let lowMask: UInt64
    private let highest: Int
    private let highMask: UInt64

    init(_ levels: TapeLevels, _ range: Range<Int>, isDescending: Bool) {
        self.levels = levels
        self.isDescending = isDescending
        lowest = range.lowerBound >> 6
        lowMask = ~0 << UInt64(range.lowerBound & 63)
        highest = (range.upperBound - 1) >> 6
        highMask = ~0 >> UInt64(63 - ((range.upperBound - 1) & 63))
        word = isDescending ? highest : lowest
        wordsLeft = highest - lowest
        value = 0
        value = masked(word)
    }

    @inline(__always) private func masked(_ word: Int) -> UInt64 {
        var value = levels.marks(word)
        if word == lowest { value &= lowMask }
        if word == highest { value &= highMask }
        return value
    }

    /// Quantity of the next filled cell; nil at the end.
    @inline(__always) mutating func next() -> Double? {
        while value == 0 {
            if wordsLeft == 0 { return nil }
            wordsLeft -= 1
            word += isDescending ? -1 : 1
            value = masked(word)
        }
        let bit: Int
        if isDescending {
            bit = 63 - value.leadingZeroBitCount
            value &= ~(1 &<< UInt64(truncatingIfNeeded: bit))
        } else {
            bit = value.trailingZeroBitCount
            value &= value &- 1
        }
        return levels.value(word << 6 + bit)
    }
}

extension TapeLevels {
    /// Empty ticks add nothing: walking the bits gives every bit of the plain loop's sum.
    func serialSum(from lower: Int64, upTo upper: Int64, isDescending: Bool) -> Double {
        guard upper != .min, let range = window(lower, upper - 1) else { return 0 }
        var walk = CellWalk(self, range, isDescending: isDescending)
        var total = 0.0
        while let quantity = walk.next() { total += quantity }
        return total
    }
}

extension DepthBook where Levels == TapeLevels {
    /// Both sums of `serialImbalance` at once: each is a chain of additions that wait for one another,
    /// and two chains take the time of one.
    func serialSums(bids bidRange: Range<Int>, asks askRange: Range<Int>) -> (bids: Double, asks: Double) {
        var bidWalk = CellWalk(bids, bidRange, isDescending: true), askWalk = CellWalk(asks, askRange, isDescending: false)
        var bidTotal = 0.0, askTotal = 0.0
        while let bid = bidWalk.next() {
            bidTotal += bid
            guard let ask = askWalk.next() else {
                while let bid = bidWalk.next() { bidTotal += bid }
                return (bidTotal, askTotal)
            }
            askTotal += ask
        }
        while let ask = askWalk.next() { askTotal += ask }
        return (bidTotal, askTotal)
    }

    func serialImbalance(_ lookingDepth: Double) -> Double {
        let ranges = serialRanges(lookingDepth)
        guard let bidTicks = ranges.bids, bidTicks.upper != .min, ranges.asks.upper != .min,
            let bidRange = bids.window(bidTicks.lower, bidTicks.upper - 1), let askRange = asks.window(ranges.asks.lower, ranges.asks.upper - 1)
        else { return serialDifference(ranges) }
        let sums = serialSums(bids: bidRange, asks: askRange)
        return sums.bids - sums.asks
    }
}
