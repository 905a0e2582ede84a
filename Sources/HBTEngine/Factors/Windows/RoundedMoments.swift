/// Σx and Σx² of a window, of its values rounded to multiples of a power of two: whole numbers, so they
/// are exact however long values come and go.
///
/// With h half that power of two, the mean of the values themselves differs by at most h from that of
/// the rounded ones, and the deviation, which is a norm of the values less their mean, by at most h.
struct RoundedMoments: BitwiseCopyable {
    /// Multiples a unit; 0 while values have not been, or cannot be, rounded.
    private var scale = 0.0
    private var sum: Int64 = 0
    private var squares = WideSum()
    private var sinceRebuild = 0
    /// |rounded value| stays below it: then n·Σx² and (Σx)² of n values stay below 2¹²².
    private let limit: Double

    /// - Parameter window: most values there will be.
    init(window: Int) { limit = min(0x1p61 / Double(window), 0x1p52) }

    /// What a sum has of the window's values that are finite and near each other.
    struct Summary {
        let mean: Double
        let deviation: Double
        /// √(Σx²/n).
        let rootMeanSquare: Double
        /// h.
        let coarseness: Double
    }

    /// `ring` holds `x` already, and `old` no more.
    @inline(__always)
    mutating func replace(_ old: Double?, by x: Double, in ring: WindowRing<Double>) {
        sinceRebuild &+= 1
        let scaled = x * scale
        guard scale != 0, scaled.magnitude < limit, sinceRebuild < max(ring.limit, 64) else { return rebuild(ring) }
        if let old {
            let rounded = whole(old * scale)
            sum &-= rounded
            squares.subtract(rounded, times: rounded)
        }
        let rounded = whole(scaled)
        sum &+= rounded
        squares.add(rounded, times: rounded)
    }

    @inline(__always) private func whole(_ scaled: Double) -> Int64 { Int64(scaled.rounded(.toNearestOrEven)) }

    /// Chooses the finest multiples that leave room for values four times as large, and sums afresh.
    @inline(never) mutating func rebuild(_ ring: WindowRing<Double>) {
        sinceRebuild = 0
        scale = 0
        sum = 0
        squares = WideSum()
        var largest = 0.0
        for i in 0..<ring.count {
            guard ring[i].isFinite else { return }
            largest = max(largest, ring[i].magnitude)
        }
        // Far from where products of doubles under- or overflow.
        guard largest > 0x1p-200, largest < 0x1p200 else { return }
        let scale = Double(sign: .plus, exponent: limit.exponent - largest.exponent - 3, significand: 1)
        for i in 0..<ring.count {
            let rounded = whole(ring[i] * scale)
            sum &+= rounded
            squares.add(rounded, times: rounded)
        }
        self.scale = scale
    }

    /// Each number within 8 units in the last place of its value for the rounded window; nil without one.
    func summary(count: Int) -> Summary? {
        guard scale != 0, count > 0 else { return nil }
        let n = Double(count)
        return Summary(
            mean: Double(sum) / n / scale, deviation: squares.spread(sum, count: Int64(count)).squareRoot() / n / scale,
            rootMeanSquare: (squares.value / n).squareRoot() / scale, coarseness: 0.5 / scale)
    }
}

extension WideSum {
    /// n·self − sum², which must lie between 0 and 2¹²⁷; rounded twice at most.
    func spread(_ sum: Int64, count: Int64) -> Double {
        let wide = UInt64(bitPattern: count).multipliedFullWidth(by: low)
        var total = WideSum(high: high &* count &+ Int64(bitPattern: wide.high), low: wide.low)
        total.subtract(sum, times: sum)
        return total.value
    }
}
