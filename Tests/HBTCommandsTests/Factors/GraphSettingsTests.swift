import HBTEngine
import Testing

@testable import HBTCommands

@Suite("Factor graphs of runs")
struct GraphSettingsTests {
    private let scratch: Scratch

    init() throws {
        scratch = try Scratch()
        try scratch.market()
    }

    private func backtest(_ settings: String, _ out: String) throws -> Invocation {
        Invocation.run(["backtest", try scratch.write(settings, to: "run.toml"), "--out", scratch.file(out)])
    }

    private static let inFile = FactorFixture.settings().components(around: "[graph]")

    @Test("a graph in a file of its own is the same run") func ownFile() throws {
        #expect(try backtest(FactorFixture.settings(), "a").status == 0)
        try scratch.write("[graph]" + Self.inFile.after, to: "graph.toml")
        let call = try backtest(Self.inFile.before + "[factors]\nfile = \"graph.toml\"\n", "b")
        #expect(call.status == 0, "\(call.error)")
        #expect(Invocation.run(["diff", scratch.file("a"), scratch.file("b")]).status == 0)
        #expect(try scratch.bytes("a/config.toml") == scratch.bytes("b/config.toml"))
    }

    @Test("mistakes in a graph stand at their line") func lines() throws {
        let settings = FactorFixture.settings().replacing("dependencies = [\"bids\"]", with: "dependencies = [\"bidz\"]")
        let line = settings.split(separator: "\n", omittingEmptySubsequences: false).firstIndex { $0.contains("bidz") }.map { $0 + 1 } ?? 0
        let call = try backtest(settings, "a")
        #expect(call.status == 2)
        #expect(call.error.contains("run.toml:\(line): score depends on bidz, which is not a node; did you mean bids?"), "\(call.error)")
        #expect(try backtest(FactorFixture.settings(alpha: "alhpa"), "a").error.contains("did you mean alpha?"))
        #expect(try backtest(Self.inFile.before, "a").error.contains("needs a factor graph"))
    }

    @Test("a production file's snapshots are taken without flags") func production() throws {
        let engine = """
            [factor_engine]
            symbol = "TEST"
            [factor_engine.snapshot]
            interval_seconds = 2
            max_snapshots = 3
            path = "kept"
            [factor_engine.warmup]
            source = "replay"
            duration_seconds = 3
            [[factor_engine.factors]]
            name = "obi"
            type = "OBIFactor"
            params = { looking_depth = 0.01, window = 20 }
            [factor_engine.combination]
            weights = { obi = 1.0 }
            """
        let settings = Self.inFile.before.replacing("alpha = \"alpha\"", with: "alpha = \"combined\"") + engine
        let call = try backtest(settings, "a")
        #expect(call.status == 0, "\(call.error)")
        func snapshots(_ folder: String) throws -> [String] { try scratch.names(folder).filter { $0.hasSuffix(".snap") } }
        #expect(try snapshots("a/snapshots").count == 3)
        #expect(try snapshots("kept") == snapshots("a/snapshots"))
        #expect(String(decoding: try scratch.bytes("a/config.toml"), as: UTF8.self).contains("[warmup]\nsource = \"replay\"\nduration = \"3s\""))
        #expect(Invocation.run(["verify", scratch.file("a")]).status == 0)
        #expect(try backtest(settings.replacing("max_snapshots = 3", with: "enabled = false"), "b").status == 0)
        #expect(!(try scratch.names("b").contains("snapshots")))
    }
}

extension String {
    fileprivate func components(around word: String) -> (before: String, after: String) {
        guard let range = range(of: word) else { return (self, "") }
        return (String(self[..<range.lowerBound]), String(self[range.upperBound...]))
    }

    private func range(of word: String) -> Range<String.Index>? { ranges(of: word).first }
}
