/// Counts of durations in logarithmic buckets: 32 to an octave, so a quantile is within 3 %.
///
/// Buckets come from the bits of the integer, not from a logarithm, which could differ between
/// platforms in its last bit.
public struct LatencyHistogram: Equatable, Sendable {
    private static let subBits = 5
    private static let subCount = 1 << subBits

    private var buckets = [Int64](repeating: 0, count: 60 * subCount)
    public private(set) var count: Int64 = 0
    /// Durations below zero: not in the buckets and not in the figures.
    public private(set) var negativeCount: Int64 = 0
    public private(set) var minNs: Int64 = .max
    public private(set) var maxNs: Int64 = 0
    private var sum = CompensatedSum()

    public init() {}

    public mutating func add(ns: Int64) {
        guard ns >= 0 else { return negativeCount += 1 }
        buckets[Self.index(ns)] += 1
        count += 1
        minNs = min(minNs, ns)
        maxNs = max(maxNs, ns)
        sum.add(Double(ns))
    }

    public var meanNs: Double { sum.value / Double(count) }

    /// The duration that the share `q` of all stay at or below; NaN when there are none.
    public func quantileNs(_ q: Double) -> Double {
        guard count > 0 else { return .nan }
        let rank = max(1, min(count, Int64((q * Double(count)).rounded(.up))))
        var seen: Int64 = 0
        for (i, bucket) in buckets.enumerated() {
            seen += bucket
            if seen >= rank {
                let middle = (Self.lowerBound(i) + Self.lowerBound(i + 1)) / 2
                return max(Double(minNs), min(Double(maxNs), middle))
            }
        }
        return Double(maxNs)
    }

    /// Non-empty stretches at `perOctave` buckets to an octave (a power of two up to 32).
    func bars(perOctave: Int) -> [(lowerNs: Double, upperNs: Double, count: Int64)] {
        let step = Self.subCount / perOctave
        return stride(from: 0, to: buckets.count, by: step).compactMap { start in
            let total = buckets[start..<min(start + step, buckets.count)].reduce(0, +)
            return total == 0 ? nil : (Self.lowerBound(start), Self.lowerBound(start + step), total)
        }
    }

    static func index(_ ns: Int64) -> Int {
        guard ns >= subCount else { return Int(ns) }
        let shift = (63 - ns.leadingZeroBitCount) - subBits
        return (shift + 1) * subCount + Int(ns >> Int64(shift)) - subCount
    }

    /// Smallest duration in bucket `index`.
    static func lowerBound(_ index: Int) -> Double {
        guard index >= subCount else { return Double(index) }
        let shift = index / subCount - 1
        return Double(subCount + index % subCount) * Double(sign: .plus, exponent: shift, significand: 1)
    }
}
