import HBTMarketData
import HBTTypes
import Testing

@_spi(Measuring) @testable import HBTEngine

/// A window's sums used by themselves.
final class FactorDeviation {
    private var sums: RollingSums<SquareLanes>
    private let slides: Bool

    /// - Parameter slides: a full window takes the short way, as nodes with the clock of updates do.
    init(_ count: Int, slides: Bool = false) {
        sums = RollingSums(.count(count))
        self.slides = slides
    }
    init(ns: Int64) {
        sums = RollingSums(.time(ns: ns))
        slides = false
    }
    deinit { sums.deallocate() }

    func push(_ x: Double, at ns: Int64 = 0) -> Double {
        if sums.ring.isTimed { sums.expire(to: ns) }
        if slides && sums.ring.isFull { return deviation(sums.slide(x)) }
        sums.push(x, at: ns)
        return deviation
    }

    var deviation: Double { deviation(sums.value) }

    private func deviation(_ s: SIMD2<Double>) -> Double {
        let n = Double(sums.count)
        return sums.count < 2 ? 0 : (max(s[1] - s[0] * s[0] / n, 0) / (n - 1)).squareRoot()
    }
    var mean: Double { sums.origin + sums.value[0] / Double(sums.count) }
}

/// Sums that must not drift, however long and whatever passes through them.
struct FactorExactnessTests {
    /// What a hostile series does: far from zero, quiet, with outliers, steps and equal values.
    private func series(_ kind: Int, _ i: Int, _ random: inout SeededRandom) -> Double {
        switch kind {
        case 0: return random.bell()
        case 1: return 60_000 + 0.1 * Double(random.below(50))
        case 2: return i % 997 == 0 ? 1e9 * random.bell() : random.bell()
        case 3: return Double(i / 5_000) * 1e6 + random.bell()
        case 4: return i % 4_000 < 2_000 ? 0.1 : 0.1 + 1e-9 * random.bell()
        case 5: return 1e8 + Double(i) * 0.01
        default: return i % 3_001 == 0 ? 1e90 : random.bell()
        }
    }

    /// Windows below 0 take the short way.
    @Test(arguments: 0..<7, [10, 600, -10, -600])
    func deviationsStayExact(kind: Int, signedWindow: Int) {
        let window = abs(signedWindow)
        var random = SeededRandom(seed: UInt64(kind + window))
        let rolling = FactorDeviation(window, slides: signedWindow < 0)
        var values: [Double] = []
        for i in 0..<20_000 {
            let x = series(kind, i, &random)
            values.append(x)
            let deviation = rolling.push(x)
            guard i % 61 == 0 || i % 997 < 3 else { continue }
            let last = Array(values.suffix(window))
            guard last.count > 1 else { continue }
            // Distances from one of the values are exact where they matter; then two passes.
            let shifted = last.map { $0 - last[0] }
            let wanted = Slow.deviation(shifted, 1)
            let largest = last.map(abs).max() ?? 0
            #expect(abs(deviation - wanted) <= 1e-10 * wanted + 1e-15 * largest, "kind \(kind), value \(i): \(deviation), should be \(wanted)")
            #expect(abs(rolling.mean - (last[0] + Slow.mean(shifted))) <= 1e-12 * max(largest, 1), "kind \(kind), value \(i)")
        }
    }

    /// The bounds that `docs/factors.md` states: 10⁷ updates where the tests are optimised, 10⁶ where that
    /// would take minutes; `factor-bench drift=1000000000` does 10⁹.
    @Test func nothingDrifts() {
        #if DEBUG
        let updates = 1_000_000
        #else
        let updates = 10_000_000
        #endif
        let drift = FactorDrift(updates: updates, window: 600, every: 997)
        #expect(drift.comparisons > 1_000)
        #expect(drift.deviation < 1e-11)
        #expect(drift.mean < 1e-13)
        #expect(drift.skewness < 1e-11)
        #expect(drift.sum < 1e-15)
    }

    @Test(arguments: [false, true])
    func equalValuesHaveNoDeviationAtAll(slides: Bool) {
        let rolling = FactorDeviation(50, slides: slides)
        var random = SeededRandom(seed: 5)
        for _ in 0..<200 { _ = rolling.push(1e6 * random.bell()) }
        for i in 0..<200 {
            let deviation = rolling.push(0.1)
            if i >= 50 { #expect(deviation == 0) }
        }
    }

    @Test func magnitudesAreThoseOfTheSign() {
        for whole in [-2, -1, 0, 1, 2] as [Int64] {
            for part in [-5, 0, 5] as [Int64] {
                let quantity = LotQuantity(whole: whole, part: part)
                let isNegative = whole < 0 || (whole == 0 && part < 0)
                #expect(quantity.isNegative == isNegative)
                #expect(quantity.magnitude == (isNegative ? -quantity : quantity))
                #expect(quantity.negated(if: true) == -quantity && quantity.negated(if: false) == quantity)
            }
        }
        let scale = LotScale(tickSize: 0.1, lotSize: 0.001)
        for nothing in [0, -0.0, -3, .nan, -.infinity] as [Double] { #expect(scale.quantity(nothing).isZero, "\(nothing)") }
        #expect(scale.quantity(.infinity) == LotQuantity(whole: .max))
    }

    @Test func expiredSumsAreExactlyWhatIsLeft() {
        var window = SumWindow(.time(ns: 100))
        defer { window.deallocate() }
        var random = SeededRandom(seed: 8)
        var all: [(Int64, Double)] = []
        var ns: Int64 = 0
        for _ in 0..<20_000 {
            ns += Int64(random.below(30))
            let x = Double(random.below(1000)) / 8 + (random.below(500) == 0 ? 1e12 : 0)
            window.expire(to: ns)
            window.push(x, at: ns)
            all.append((ns, x))
            all.removeAll { $0.0 < ns - 100 }
            // Eighths are exact as doubles, so is their sum.
            #expect(window.value == all.reduce(0) { $0 + $1.1 })
        }
        window.expire(to: ns + 1000)
        #expect(window.value == 0)
    }

    @Test(arguments: [1, 7, 64, 65, 300], [0, 0.01, 0.5, 0.77, 1])
    func quantilesAreThoseOfASortedWindow(count: Int, q: Double) {
        var window = QuantileWindow(.count(count), q: q)
        defer { window.deallocate() }
        var random = SeededRandom(seed: UInt64(count))
        var values: [Double] = []
        for _ in 0..<1_500 {
            let x = Double(random.below(40)) + (random.below(3) == 0 ? random.bell() : 0)
            values.append(x)
            window.push(x, at: 0)
            #expect(abs(window.value - Slow.quantile(Array(values.suffix(count)), q)) < 1e-9)
        }
    }

    @Test func lotsOffTheGridLeaveNothing() {
        let scale = LotScale(tickSize: 0.1, lotSize: 0.001)
        var random = SeededRandom(seed: 4)
        var sum = LotQuantity()
        var exact = 0.0
        var sizes: [Double] = []
        for _ in 0..<5_000 {
            let size = random.below(2) == 0 ? random.uniform() * 10 : Double(random.below(100_000)) * 0.001
            sizes.append(size)
            sum += scale.quantity(size)
            exact += size
        }
        #expect(abs(sum.lots * 0.001 - exact) < 1e-9)
        for size in sizes.reversed() { sum -= scale.quantity(size) }
        #expect(sum.isZero)
        // On the grid nothing is left over, whatever the size.
        for lots in [1, 3, 7, 999, 123_457, 987_654_321, 40_000_000_001] as [Int64] {
            #expect(scale.quantity(Double(lots) * 0.001) == LotQuantity(whole: lots))
            #expect(scale.quantity(Double(lots) / 1000) == LotQuantity(whole: lots))
        }
        for strange: Double in [.nan, -1, 0, -Double.infinity] { #expect(scale.quantity(strange).isZero) }
        #expect(scale.quantity(Double.infinity).whole == .max)
        #expect(scale.quantity(1e300).whole == .max)
    }

    @Test func wideSumsCarry() {
        var sum = WideSum()
        sum.add(.max, times: .max)
        sum.add(.max, times: .max)
        #expect(abs(sum.value / (2 * Double(Int64.max) * Double(Int64.max)) - 1) < 1e-15)
        sum.subtract(.max, times: .max)
        sum.subtract(.max, times: .max)
        sum.subtract(3, times: 5)
        #expect(sum.value == -15)
        sum.add(-3, times: -5)
        #expect(sum == WideSum())
    }
}
