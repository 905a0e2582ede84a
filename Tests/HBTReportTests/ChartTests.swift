import HBTTypes
import Testing

@testable import HBTReport

@Suite struct ChartTests {
    @Test func fewRowsAreAllDrawn() {
        var series = SeriesThinner(capacity: 100, contract: .linear(size: 1))
        for i in 0..<100 { series.add(row(Int64(i) * 1_000_000_000, price: Double(i))) }
        #expect(series.buckets.map(\.price.last) == (0..<100).map(Double.init))
    }

    @Test(arguments: [0, 1, 2, 3]) func manyRowsKeepTheirExtremesInBoundedMemory(seed: UInt64) {
        var random = SeededRandom(state: seed)
        var series = SeriesThinner(capacity: 256, contract: .linear(size: 1))
        var now: Int64 = 0, low = Double.infinity, high = -Double.infinity, peak = -Double.infinity, deepest = 0.0, last = 0.0
        for i in 0..<30_000 {
            now += Int64(random.unit() * (random.unit() < 0.001 ? 1e13 : 1e9))
            let equity = i == 12_345 ? -1e6 : random.unit() * 100
            series.add(row(now, price: equity, balance: equity))
            (low, high, peak, last) = (min(low, equity), max(high, equity), max(peak, equity), equity)
            deepest = min(deepest, equity - peak)
            #expect(series.buckets.count <= 256)
        }
        let buckets = series.buckets
        #expect(buckets.map(\.equity.low).min() == low)
        #expect(buckets.map(\.price.high).max() == high)
        #expect(buckets.map(\.drawdown).min() == deepest, "one bad row must stay visible")
        #expect(buckets.last?.equity.last == last)
        #expect(zip(buckets, buckets.dropFirst()).allSatisfy { $0.index < $1.index && $0.lastNs <= $1.lastNs })
    }

    @Test func unknownPricesLeaveGapsNotNumbers() {
        var series = SeriesThinner(capacity: 16, contract: .linear(size: 1))
        series.add(row(0, price: .nan, position: 1))
        series.add(row(1, price: 5, position: 1))
        #expect(series.buckets.count == 1, "within one microsecond")
        #expect(series.buckets[0].price.low == 5)
        #expect(series.buckets[0].drawdown == 0)
    }

    @Test func fillsAreKeptUpToTheLimit() {
        var fills = FillThinner(limit: 50)
        for i in 0..<50 { fills.add(fill(.buy, at: 1_000 - Int64(i))) }
        #expect(!fills.isAggregated)
        #expect(fills.sorted.map(\.timeNs) == (951...1_000).map { Int64($0) })
    }

    @Test(arguments: [1, 2, 3]) func everyFillBeyondTheLimitCountsInOneMark(seed: UInt64) {
        var random = SeededRandom(state: seed)
        var fills = FillThinner(limit: 200)
        var quantity = [0.0, 0, 0, 0], counts: [Int64] = [0, 0, 0, 0]
        for i in 0..<20_000 {
            let side: Side = random.unit() < 0.5 ? .buy : .sell, maker = random.unit() < 0.7
            // Booked a little out of order.
            let at = 1_700_000_000_000_000_000 + Int64(i) * 1_000_000_000 - Int64(random.unit() * 3e9)
            let group = (maker ? 0 : 2) + (side == .buy ? 0 : 1)
            fills.add(fill(side, at: at, maker: maker, price: 100, quantity: 0.5))
            quantity[group] += 0.5
            counts[group] += 1
            #expect(fills.marks.count <= 200)
        }
        #expect(fills.isAggregated)
        for group in 0..<4 {
            let marks = fills.sorted.filter { $0.group == group }
            #expect(marks.map(\.count).reduce(0, +) == counts[group])
            #expect(marks.map(\.quantity).reduce(0, +) == quantity[group])
            #expect(marks.allSatisfy { $0.meanPrice == 100 })
        }
    }

    @Test func inventoryKeepsTimeAndItsCentre() {
        var histogram = InventoryHistogram(width: 0.1)
        histogram.add(position: 0, heldNs: 5)
        histogram.add(position: 0.1, heldNs: 7)
        #expect(histogram.bars.map(\.heldNs) == [5, 7])
        histogram.add(position: -1_000, heldNs: 11)
        histogram.add(position: .nan, heldNs: 13)
        histogram.add(position: 1, heldNs: 0)
        let bars = histogram.bars
        #expect(bars.map(\.heldNs).reduce(0, +) == 23)
        #expect(bars.last?.position == 0, "flat stays the centre of a bin")
        #expect(bars.last?.heldNs == 12)
        #expect(abs((bars.first?.position ?? 0) + 1_000) <= histogram.width / 2)
    }

    /// However often bins were merged, each holds the positions nearest to its centre.
    @Test(arguments: [1, 2, 3]) func mergedBinsAreThoseOfTheFinalWidth(seed: UInt64) {
        var random = SeededRandom(state: seed), histogram = InventoryHistogram(width: 1), positions: [Int] = []
        for i in 0..<400 {
            positions.append(Int((random.unit() - 0.5) * Double(i * 4)))
            histogram.add(position: Double(positions[i]), heldNs: 1)
        }
        let width = Int(histogram.width)
        #expect(width > 3, "or nothing was merged")
        var expected: [Int: Int64] = [:]
        for position in positions { expected[Int((Double(position) / Double(width)).rounded()) * width, default: 0] += 1 }
        for bar in histogram.bars { #expect(bar.heldNs == expected[Int(bar.position)] ?? 0) }
        #expect(histogram.bars.map(\.heldNs).reduce(0, +) == 400)
    }
}
