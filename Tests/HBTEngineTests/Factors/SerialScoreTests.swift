import HBTMarketData
import HBTTypes
import Testing
@testable import HBTEngine

/// Bounds of a score against the score itself, summed as the reference sums it.
struct SerialScoreTests {
    static func plain(_ values: ArraySlice<Double>) -> Double {
        let n = Double(values.count)
        let mean = values.reduce(0.0, +) / n
        let squares = values.reduce(0.0) { $0 + ($1 - mean) * ($1 - mean) }
        return (values[values.endIndex - 1] - mean) / (squares / n).squareRoot()
    }

    static func isSame(_ a: Double, _ b: Double) -> Bool { a.bitPattern == b.bitPattern || (a.isNaN && b.isNaN) }

    /// Values of many kinds; most of them near each other for a while, as a book's imbalance is.
    private static func series(_ seed: Int, _ count: Int) -> [Double] {
        var random = SeededRandom(seed: UInt64(seed))
        let scale = [1, 1e-3, 1e6, 0x1p-150, 0x1p150, 1e-160, 1e170][seed % 7]
        let offset = [0, 1, 1e3, -1e7, 1e12][seed / 7 % 5]
        var x = 0.0
        return (0..<count).map { i in
            switch random.below(60) {
            case 0: x += (random.uniform() - 0.5) * 1e5
            case 1: return 0
            case 2: return (offset + x) * scale * 1e8
            case 3...6: break
            default: x += random.uniform() - 0.5
            }
            // Quiet times, in which all values of a window are equal.
            if i / 200 % 4 == 3 { return offset * scale }
            if seed % 11 == 10 && random.below(50) == 0 { return [.nan, .infinity, -.greatestFiniteMagnitude, .leastNonzeroMagnitude][random.below(4)] }
            return (offset + x) * scale
        }
    }

    @Test(arguments: 0..<70)
    func boundsHoldTheValue(seed: Int) {
        let window = [1, 2, 7, 60, 300, 600][seed % 6]
        let values = Self.series(seed, 2_000)
        var score = SerialScore(window: window)
        defer { score.deallocate() }
        var bounded = 0
        for i in values.indices {
            score.push(values[i], mayWait: true)
            let wanted = Self.plain(values[max(0, i - window + 1)...i])
            if let bounds = score.bounds {
                bounded += 1
                #expect(bounds.low <= wanted && wanted <= bounds.high, "value \(i): \(wanted) outside \(bounds)")
            }
            // Read now and then: a value that was summed is no different later.
            if i % 3 == 0 { #expect(Self.isSame(score.value(), wanted)) }
        }
        if window > 2, values.allSatisfy({ $0 == 0 || ($0.magnitude > 0x1p-200 && $0.magnitude < 0x1p200) }) { #expect(bounded > 1_000) }
    }

    /// Of no use if they were wide.
    @Test func boundsAreTightWhereValuesAreOrdinary() {
        var random = SeededRandom(seed: 8)
        var score = SerialScore(window: 600)
        defer { score.deallocate() }
        for i in 0..<20_000 {
            score.push(500 + 300 * random.uniform(), mayWait: true)
            guard i > 0 else { continue }
            guard let bounds = score.bounds else {
                Issue.record("no bounds at value \(i)")
                return
            }
            #expect(bounds.high - bounds.low < 1e-9)
        }
        #expect(score.scans == 1, "the first value alone has no deviation")
    }

    @Test func equalValuesHaveNoBounds() {
        var score = SerialScore(window: 5)
        defer { score.deallocate() }
        for _ in 0..<20 {
            score.push(1.1, mayWait: true)
            #expect(score.bounds == nil)
        }
        // The mean of five times 1.1 is no 1.1 in doubles: what the reference gives is ±1, not 0/0.
        #expect(Self.isSame(score.value(), Self.plain(ArraySlice(repeating: 1.1, count: 5))))
    }

    @Test func aStateHoldsTheSameBytesHoweverTheValueWasFound() throws {
        var waiting = SerialScore(window: 40), summed = SerialScore(window: 40)
        defer {
            waiting.deallocate()
            summed.deallocate()
        }
        var random = SeededRandom(seed: 4)
        for _ in 0..<100 {
            let x = random.uniform()
            waiting.push(x, mayWait: true)
            summed.push(x, mayWait: false)
            var one = StateWriter(), other = StateWriter()
            waiting.encode(into: &one)
            summed.encode(into: &other)
            #expect(one.bytes == other.bytes)
            var restored = SerialScore(window: 40)
            defer { restored.deallocate() }
            var input = StateReader(one.bytes)
            try restored.restore(from: &input)
            restored.push(0.25, mayWait: true)
            var next = SerialScore(window: 40)
            defer { next.deallocate() }
            var again = StateReader(other.bytes)
            try next.restore(from: &again)
            next.push(0.25, mayWait: false)
            #expect(Self.isSame(restored.value(), next.value()))
        }
    }

    /// Some values are known to within an error only; bounds hold what the true ones would give.
    @Test(arguments: 0..<30)
    func boundsHoldTheValueOfWhatIsKnownNearly(seed: Int) {
        let window = [2, 7, 60, 300, 600][seed % 5]
        let values = Self.series(seed, 2_000)
        var random = SeededRandom(seed: UInt64(seed))
        var score = SerialScore(window: window)
        defer { score.deallocate() }
        var bounded = 0
        for i in values.indices {
            let error = values[i].magnitude * [0x1p-50, 0x1p-40, 0x1p-20][seed % 3]
            if random.below(5) > 0, error > 0x1p-200, error < 0x1p200 {
                score.standIn = SumStandIn(error: error, place: TapePlace(segment: 0, batch: Int32(i)))
                score.push(values[i] + error * (2 * random.uniform() - 1) * 0.999, mayWait: true)
            } else {
                score.push(values[i], mayWait: true)
            }
            let wanted = Self.plain(values[max(0, i - window + 1)...i])
            if let bounds = score.bounds {
                bounded += score.isSettled ? 0 : 1
                #expect(bounds.low <= wanted && wanted <= bounds.high, "value \(i): \(wanted) outside \(bounds)")
            }
            if i % 97 == 0 || score.isOwed {
                score.settle { values[Int($0.batch)] }
                #expect(Self.isSame(score.value(), wanted))
                #expect(score.isSettled && !score.isOwed)
            }
        }
        if window > 7, seed % 3 == 0, values.allSatisfy({ $0 == 0 || ($0.magnitude > 0x1p-150 && $0.magnitude < 0x1p150) }) {
            #expect(bounded > 500)
        }
    }
}
