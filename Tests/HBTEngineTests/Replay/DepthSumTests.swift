import HBTMarketData
import HBTTypes
import Testing
@testable import HBTEngine

/// Sums that walk the bits of a book against the plain loop over every tick.
struct DepthSumTests {
    @Test(arguments: [false, true])
    func serialSumsAreThoseOfThePlainLoop(hasNegatives: Bool) {
        let grid = Grid(tickSize: 0.1, lotSize: 0.001)
        var levels = DenseLevels(grid: grid, spec: .roi(lower: 10, upper: 60))
        defer { levels.deallocate() }
        var plain = [Double](repeating: 0, count: 501)
        var random = SeededRandom(seed: hasNegatives ? 2 : 1)
        for _ in 0..<2_000 {
            let tick = 100 + random.below(501)
            var quantity = random.below(3) == 0 ? 0 : Double(random.below(100_000)) / 1000
            if hasNegatives && random.below(20) == 0 { quantity = -quantity }
            levels.set(Int64(tick), quantity)
            plain[tick - 100] = quantity
            let a = 90 + random.below(530), b = 90 + random.below(530)
            let window = (max(min(a, b), 100)..<max(max(a, b), 100)).clamped(to: 100..<601)
            let up = window.reduce(0.0) { $0 + plain[$1 - 100] }
            let down = window.reversed().reduce(0.0) { $0 + plain[$1 - 100] }
            #expect(levels.serialSum(from: Int64(min(a, b)), upTo: Int64(max(a, b)), isDescending: false) == up)
            #expect(levels.serialSum(from: Int64(min(a, b)), upTo: Int64(max(a, b)), isDescending: true) == down)
        }
    }

    @Test func lotsGiveBackTheDoublesOfDecimalText() {
        for (lotSize, digits) in [(0.001, 3), (0.01, 2), (0.00001, 5), (0.005, 3), (1.0, 0), (10.0, 0), (0.3, 1)] {
            let value = LotValue.decimal(lotSize)
            for lots in stride(from: Int64(1), to: 3_000_000, by: 997) {
                // The text of lots × lotSize, written exactly in decimal digits.
                var scaled = "\(lots * Int64((lotSize * pow10(digits)).rounded()))"
                while scaled.count <= digits { scaled = "0" + scaled }
                let text = scaled.dropLast(digits) + "." + scaled.suffix(digits) + "0"
                #expect(value(lots) == Double(String(text)), "\(lots) lots of \(lotSize)")
            }
        }
        // 1 ÷ 3 has no short decimal: the product is all there is.
        #expect(LotValue.decimal(1.0 / 3) == .product(1.0 / 3))
    }

    private func pow10(_ n: Int) -> Double { (0..<n).reduce(1.0) { x, _ in x * 10 } }
}
