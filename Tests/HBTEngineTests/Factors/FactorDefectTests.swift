import HBTEngine
import HBTMarketData
import HBTTypes
import Testing

/// The defects of the founding document's sketch, each with the numbers by which it was seen.
struct FactorDefectTests {
    private func bench(_ lines: String, _ rows: [MarketEvent], lotSize: Double = 0.1, book: BookSpec = .hash) throws -> FactorBench {
        try FactorBench(nodes(lines), rows: rows, tickSize: 1, lotSize: lotSize, book: book)
    }

    @Test func one_consumersRunAfterTheirSources() throws {
        // Written consumers first.
        let lines = """
            out:Sum(twice,mid)
            twice:Sum(mid,mid)
            mid:MidPrice(depth)
            """
        let bench = try bench(lines, [Row.bid(1, 99, 1), Row.ask(1, 101, 1)])
        _ = bench.wave()
        #expect(bench.value("out", at: 1) == 300)
        #expect(bench.graph.columns == ["out", "twice", "mid"], "columns stay in file order")
        #expect(throws: SettingsError.self) { try FactorBench.definition(nodes("a:Sum(b)\nb:Sum(a)")) }
        #expect(throws: SettingsError.self) { try FactorBench.definition(nodes("a:Sum(nowhere)")) }
    }

    @Test func two_aFullWindowIsNotEmpty() throws {
        // Far more trades in the window than it has room for at first.
        let rows = (1...1000).map { Row.buy(Int64($0), 5, 0.1) }
        let bench = try bench("v:TradeVolumeFilter(trade) side = \"buy\"; window = \"1s\"\nm:VWAP(trade) window = \"1s\"", rows)
        while bench.wave() != nil {}
        #expect(abs(bench.value("v", at: 1000) - 100) < 1e-12)
        #expect(bench.value("m", at: 1000) == 5)
    }

    @Test func three_theOtherSideExpiresToo() throws {
        let lines = "b:TradeVolumeFilter(trade) side = \"buy\"; window_ns = 3\nc:LinearCombine(b) weights = { b = 1 }"
        let bench = try bench(lines, [Row.buy(2, 5, 3), Row.sell(9, 5, 1)])
        while bench.wave() != nil {}
        #expect(bench.value("c", at: 9) == 0)
    }

    @Test func four_nothingIsLeftOfWhatExpired() throws {
        let rows = [Row.buy(1, 5, 0.1), Row.buy(2, 5, 0.2), Row.buy(3, 5, 0.3), Row.sell(50, 5, 0.1), Row.other(100)]
        let lines = "i:TradeImbalance(trade) window_ns = 10\nv:TradeVolumeFilter(trade) side = \"buy\"; window_ns = 10\ns:TimeWindowSum(v) window_ns = 10"
        let bench = try bench(lines, rows)
        for wanted in [1.0, 1, 1, -1, 0] {
            let ns = try #require(bench.wave())
            #expect(bench.value("i", at: ns) == wanted)
        }
        #expect(bench.value("v", at: 100) == 0)
        #expect(bench.value("s", at: 200) == 0)
    }

    @Test func five_anOutlierLeavesNoTrace() throws {
        var window = RollingStandIn(5)
        var random = SeededRandom(seed: 3)
        for i in 0..<200 {
            let x = i == 50 ? 1e9 : i == 120 ? -1e15 : random.bell()
            let (deviation, wanted) = window.push(x)
            #expect(abs(deviation - wanted) <= 1e-11 * wanted, "value \(i)")
        }
    }

    @Test func six_aNotANumberDoesNotStay() throws {
        var rows = [Row.bid(1, 99, 1), Row.ask(1, 101, 1), Row.ask(2, 101, 0)]
        for ns in 3...8 { rows.append(Row.ask(Int64(ns), Double(101 + 2 * (8 - ns)), 1)) }
        let bench = try bench("mid:MidPrice(depth)\nm:RollingMean(mid) window = 5", rows)
        while let ns = bench.wave() { #expect(!bench.value("m", at: ns).isNaN) }
        #expect(bench.value("m", at: 8) == 102)
    }

    @Test func seven_timeZeroIsATime() throws {
        var rows: [MarketEvent] = []
        for (ns, ask) in [(0, 101.0), (60, 103), (120, 107)] {
            rows += ns == 0 ? [Row.bid(0, 99, 1)] : [Row.ask(Int64(ns), ns == 60 ? 101 : 103, 0)]
            rows.append(Row.ask(Int64(ns), ask, 1))
        }
        let bench = try bench("r:Returns(depth) interval_ns = 60\nm:RollingMean(r) window = 2", rows)
        while bench.wave() != nil {}
        #expect(bench.isWarm("m", at: 120), "two returns")
    }

    @Test func eight_theEdgesOfTheRangeOfInterestCount() throws {
        // The range of interest is 95 to 105, both included; the depth asked for reaches beyond.
        let rows = [Row.bid(1, 95, 1), Row.bid(1, 99, 1), Row.ask(1, 101, 2), Row.ask(1, 105, 2), Row.ask(1, 106, 4)]
        let lines = "b:DepthSum(depth) side = \"bid\"; depth_pct = 0.5\na:DepthSum(depth) side = \"ask\"; depth_pct = 0.5"
        let bench = try bench(lines, rows, book: .roi(lower: 95, upper: 105))
        _ = bench.wave()
        #expect(bench.value("b", at: 1) == 2)
        #expect(bench.value("a", at: 1) == 4)
    }

    @Test func nine_everyRowHasEveryColumn() throws {
        let text = nodes("v:TradeVolumeFilter(trade) side = \"buy\"; window = \"1s\"\nmid:MidPrice(depth)\nr:Returns(mid) interval = \"1s\"")
        let (definition, _) = try FactorBench.definition(text)
        let spec = AssetSpec(symbol: "A", tickSize: 1, lotSize: 0.1)
        let run = try FactorRun(
            FactorGraph(definition, assets: [spec]),
            inputs: [AssetInput(spec: spec, events: ArrayEventSource([Row.buy(1, 5, 1), Row.bid(2, 4, 1), Row.ask(3, 6, 1)]))], sampling: .wave)
        let samples = FactorSamples(capacity: 8, columnCount: 3)
        #expect(try run.fill(samples) == 3)
        for column in 0..<3 { #expect(samples.column(column).count == 3) }
    }
}

/// A rolling deviation beside one computed afresh from the same values.
struct RollingStandIn {
    private var values: [Double] = []
    private let count: Int
    private let bench: FactorDeviation

    init(_ count: Int) {
        self.count = count
        bench = FactorDeviation(count)
    }

    mutating func push(_ x: Double) -> (Double, Double) {
        values.append(x)
        let window = Array(values.suffix(count))
        return (bench.push(x), window.count < 2 ? 0 : Slow.deviation(window, 1))
    }
}
