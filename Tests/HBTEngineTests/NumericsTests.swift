import Testing

@testable import HBTEngine

@Suite struct NumericsTests {
    private func slow(_ x: Double) -> Int64 {
        if x.isNaN { return 0 }
        let rounded = x.rounded(.toNearestOrAwayFromZero)
        if rounded >= 0x1p63 { return .max }
        return rounded < -0x1p63 ? .min : Int64(rounded)
    }

    @Test(arguments: [
        0, -0.0, 0.5, -0.5, 1.5, 2.5, -2.5, 0.49999999999999994, -0.49999999999999994, 0.5000000000000001,
        4_503_599_627_370_495.5, 4_503_599_627_370_496, -4_503_599_627_370_495.5, 4_503_599_627_370_497, 9_007_199_254_740_994,
        9.3e18, -9.3e18, .infinity, -.infinity, .nan, .greatestFiniteMagnitude, .leastNonzeroMagnitude,
    ])
    func roundsHalfAwayFromZeroAndSaturates(x: Double) {
        #expect(roundedInt(x) == slow(x))
    }

    @Test func roundsAsTheLibraryDoes() {
        var random = Dice(11)
        for _ in 0..<200_000 {
            let bits = Double(bitPattern: random.next())
            #expect(roundedInt(bits) == slow(bits))
            // Where prices live: halves and their neighbours.
            let half = Double(random.int(-1_000_000...1_000_000)) / 2
            for x in [half, half.nextUp, half.nextDown] { #expect(roundedInt(x) == slow(x)) }
        }
    }

    @Test func theOtherOperandReplacesNotANumber() {
        #expect(minimumNumber(.nan, 3) == 3)
        #expect(minimumNumber(3, .nan) == 3)
        #expect(minimumNumber(.nan, .nan).isNaN)
        #expect(minimumNumber(-1, 3) == -1)
    }

    @Test func aTickIsADivisionNotAProduct() {
        // 0.15 / 0.1 is 1.4999999999999998, 0.15 × 10 is 1.5.
        let grid = Grid(tickSize: 0.1, lotSize: 0.001)
        #expect(grid.tick(0.15) == 1)
        #expect(grid.tick(.nan) == 0)
        #expect(grid.price(grid.tick(61_800.1)) == 61_800.100000000006)
    }
}

@Suite struct QuickGridTests {
    /// Whole ticks, their neighbours, ties and nonsense: always what the division gives.
    @Test(arguments: [0.1, 0.01, 0.25, 1e-8, 3.0, Double.leastNormalMagnitude / 256, 0.001]) func equalsTheDivision(step: Double) {
        let slow = Grid(tickSize: step, lotSize: step), quick = QuickGrid(Grid(tickSize: step, lotSize: step))
        var dice = Dice(5)
        var values: [Double] = [0, -0.0, .nan, .infinity, -.infinity, 1e300, -1e300, .leastNonzeroMagnitude, 2_147_483_648 * step, 4.5e15 * step]
        for _ in 0..<20_000 {
            let whole = Double(Int64(truncatingIfNeeded: dice.next() >> 34)) - 250_000_000
            for base in [whole * step, (whole + 0.5) * step, whole / (1 / step)] {
                values += [base, base.nextUp, base.nextDown, -base, base * (1 + 1e-12)]
            }
        }
        for value in values {
            #expect(quick.tick(value) == slow.tick(value) && quick.lots(value) == slow.lots(value), "\(value) / \(step)")
            #expect(Int64(quick.sign(value)) == slow.lots(value).signum(), "\(value) / \(step)")
        }
    }
}
