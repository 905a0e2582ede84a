/// Quantiles of signed nanoseconds in fixed memory.
///
/// Buckets are exact below 256 ns and then 128 to each power of two, so that a quantile is known to
/// within 1/128 of its value (after the layout of HdrHistogram, G. Tene). A quantile is reported as
/// its bucket's lower end (toward zero); minimum and maximum are exact.
struct LatencyHistogram {
    private var positive = [UInt64](repeating: 0, count: bucketCount)
    private var negative = [UInt64](repeating: 0, count: bucketCount)
    private(set) var count: UInt64 = 0
    private(set) var minimum = Int64.max
    private(set) var maximum = Int64.min

    /// Relative error of a quantile.
    static let relativeError = 1.0 / 128
    private static let bucketCount = 256 + 55 * 128

    mutating func add(_ value: Int64) {
        count += 1
        minimum = min(minimum, value)
        maximum = max(maximum, value)
        let magnitude = value.magnitude
        if value < 0 { negative[Self.bucket(min(magnitude, 1 << 62))] += 1 } else { positive[Self.bucket(min(magnitude, 1 << 62))] += 1 }
    }

    /// The smallest recorded value that at least the share `q` of all values does not exceed; nil when empty.
    func quantile(_ q: Double) -> Int64? {
        guard count > 0 else { return nil }
        let rank = max(1, UInt64((q * Double(count)).rounded(.up)))
        var seen: UInt64 = 0
        for i in stride(from: Self.bucketCount - 1, through: 0, by: -1) where negative[i] > 0 {
            seen += negative[i]
            if seen >= rank { return clamp(-Self.lowerEnd(i)) }
        }
        for i in 0..<Self.bucketCount where positive[i] > 0 {
            seen += positive[i]
            if seen >= rank { return clamp(Self.lowerEnd(i)) }
        }
        return maximum
    }

    private func clamp(_ value: Int64) -> Int64 { Swift.min(Swift.max(value, minimum), maximum) }

    private static func bucket(_ v: UInt64) -> Int {
        if v < 256 { return Int(v) }
        let exponent = 63 - v.leadingZeroBitCount
        return 256 + (exponent - 8) * 128 + Int((v >> UInt64(exponent - 7)) & 127)
    }

    private static func lowerEnd(_ bucket: Int) -> Int64 {
        if bucket < 256 { return Int64(bucket) }
        let exponent = (bucket - 256) / 128 + 8, step = (bucket - 256) % 128
        return Int64(128 + step) << Int64(exponent - 7)
    }
}
