import HBTTypes
import Testing

@testable import HBTReport

@Suite struct MarkoutTests {
    func cell(_ rows: [MarkoutRow], _ liquidity: MarkoutRow.Liquidity, _ sides: MarkoutRow.Sides, horizonNs: Int64) throws -> MarkoutCell {
        try #require(rows.first { $0.liquidity == liquidity && $0.sides == sides }?.cells.first { $0.horizonNs == horizonNs })
    }

    @Test func aBuyBelowTheMidEarnsTheSpreadUntilThePriceFalls() throws {
        var builder = MarkoutBuilder(tickSize: 0.5)
        builder.add(fill(.buy, price: 100, quantity: 2, mid: 101, after: (101, 100, 99, .nan)))
        let rows = builder.rows
        #expect(rows.count == 9)
        let atFill = try cell(rows, .maker, .buy, horizonNs: 0)
        #expect(atFill.withSpread.price == 1)
        #expect(atFill.withSpread.ticks == 2)
        #expect(atFill.withSpread.bps == 100)
        #expect(atFill.withoutSpread.price == 0)
        let late = try cell(rows, .all, .both, horizonNs: 10_000_000_000)
        #expect(late.withSpread.price == -1)
        #expect(late.withoutSpread.price == -2)
        let unknown = try cell(rows, .all, .both, horizonNs: 60_000_000_000)
        #expect(unknown.count == 0)
        #expect(unknown.withSpread.price.isNaN)
    }

    @Test func sellsCountTheOtherWayAndTakersStartBehind() throws {
        var builder = MarkoutBuilder(tickSize: 1)
        builder.add(fill(.sell, maker: false, price: 99, mid: 100, after: (98, 98, 98, 98)))
        let cell = try cell(builder.rows, .taker, .sell, horizonNs: 1_000_000_000)
        #expect(cell.withSpread.price == 1)
        #expect(cell.withoutSpread.price == 2)
    }

    @Test func quantityWeighsTheMean() throws {
        var builder = MarkoutBuilder(tickSize: 1)
        builder.add(fill(.buy, price: 100, quantity: 3, mid: 100, after: (101, 101, 101, 101)))
        builder.add(fill(.buy, price: 100, quantity: 1, mid: 100, after: (97, 97, 97, 97)))
        let cell = try cell(builder.rows, .all, .buy, horizonNs: 100_000_000)
        #expect(cell.withSpread.price == -1)
        #expect(cell.withSpread.weightedPrice == 0)
    }

    /// Σ quantity × markout is the profit of all fills marked at the mid then, and it splits into
    /// spread and drift.
    @Test(arguments: 0..<10) func markoutsAddUpToTheProfit(seed: UInt64) throws {
        var random = SeededRandom(state: seed)
        var builder = MarkoutBuilder(tickSize: 0.1)
        let end = 105.0
        var profit = 0.0, spread = 0.0, quantity = 0.0
        for _ in 0..<200 {
            let side: Side = random.unit() < 0.5 ? .buy : .sell, sign = side == .buy ? 1.0 : -1.0
            let price = 100 + random.unit() * 10, mid = price + random.unit() - 0.5, q = random.unit()
            builder.add(fill(side, maker: random.unit() < 0.5, price: price, quantity: q, mid: mid, after: (end, end, end, end)))
            profit += sign * q * (end - price)
            spread += sign * q * (mid - price)
            quantity += q
        }
        let rows = builder.rows
        let all = try cell(rows, .all, .both, horizonNs: 60_000_000_000)
        #expect(close(all.withSpread.weightedPrice * all.quantity, profit, tolerance: 1e-9))
        #expect(close(all.withoutSpread.weightedPrice * all.quantity, profit - spread, tolerance: 1e-9))
        #expect(close(all.quantity, quantity, tolerance: 1e-12))
        let parts = try MarkoutRow.Liquidity.allCases.dropFirst().flatMap { liquidity in
            try MarkoutRow.Sides.allCases.dropFirst().map { try cell(rows, liquidity, $0, horizonNs: 60_000_000_000) }
        }
        #expect(parts.map(\.count).reduce(0, +) == 200)
        #expect(close(parts.map { $0.withSpread.weightedPrice * $0.quantity }.reduce(0, +), profit, tolerance: 1e-9))
    }
}
