import Foundation
import HBTConfig
import HBTTypes
import Testing

/// The files that users start from.
@Suite struct ExampleTests {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    @Test func theExampleStrategyLoads() throws {
        let path = Self.root.appendingPathComponent("strategies/obi-market-making.toml").path
        let run = try RunSettingsReader.read(SettingsFile.load(path: path), strategyTypes: ["obi_market_making"])
        #expect(run.name == "obi-market-making")
        #expect(run.assets[0].spec == AssetSpec(
            symbol: "BTCUSDT", tickSize: 0.1, lotSize: 0.001, contract: .linear(size: 1), book: .roi(lower: 10_000, upper: 150_000),
            latency: .constant(entryNs: 10_000_000, responseNs: 10_000_000), queue: .powerProb(n: 3),
            fee: FeeSpec(kind: .tradingValue, maker: -0.00005, taker: 0.0007)
        ))
        #expect(run.assets[0].dataFiles.map { $0.hasSuffix("/data/btcusdt-sample.npz") && !$0.contains("..") } == [true])
        #expect(run.strategy.entries.map(\.key) == [
            "interval", "looking_depth", "window", "half_spread", "skew", "c1", "order_qty_value", "max_position_value", "grid_num",
            "grid_interval",
        ])
        #expect(run.record == .step)
    }

    /// Every key that a resolved file can hold is explained in docs/settings.md.
    @Test func everyKeyIsDocumented() throws {
        let docs = try String(contentsOf: Self.root.appendingPathComponent("docs/settings.md"), encoding: .utf8)
        let texts = [
            Sample.text, Sample.with("latency", "latency = \"feed\""),
            Sample.with("latency", "latency = { kind = \"interpolated\", file = \"a\" }"), Sample.with("at", "every = \"1s\""),
        ]
        var keys: [String] = []
        for text in texts {
            let resolved = try ResolvedConfig.text(Sample.read(text))
            for match in resolved.matches(of: #/([a-z0-9_]+) = /#) { keys.append(String(match.1)) }
        }
        #expect(keys.count > 60)
        let own = ["half_spread", "interval"]
        for key in keys where !own.contains(key) { #expect(docs.contains("`\(key)`"), "\(key)") }
    }
}
