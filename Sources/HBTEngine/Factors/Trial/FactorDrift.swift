import HBTTypes

/// How far rolling sums are from two passes over the same window, after very many updates.
///
/// The series does in turn what hurts: values far from 0, outliers of 10⁹ times the rest, magnitudes over
/// sixteen decades, steps, terms that cancel, equal values. Each update is pushed; every so often the sums
/// are compared.
@_spi(Measuring) public struct FactorDrift {
    /// Largest errors seen: of the deviation relative to itself, of the mean relative to deviation and
    /// mean, of the skewness as it is, of the sum of a time window relative to the sum of magnitudes.
    public private(set) var deviation = 0.0
    public private(set) var mean = 0.0
    public private(set) var skewness = 0.0
    public private(set) var sum = 0.0
    public private(set) var comparisons = 0

    private static let kinds = 6
    /// Updates of one kind in a row.
    private static let stretch = 30_000

    /// - Parameter every: updates between two comparisons.
    public init(updates: Int, window: Int, every: Int) {
        var random: UInt64 = 88_172_645_463_325_252
        var squares = RollingSums<SquareLanes>(.count(window)), cubes = RollingSums<CubeLanes>(.count(window))
        var time = SumWindow(.time(ns: Int64(window) - 1))
        defer {
            squares.deallocate()
            cubes.deallocate()
            time.deallocate()
        }
        var last = [Double](repeating: 0, count: window)
        for i in 0..<updates {
            let x = Self.value(i, &random)
            squares.push(x, at: 0)
            cubes.push(x, at: 0)
            time.expire(to: Int64(i))
            time.push(x, at: Int64(i))
            last[i % window] = x
            if i % every == every - 1 && i >= window { compare(last, squares, cubes, time) }
        }
    }

    private static func value(_ i: Int, _ random: inout UInt64) -> Double {
        // Marsaglia's xorshift: fast enough not to be what is waited for.
        random ^= random << 13
        random ^= random >> 7
        random ^= random << 17
        let x = Double(random >> 11) / 9_007_199_254_740_992 - 0.5
        switch i / stretch % kinds {
        case 0: return 60_000 + x
        case 1: return i % 1_009 == 0 ? 1e9 * x : x
        case 2: return x * decade(Int(random & 0xFF) % 5)
        case 3: return Double(i / 700 % 10) * 1e6 + x
        case 4: return (i & 1 == 0 ? 1e7 : -1e7) + x
        default: return i % 50 == 0 ? x : 0.1
        }
    }

    private static func decade(_ i: Int) -> Double { i == 0 ? 1e-8 : i == 1 ? 1e-4 : i == 2 ? 1 : i == 3 ? 1e4 : 1e8 }

    private mutating func compare(
        _ last: [Double], _ squares: RollingSums<SquareLanes>, _ cubes: RollingSums<CubeLanes>, _ time: SumWindow
    ) {
        comparisons += 1
        let n = Double(last.count)
        // Distances from a value of the window, so that the judge does not round where the judged does not.
        let origin = last[0]
        let shifted = last.map { $0 - origin }
        var total = CompensatedSums<SIMD2<Double>>(), size = 0.0
        for x in shifted {
            total.add(SIMD2(x, 0))
            size += (x + origin).magnitude
        }
        let middle = total.value[0] / n
        var second = 0.0, third = 0.0
        for x in shifted {
            second += (x - middle) * (x - middle)
            third += (x - middle) * (x - middle) * (x - middle)
        }
        guard second > 0 else { return }
        let wanted = (second / n).squareRoot()
        let s = squares.value
        let given = (max(s[1] - s[0] * s[0] / n, 0) / n).squareRoot()
        deviation = max(deviation, (given - wanted).magnitude / wanted)
        mean = max(mean, (squares.origin + s[0] / n - (origin + middle)).magnitude / (wanted + (origin + middle).magnitude))
        let c = cubes.value
        let m = c[0] / n, m2 = (c[1] - c[0] * m) / n
        let m3 = (c[2] - 3 * m * c[1] + 2 * n * m * m * m) / n
        let skew = third / n / (second / n * wanted)
        skewness = max(skewness, (m3 / (m2 * m2.squareRoot()) - skew).magnitude / max(skew.magnitude, 1))
        var exact = CompensatedSums<SIMD2<Double>>()
        for x in last { exact.add(SIMD2(x, 0)) }
        sum = max(sum, (time.value - exact.value[0]).magnitude / size)
    }
}
