import HBTMarketData
import HBTTypes
import Testing

@testable import HBTEngine

/// A graph in a replay of its own, in a backtest, and over several assets.
struct FactorRunTests {
    private func run(
        _ text: String, _ rows: [[MarketEvent]], _ sampling: FactorSampling, stepEveryNs: Int64? = nil, book: BookSpec = .hash,
        compatibility: Compatibility = .none
    ) throws -> (FactorGraph, [(ns: Int64, exchangeNs: Int64, mid: Double, values: [Double])]) {
        let (definition, _) = try FactorBench.definition(text)
        let specs = rows.indices.map { AssetSpec(symbol: String(UnicodeScalar(UInt8(65 + $0))), tickSize: 0.5, lotSize: 0.01, book: book) }
        let graph = try FactorGraph(definition, assets: specs)
        let inputs = zip(specs, rows).map { AssetInput(spec: $0, events: ArrayEventSource($1)) }
        let run = try FactorRun(graph, inputs: inputs, sampling: sampling, stepEveryNs: stepEveryNs, compatibility: compatibility)
        let samples = FactorSamples(capacity: 7, columnCount: graph.columns.count)
        var all: [(ns: Int64, exchangeNs: Int64, mid: Double, values: [Double])] = []
        while try run.fill(samples) > 0 {
            for i in 0..<samples.count {
                all.append((samples.localNs[i], samples.exchangeNs[i], samples.mid[i], graph.columns.indices.map { samples.column($0)[i] }))
            }
        }
        #expect(run.rowsRead == rows.reduce(0) { $0 + Int64($1.count) })
        return (graph, all)
    }

    @Test func theGridIsThatOfTheEpoch() throws {
        let rows = [Row.bid(23, 99, 1), Row.ask(23, 101, 1), Row.bid(30, 100, 1), Row.bid(31, 100.5, 1), Row.other(50)]
        let (_, all) = try run(nodes("mid:MidPrice(depth)"), [rows], .every(ns: 10))
        #expect(all.map(\.ns) == [30, 40, 50])
        #expect(all.map(\.mid) == [100.5, 100.75, 100.75])
        #expect(all.map(\.exchangeNs) == [25, 26, 45], "of the newest row applied")
        #expect(all.map { $0.values[0] } == all.map(\.mid))
        let (_, none) = try run(nodes("mid:MidPrice(depth)"), [[Row.bid(23, 99, 1), Row.bid(29, 98, 1)]], .every(ns: 10))
        #expect(none.isEmpty)
    }

    @Test func stepsAreMultiplesSinceTheEpoch() throws {
        let rows = [Row.bid(23, 99, 1), Row.ask(23, 101, 1), Row.bid(30, 100, 1), Row.bid(31, 100.5, 1), Row.other(50)]
        let text = nodes("mid:MidPrice(depth)\nmean:RollingMean(mid) window = 2; clock = \"step\"")
        let (_, waves) = try run(text, [rows], .wave, stepEveryNs: 10)
        #expect(waves.map(\.ns) == [23, 30, 31, 50])
        #expect(waves[0].values[1].isNaN)
        #expect(waves.dropFirst().map { $0.values[1] } == [100.5, 100.5, 100.75])
        let (_, grid) = try run(text, [rows], .every(ns: 10), stepEveryNs: 10)
        #expect(grid.map { $0.values[1] } == [100.5, 100.625, 100.75])
        let (_, none) = try run(text, [rows], .wave)
        #expect(none.allSatisfy { $0.values[1].isNaN })
    }

    @Test func anEarlierStartGivesTheSameRows() throws {
        let rows = FactorMarket(seed: 4, waves: 300).rows()
        let text = nodes("mid:MidPrice(depth)\nv:TradeImbalance(trade) window = \"1s\"\nm:RollingMean(mid) window = \"2s\"")
        let (_, all) = try run(text, [rows], .every(ns: 250_000_000))
        // From a later row on the book differs, but once it has been replaced the rows are the same.
        let (_, part) = try run(text, [Array(rows[40...])], .every(ns: 250_000_000))
        #expect(all.suffix(part.count).map(\.ns) == part.map(\.ns))
        #expect(all.last?.values[1] == part.last?.values[1])
    }

    @Test func wavesAndChangesAreRows() throws {
        let rows = [Row.bid(1, 99, 1), Row.ask(1, 101, 1), Row.bid(2, 99, 5), Row.bid(3, 100, 1), Row.bid(3, 100, 2), Row.other(9)]
        let (_, waves) = try run(nodes("mid:MidPrice(depth)"), [rows], .wave)
        #expect(waves.map(\.ns) == [1, 2, 3, 9])
        let (_, changes) = try run(nodes("mid:MidPrice(depth)"), [rows], .change)
        #expect(changes.map(\.ns) == [1, 3])
    }

    @Test func severalAssetsMakeOneWave() throws {
        // Both change at 5: the ratio is evaluated once, with both applied.
        let text = """
            [graph]
            symbol = "A"
            [[nodes]]
            id = "a"
            type = "DepthSource"
            [[nodes]]
            id = "b"
            type = "DepthSource"
            asset = "B"
            [[nodes]]
            id = "ma"
            type = "MidPrice"
            dependencies = ["a"]
            [[nodes]]
            id = "mb"
            type = "MidPrice"
            dependencies = ["b"]
            [[nodes]]
            id = "ratio"
            type = "Ratio"
            dependencies = ["ma", "mb"]
            [[nodes]]
            id = "mean"
            type = "RollingMean"
            window = 10
            dependencies = ["ratio"]
            """
        let a = [Row.bid(1, 99, 1), Row.ask(1, 101, 1), Row.ask(5, 101, 0), Row.ask(5, 301, 1), Row.other(6)]
        let b = [Row.bid(2, 49, 1), Row.ask(2, 51, 1), Row.bid(5, 49, 0), Row.bid(5, 29, 1), Row.ask(5, 51, 0), Row.ask(5, 131, 1)]
        let (graph, all) = try run(text, [a, b], .wave)
        #expect(graph.definition.symbols == ["A", "B"])
        #expect(all.map(\.ns) == [1, 2, 5, 6])
        #expect(all.dropFirst().map { $0.values[2] } == [2, 2.5, 2.5])
        #expect(all.dropFirst().map { $0.values[3] } == [2, 2.25, 2.25])
        #expect(all.map(\.mid) == [100, 100, 200, 200], "of the graph's own instrument")
    }

    @Test func severalAssetsGiveTheSameInAnyBatches() throws {
        var lines = "[graph]\nsymbol = \"A\"\n"
        for (id, asset) in [("a", "A"), ("b", "B"), ("c", "C")] {
            lines += "[[nodes]]\nid = \"\(id)\"\ntype = \"DepthSource\"\nasset = \"\(asset)\"\n"
            lines += "[[nodes]]\nid = \"s\(id)\"\ntype = \"StaticOBI\"\nlevels = 3\ndependencies = [\"\(id)\"]\n"
        }
        lines += "[[nodes]]\nid = \"sum\"\ntype = \"Sum\"\ndependencies = [\"sa\", \"sb\", \"sc\"]\n"
        lines += "[[nodes]]\nid = \"z\"\ntype = \"RollingZScore\"\nwindow = 40\ndependencies = [\"sum\"]\n"
        var markets: [[MarketEvent]] = []
        for seed in 1...3 {
            var market = FactorMarket(seed: UInt64(seed), waves: 300)
            market.gapNs = 20
            market.startNs = 1000
            markets.append(market.rows())
        }
        let (a, waves) = try run(lines, markets, .wave)
        let (b, grid) = try run(lines, markets, .every(ns: 35))
        for row in grid {
            guard let wave = waves.last(where: { $0.ns <= row.ns }) else { continue }
            #expect(zip(row.values, wave.values).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) })
        }
        #expect(a.digest(at: .max) == b.digest(at: .max))
        #expect(grid.count > 100)
    }

    @Test(arguments: [BookSpec.hash, .roi(lower: 500, upper: 1500)], [Compatibility.none, .hftbacktest24])
    func aBacktestSeesWhatAReplaySees(book: BookSpec, compatibility: Compatibility) throws {
        let rows = FactorMarket(seed: 31, waves: 300).rows()
        for group in [1, 2, 4, 6, 7] {
            let (definition, _) = try FactorBench.definition(nodes(FactorTwinTests.groups[group].lines))
            let spec = AssetSpec(symbol: "A", tickSize: 0.5, lotSize: 0.01, book: book)
            let graph = try FactorGraph(definition, assets: [spec]), other = try FactorGraph(definition, assets: [spec])
            let backtest = try Backtest(assets: [AssetInput(spec: spec, events: ArrayEventSource(rows))], compatibility: compatibility)
            try backtest.attach(graph)
            let feed = FactorFeed<PagedLevels>(
                input: AssetInput(spec: spec, events: ArrayEventSource(rows)), attachment: FactorAttachment(core: other.core, asset: 0, settlesAtEnd: false),
                isReference: compatibility == .hftbacktest24, checksOrder: true)
            // The dense book of the reference keeps what the sparse one forgets.
            guard compatibility == .none || book == .hash else { continue }
            while backtest.elapse(33_000_000) == .ok {
                while feed.nextNs <= backtest.nowNs { feed.process(upTo: backtest.nowNs) }
                feed.settle()
                #expect(graph.digest(at: backtest.nowNs) == other.digest(at: backtest.nowNs))
            }
        }
    }

    @Test func reversedGraphsAndWrongAssetsAreRefused() throws {
        let (definition, _) = try FactorBench.definition(nodes("mid:MidPrice(depth)"))
        let a = AssetSpec(symbol: "A", tickSize: 1, lotSize: 1), b = AssetSpec(symbol: "B", tickSize: 1, lotSize: 1)
        #expect(throws: SettingsError.self) { try FactorGraph(definition, assets: [b]) }
        let graph = try FactorGraph(definition, assets: [a])
        let backtest = try Backtest(assets: [AssetInput(spec: b, events: ArrayEventSource([]))], compatibility: .none)
        #expect(throws: EngineError.self) { try backtest.attach(graph) }
        #expect(throws: EngineError.self) { try FactorRun(graph, inputs: [AssetInput(spec: b, events: ArrayEventSource([]))], sampling: .wave) }
    }

    @Test func rowsOutOfOrderEndTheRunWithTheirNumber() throws {
        let (definition, _) = try FactorBench.definition(nodes("mid:MidPrice(depth)"))
        let spec = AssetSpec(symbol: "A", tickSize: 1, lotSize: 1)
        let input = AssetInput(spec: spec, events: ArrayEventSource([Row.bid(5, 1, 1), Row.bid(4, 1, 1)]))
        let run = try FactorRun(FactorGraph(definition, assets: [spec]), inputs: [input], sampling: .wave)
        #expect(throws: FeedFault.self) { try run.fill(FactorSamples(capacity: 9, columnCount: 1)) }
    }
}
