import HBTMarketData
import HBTTypes
import Testing

@testable import HBTEngine

/// A factor graph fed from a tape shows, at every call of a random script, what it shows when rows are
/// replayed one by one.
struct TapeFactorTests {
    /// Graphs without history but from strategy steps: from a tape they are evaluated when read.
    static let pureGroups = [
        """
        mid:MidPrice(depth)
        micro:MicroPrice(best)
        spread:Spread(depth) unit = "bps"
        bid:DepthSum(depth) side = "bid"; depth_pct = 0.005
        ask:DepthSum(depth) side = "ask"; depth_pct = 0.005
        askT:DepthSum(depth) side = "ask"; depth_ticks = 7
        raw:Difference(bid,ask)
        sum:Sum(bid,ask)
        ratio:Ratio(bid,ask)
        log:Log(mid)
        clip:Clip(raw) min = -2; max = 2
        c:LinearCombine(raw,spread) weights = { raw = 0.4, spread = -0.3 }
        z:RollingZScore(raw) window = 15; clock = "step"
        zc:RollingZScore(c) window = 9; clock = "step"; ddof = 0
        lag:Lag(c) lag = 3; clock = "step"
        after:Difference(z,raw)
        """,
        """
        obi:OBI(depth) looking_depth = 0.004; window = 15; clock = "step"; ddof = 0; guard = 0.0
        raw:OBI(depth) looking_depth = 0.3; output = "raw"
        s3:StaticOBI(depth) levels = 3
        sp:StaticOBI(depth) depth_pct = 0.004
        v3:VAMP(depth) mode = "n"; levels = 3
        q:RollingQuantile(s3) window = 11; quantile = 0.3; clock = "step"
        """,
        // No value, ever: rows are followed on.
        """
        mid:MidPrice(depth)
        neg:Clip(mid) max = -1
        none:Log(neg)
        z:RollingMean(mid) window = 5; clock = "step"
        """,
    ]

    static let groups = pureGroups + FactorTwinTests.groups.map(\.lines)

    /// Every market, graph and script from one number.
    struct World {
        let seed: Int
        var assets: Int { seed % 4 == 3 ? 2 : 1 }
        var compatibility: Compatibility { seed / 2 % 2 == 0 ? .none : .hftbacktest24 }
        /// Stops at market rows now and then.
        var isWoken: Bool { seed / 4 % 2 == 0 }
        var group: Int { seed % TapeFactorTests.groups.count }

        var text: String {
            let text = nodes(TapeFactorTests.groups[group])
            guard assets == 2 else { return text }
            let second = """
                [[nodes]]
                id = "depthB"
                type = "DepthSource"
                asset = "B"
                [[nodes]]
                id = "midB"
                type = "MidPrice"
                dependencies = ["depthB"]
                [[nodes]]
                id = "sumB"
                type = "DepthSum"
                side = "bid"
                depth_pct = 0.01
                dependencies = ["depthB"]
                [[nodes]]
                id = "cross"
                type = "Sum"
                dependencies = ["\(TapeFactorTests.firstNode(group))", "midB"]
                """
            // With history, too, where the graph has any: waves of both assets count.
            return text + "\n" + second + (group < TapeFactorTests.pureGroups.count ? "" : """

                [[nodes]]
                id = "behindCross"
                type = "RollingMean"
                window = 30
                dependencies = ["cross"]
                """)
        }

        func inputs(isWild: Bool) -> [AssetInput] {
            (0..<assets).map { asset in
                let book: BookSpec, rows: [MarketEvent], snapshot: [MarketEvent], tick: Double, lot: Double
                if isWild {
                    let market = WildMarket(seed: UInt64(seed * 10 + asset), rowCount: 700, isSplit: seed % 3 != 0)
                    (rows, snapshot, tick, lot) = (market.rows(), seed % 3 == 1 ? market.snapshot() : [], 0.1, 0.1)
                    book = seed / 3 % 2 == 0 ? .hash : .roi(lower: 10.0, upper: 13.0)
                } else {
                    var market = FactorMarket(seed: UInt64(seed * 10 + asset), waves: 250)
                    if assets == 2 { market.gapNs = 40_000_000 }
                    (rows, snapshot, tick, lot) = (market.rows(), [], 0.5, 0.01)
                    book = seed / 3 % 2 == 0 ? .hash : .roi(lower: 500, upper: 1500)
                }
                let spec = AssetSpec(
                    symbol: asset == 0 ? "A" : "B", tickSize: tick, lotSize: lot, book: book,
                    latency: .constant(entryNs: 70, responseNs: 90), lastTradesCapacity: seed % 2)
                return AssetInput(spec: spec, events: ArrayEventSource(rows), initialSnapshot: snapshot)
            }
        }

        func make(isWild: Bool, segmentRows: Int?) throws -> (Backtest, FactorGraph) {
            var inputs = inputs(isWild: isWild)
            if let segmentRows {
                inputs = try inputs.map { input in
                    let tape = MemoryTape()
                    _ = try TapeCompiler.compile(input, compatibility: compatibility, into: tape, segmentRows: segmentRows)
                    var input = input
                    input.tape = tape
                    return input
                }
            }
            let (definition, _) = try FactorBench.definition(text)
            let graph = try FactorGraph(definition, assets: inputs.map(\.spec))
            let backtest = try Backtest(assets: inputs, compatibility: compatibility)
            try backtest.attach(graph)
            return (backtest, graph)
        }
    }

    /// A node with a value of its own clock.
    static func firstNode(_ group: Int) -> String {
        let line = groups[group].split(separator: "\n").first { !$0.contains("TimerSource") } ?? ""
        return String(line.prefix { $0 != ":" })
    }

    /// What a graph shows, with every node's value bit by bit.
    static func view(_ backtest: Backtest, _ graph: FactorGraph) -> String {
        let now = backtest.nowNs
        var text = "\(now) \(graph.digest(at: now).hex) \(graph.core.pointee.exchangeNs)"
        for id in graph.nodeIds {
            guard let handle = graph.handle(id) else { continue }
            text += " \(id)=\(String(graph.value(handle, at: now).bitPattern, radix: 16))\(graph.isWarm(handle, at: now) ? "w" : "")"
        }
        return text
    }

    /// One random move of a script.
    static func move(_ random: inout SeededRandom, _ world: World, isWild: Bool, _ backtest: Backtest, _ graph: FactorGraph) -> String {
        let scale: Int64 = isWild ? 1 : 300_000
        var text = ""
        switch random.below(world.isWoken ? 8 : 5) {
        case 0: text = "\(backtest.elapse(Int64(random.below(40)) * scale))"
        case 1: text = "\(backtest.elapse(Int64(random.below(2_000)) * scale))"
        case 2...4:
            text = "\(backtest.elapse(Int64(random.below(600)) * scale))"
            backtest.stepFactors()
        default: text = "\(backtest.waitNextFeed(includesResponses: false, timeoutNs: Int64(random.below(900)) * scale))"
        }
        // Reading is optional: what it gives later must not depend on it.
        return random.below(3) == 0 || !backtest.isStarted ? text : text + " " + view(backtest, graph)
    }

    @Test(arguments: 0..<104, [false, true])
    func everyReadShowsTheSame(seed: Int, isWild: Bool) throws {
        let world = World(seed: seed)
        let (full, fullGraph) = try world.make(isWild: isWild, segmentRows: nil)
        var runs = [(full, fullGraph)]
        for segmentRows in [7, 100_000] { runs.append(try world.make(isWild: isWild, segmentRows: segmentRows)) }
        var lines: [[String]] = []
        for (backtest, graph) in runs {
            var random = SeededRandom(seed: UInt64(seed + 1))
            var mine = (0..<120).map { _ in Self.move(&random, world, isWild: isWild, backtest, graph) }
            mine.append("\(backtest.goToEnd()) " + Self.view(backtest, graph))
            lines.append(mine)
        }
        #expect(runs.allSatisfy { $0.0.dataError == nil })
        for i in 1...2 {
            let different = zip(lines[0], lines[i]).first { $0 != $1 }
            #expect(different == nil, "seed \(seed), segments of \(i == 1 ? 7 : 100_000) rows")
        }
    }

    /// A pure graph really is left alone between reads, and follows rows once somebody wakes at them.
    @Test func pureGraphsWaitUntilTheyAreRead() throws {
        let world = World(seed: 0)
        let (backtest, graph) = try world.make(isWild: false, segmentRows: 50)
        for _ in 0..<60 { backtest.elapse(100_000_000) }
        #expect(!graph.core.pointee.followsRows)
        let waves = graph.waves
        for _ in 0..<20 { backtest.elapse(100_000_000) }
        #expect(graph.waves == waves)
        backtest.waitNextFeed(includesResponses: false, timeoutNs: 1_000_000_000)
        backtest.waitNextFeed(includesResponses: false, timeoutNs: 1_000_000_000)
        #expect(graph.core.pointee.followsRows && graph.waves > waves)
    }

    /// run(0..n) == restore(k) + run(k..n), and what is restored encodes to the bytes it came from.
    @Test(arguments: 0..<52, [false, true])
    func resumedGraphsGoOnAsTheyWere(seed: Int, isWild: Bool) throws {
        let world = World(seed: seed)
        let (straight, straightGraph) = try world.make(isWild: isWild, segmentRows: 60)
        var random = SeededRandom(seed: UInt64(seed + 9))
        let k = 1 + seed * 37 % 98
        for _ in 0..<k { _ = Self.move(&random, world, isWild: isWild, straight, straightGraph) }
        var state = StateWriter()
        straight.encode(into: &state)
        let (resumed, resumedGraph) = try world.make(isWild: isWild, segmentRows: 60)
        var input = StateReader(state.bytes)
        try resumed.restore(from: &input)
        var again = StateWriter()
        resumed.encode(into: &again)
        let isSame = again.bytes == state.bytes
        #expect(isSame, "seed \(seed), step \(k)")
        var other = random
        for i in 0..<60 {
            let a = Self.move(&random, world, isWild: isWild, straight, straightGraph)
            let b = Self.move(&other, world, isWild: isWild, resumed, resumedGraph)
            guard a == b else {
                #expect(a == b, "seed \(seed), resumed at \(k), move \(i)")
                return
            }
        }
    }

    /// A run of factors alone gives the same rows from a tape.
    @Test(arguments: 0..<39)
    func factorRunsGiveTheSameRows(seed: Int) throws {
        let world = World(seed: seed)
        let samplings: [FactorSampling] = [.every(ns: 170_000_000), .wave, .change]
        var lines: [[String]] = []
        for isTape in [false, true] {
            let inputs = try world.inputs(isWild: false).map { input in
                guard isTape else { return input }
                let tape = MemoryTape()
                _ = try TapeCompiler.compile(input, compatibility: world.compatibility, into: tape, segmentRows: 90)
                var input = input
                input.tape = tape
                return input
            }
            let (definition, _) = try FactorBench.definition(world.text)
            let graph = try FactorGraph(definition, assets: inputs.map(\.spec))
            let run = try FactorRun(graph, inputs: inputs, sampling: samplings[seed % 3], compatibility: world.compatibility)
            let samples = FactorSamples(capacity: 11, columnCount: graph.columns.count)
            var mine: [String] = []
            while try run.fill(samples) > 0 {
                for i in 0..<samples.count {
                    let values = graph.columns.indices.map { String(samples.column($0)[i].bitPattern, radix: 16) }
                    mine.append("\(samples.localNs[i]) \(samples.exchangeNs[i]) \(samples.mid[i].bitPattern) \(values)")
                }
            }
            mine.append("\(run.rowsRead)")
            lines.append(mine)
        }
        #expect(lines[0].count > 10)
        let isSame = lines[0] == lines[1]
        #expect(isSame, "seed \(seed)")
    }
}
