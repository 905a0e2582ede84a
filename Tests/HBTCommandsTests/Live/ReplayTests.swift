import Foundation
import HBTEngine
import HBTLive
import HBTMarketData
import HBTTypes
import Testing

@testable import HBTCommands

@Suite struct ReplayTests {
    /// A paper session on a synthetic market, journalled.
    private func session(_ scratch: Scratch, settings: String? = nil) throws -> DecisionLoop {
        try scratch.market()
        let text = try String(contentsOfFile: scratch.settings(), encoding: .utf8)
        let registry = StrategyRegistry([], builtIn: BuiltInStrategies.all)
        let plan = try RunPlan(text: text, name: scratch.file("run.toml"), registry: registry)
        let start = JournalStart(settings: settings ?? plan.configText, runId: "1", isPaper: true, reorderNs: 100_000_000, latencyLimitNs: 5_000_000_000)
        let made = try LiveRun.make(plan, start)
        try FileManager.default.createDirectory(atPath: scratch.file("journal"), withIntermediateDirectories: false)
        let writer = try JournalWriter(folder: scratch.file("journal"), mostFileBytes: 100_000)
        writer.add(.start(start))
        let loop = DecisionLoop(run: made.run, feeds: made.feeds, journal: writer)
        var requests: [LiveRequest] = [], next = 0
        let rows = try EventFileReader.readAll(scratch.file("market.npz")).sorted { $0.localNs < $1.localNs }
        while next < rows.count {
            let end = min(next + 7, rows.count)
            Array(rows[next..<end]).withUnsafeBufferPointer { loop.rows($0, asset: 0) }
            loop.advance(to: rows[end - 1].localNs, requests: &requests)
            if next % 700 == 0 { loop.mark() }
            next = end
        }
        loop.finish(at: rows[rows.count - 1].localNs)
        return loop
    }

    @Test func aPaperRunReplaysAndBacktestsToTheSameDigest() throws {
        let scratch = try Scratch()
        let loop = try session(scratch)
        let call = Invocation.run(["replay", scratch.file("journal"), "--recording", scratch.file("recording.npz")])
        let digest = loop.run.backtest.digest.hex
        #expect(call.error == "")
        #expect(call.status == 0)
        #expect(call.out.hasPrefix("equal: \(loop.run.backtest.requestCount) requests, "))
        #expect(call.out.contains("digest \(digest)"))
        #expect(loop.run.backtest.fillCount > 0)
        let settings = try scratch.settings("again.toml", data: ["recording.npz"])
        #expect(Invocation.run(["backtest", settings, "--out", scratch.file("again"), "--quiet"]).status == 0)
        let manifest = try String(contentsOfFile: scratch.file("again/manifest.json"), encoding: .utf8)
        #expect(manifest.contains(digest))
        #expect(Invocation.run(["replay", scratch.file("journal"), "--recording", scratch.file("recording.npz")]).status == 2, "never over a file")
        let json = Invocation.run(["replay", scratch.file("journal"), "--json"])
        #expect(json.out.contains("\"equal\""))
    }

    @Test func otherSettingsAreADifference() throws {
        let scratch = try Scratch()
        let text = try String(contentsOfFile: scratch.settings(), encoding: .utf8)
        _ = try session(scratch, settings: text.replacingOccurrences(of: "half_spread = 0.5", with: "half_spread = 0.9"))
        let call = Invocation.run(["replay", scratch.file("journal")])
        #expect(call.status == 1)
        #expect(call.out.hasPrefix("different: the run asked for order"))
    }

    @Test func whatIsNoJournalIsRefused() throws {
        let scratch = try Scratch()
        #expect(Invocation.run(["replay", scratch.path]).error.contains("there is no journal (no .hbtj file) in this folder"))
        try scratch.write("hello", to: "x.hbtj")
        let call = Invocation.run(["replay", scratch.file("x.hbtj")])
        #expect(call.status == 2)
        #expect(call.error.contains("not a journal of this program"))
    }

    @Test func mistakesInLiveTablesAreFoundByABacktestToo() throws {
        let scratch = try Scratch()
        try scratch.market(seconds: 2)
        let settings = try scratch.settings(extra: "[venue]\nmarket = \"usd-m\"\n[risk]\nmax_position_value = 1.0\nmax_order_value = 1.0\nmax_los = 2")
        let call = Invocation.run(["backtest", settings, "--out", scratch.file("run")])
        #expect(call.status == 2)
        #expect(call.error.contains("unknown setting risk.max_los; did you mean max_loss?"))
    }
}
