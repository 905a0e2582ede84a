import Foundation
import HBTConfig
import HBTMarketData
import HBTTypes
import Testing

@testable import HBTEngine

/// The two shapes of settings file, and the graphs they make.
struct FactorFileTests {
    /// The founding document, when it is at hand.
    private static let shared = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("shared")
    private static let seed = shared.appendingPathComponent("seeds/004_5d01f6fbf755f6e2.txt")
    private static let data = shared.appendingPathComponent("data/npz/usdm_btcusdt_20240808.npz")
    static var hasSeed: Bool {
        let isThere = FileManager.default.fileExists(atPath: seed.path)
        if !isThere { print("skipped: the founding document is not in ../shared") }
        return isThere
    }
    static var hasData: Bool {
        let isThere = hasSeed && FileManager.default.fileExists(atPath: data.path)
        if !isThere { print("skipped: the sample data is not in ../shared") }
        return isThere
    }

    private static let graph = """
        [graph]
        name = "factors"
        symbol = "A"
        tick_size = 0.5
        lot_size = 0.01

        [[nodes]]
        id = "depth"
        type = "DepthSource"

        [[nodes]]
        id = "trades"
        type = "TradeSource"

        [[nodes]]
        id = "imbalance"
        type = "OBI"
        looking_depth = 0.004
        window = 30
        dependencies = ["depth"]

        [[nodes]]
        id = "flow"
        type = "TradeImbalance"
        window_ns = 2_000_000_000
        dependencies = ["trades"]

        [[nodes]]
        id = "risk"
        type = "Volatility"
        interval_ns = 1_000_000_000
        window = 10
        dependencies = ["depth"]

        [[nodes]]
        id = "combined"
        type = "LinearCombine"
        normalize = true
        weights = { imbalance = 2.0, flow = 1.0, risk = -1.0 }
        dependencies = ["imbalance", "flow", "risk"]
        """

    private static let production = """
        [factor_engine]
        name = "factors"
        symbol = "A"

        [factor_engine.ipc]
        connector_name = "venue"
        factor_service_name = "Factor"

        [factor_engine.snapshot]
        enabled = true
        interval_seconds = 30
        max_snapshots = 4
        path = "snapshots"
        compression = false

        [factor_engine.warmup]
        source = "replay"
        duration = "300s"
        path = "history"

        [[factor_engine.factors]]
        name = "imbalance"
        type = "OBIFactor"
        enabled = true
        [factor_engine.factors.params]
        looking_depth = 0.004
        window = 30

        [[factor_engine.factors]]
        name = "unused"
        type = "VolatilityFactor"
        enabled = false
        [factor_engine.factors.params]
        interval = "1s"
        window = 5

        [[factor_engine.factors]]
        name = "flow"
        type = "TradeImbalanceFactor"
        [factor_engine.factors.params]
        window_ns = 2_000_000_000

        [[factor_engine.factors]]
        name = "risk"
        type = "VolatilityFactor"
        [factor_engine.factors.params]
        interval_ns = 1_000_000_000
        window = 10

        [factor_engine.combination]
        type = "linear"
        normalize = true
        [factor_engine.combination.weights]
        risk = -1.0
        imbalance = 2.0
        flow = 1.0
        unused = 9.0
        """

    @Test func bothShapesGiveTheSameValues() throws {
        let rows = FactorMarket(seed: 12, waves: 400).rows()
        let a = try FactorBench(Self.graph, rows: rows), b = try FactorBench(Self.production, rows: rows)
        #expect(a.graph.columns == ["imbalance", "flow", "risk", "combined"])
        #expect(b.graph.columns == a.graph.columns)
        while let ns = a.wave() {
            b.feed(upTo: ns)
            #expect(a.graph.digest(at: ns) == b.graph.digest(at: ns))
        }
        #expect(a.value("combined", at: .max) != 0)
    }

    @Test func aProductionFileSaysHowItIsRun() throws {
        let (definition, _) = try FactorBench.definition(Self.production)
        let production = try #require(definition.production)
        #expect(production.connectorName == "venue" && production.factorServiceName == "Factor")
        #expect(production.snapshotsEnabled && production.snapshotIntervalNs == 30_000_000_000 && production.maxSnapshots == 4)
        #expect(production.snapshotPath == "snapshots" && !production.compressesSnapshots)
        #expect(production.warmupSource == .replay && production.warmupNs == 300_000_000_000 && production.warmupPath == "history")
        #expect(try FactorBench.definition(Self.graph).0.production == nil)
        #expect(try FactorBench.definition(Self.graph).0.lotSize == 0.01)
    }

    @Test func nodesAreOrderedByHeightAndThenByFile() throws {
        let (definition, _) = try FactorBench.definition(nodes("d:Sum(c,a)\nc:Sum(b)\nb:MidPrice(depth)\na:Spread(depth)"))
        let order = try FactorOrder.sorted(definition.nodes).map { definition.nodes[$0].id }
        #expect(order == ["depth", "trade", "best", "b", "a", "c", "d"])
        #expect(try FactorOrder.heights(definition.nodes) == [0, 0, 0, 3, 2, 1, 1])
    }

    @Test func theOrderOfTheFileDoesNotMatter() throws {
        let rows = FactorMarket(seed: 6, waves: 200).rows()
        var lines = FactorTwinTests.groups[4].lines.split(separator: "\n").map(String.init)
        let a = try FactorBench(nodes(lines.joined(separator: "\n")), rows: rows)
        lines.reverse()
        let b = try FactorBench(nodes(lines.joined(separator: "\n")), rows: rows)
        while let ns = a.wave() {
            _ = b.wave()
            for id in a.graph.columns {
                let x = a.value(id, at: ns), y = b.value(id, at: ns)
                #expect(x == y || (x.isNaN && y.isNaN), "\(id)")
            }
        }
    }

    private func blocks() throws -> [String] {
        try String(contentsOf: Self.seed, encoding: .utf8).components(separatedBy: "```toml\n").dropFirst().map {
            String($0.components(separatedBy: "```")[0])
        }
    }

    // Runs where the founding document lies beside the checkout.
    @Test(.enabled(if: hasSeed)) func theFoundingDocumentsExamplesLoadAsTheyStand() throws {
        let texts = try blocks()
        let (graph, _) = try FactorBench.definition(texts[0]), (production, _) = try FactorBench.definition(texts[1])
        #expect(graph.name == "obi_mm_factors" && graph.symbol == "BTCUSDT")
        #expect(graph.columns == [
            "bid_depth_sum", "ask_depth_sum", "obi_raw", "obi_zscore", "buy_volume", "sell_volume", "trade_imbalance", "mid_price", "returns",
            "volatility", "alpha_combined",
        ])
        #expect(production.columns == ["obi", "trade_imbalance", "volatility", "combined"])
        #expect(production.production?.warmupSource == .replay)
    }

    // Runs where the sample data lies beside the checkout.
    @Test(.enabled(if: hasData)) func theFoundingDocumentsExamplesRunOnRealData() throws {
        for text in try blocks() {
            let (definition, _) = try FactorBench.definition(text)
            let spec = AssetSpec(symbol: "BTCUSDT", tickSize: 0.1, lotSize: 0.001)
            let graph = try FactorGraph(definition, assets: [spec])
            let input = AssetInput(spec: spec, events: try EventFiles.open(Self.data.path))
            let run = try FactorRun(graph, inputs: [input], sampling: .every(ns: 1_000_000_000))
            let samples = FactorSamples(capacity: 1000, columnCount: graph.columns.count)
            #expect(try run.fill(samples) == 345)
            #expect(samples.localNs.prefix(samples.count).allSatisfy { $0 % 1_000_000_000 == 0 })
            #expect(samples.column(graph.columns.count - 1).allSatisfy { $0.isFinite })
        }
    }
}
