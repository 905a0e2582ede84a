/// Round numbers along an axis.
enum AxisTicks {
    /// At most about `most` multiples of 1, 2 or 5 × 10ⁿ within the range; empty when it is not one.
    static func linear(from low: Double, to high: Double, most: Int) -> [Double] {
        let range = high - low
        guard range.isFinite, range > 0, most > 0 else { return low.isFinite ? [low] : [] }
        var step = 1.0
        while step > range / Double(most) { step /= 10 }
        while step * 10 <= range / Double(most) { step *= 10 }
        step = ([1, 2, 5, 10] as [Double]).map { $0 * step }.first { range / $0 <= Double(most) } ?? step * 10
        let first = (low / step).rounded(.up), last = (high / step).rounded(.down)
        guard abs(first) < 1e12, last >= first else { return [] }
        return (0...Int(last - first)).map { (first + Double($0)) * step }
    }
}
