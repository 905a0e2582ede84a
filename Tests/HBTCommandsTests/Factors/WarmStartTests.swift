import Foundation
import HBTEngine
import HBTMarketData
import HBTTypes
import Testing

@testable import HBTCommands

@Suite("Warm starts")
struct WarmStartTests {
    private let scratch: Scratch
    private let registry = StrategyRegistry([], builtIn: BuiltInStrategies.all)
    /// First row of the second half.
    private let splitNs: Int64

    init() throws {
        scratch = try Scratch()
        let rows = try EventFileReader.readAll(scratch.market())
        // Between two moments, so that no message is torn.
        let middle = try #require(rows.indices.dropFirst(rows.count / 2).first { i in
            rows[i].localNs > rows[i - 1].localNs && rows[i].exchangeNs > (rows[..<i].map(\.exchangeNs).max() ?? 0)
        })
        splitNs = rows[middle].localNs
        try scratch.rows(Array(rows[..<middle]), to: "early.npz")
        try scratch.rows(Array(rows[middle...]), to: "late.npz")
    }

    private func run(_ settings: String, name: String = "run.toml") throws -> StrategyRun {
        let asked = try RunPlan(file: scratch.write(settings, to: name), registry: registry)
        let plan = try WarmStart.settled(asked, .rows, session: Session()) { _ in }
        let run = try PreparedRun(plan, .rows, session: Session()).run
        while run.advance(maxSteps: 1_000) {}
        #expect(run.backtest.dataError == nil)
        return run
    }

    private func digest(_ run: StrategyRun) throws -> Digest {
        try #require(run.backtest.factors).digest(at: run.backtest.nowNs)
    }

    private func firstOrderNs(_ run: StrategyRun) -> Int64? { run.backtest.takeOrders().map(\.localNs).min() }

    @Test("warmed by replayed history: the factors of a run that started earlier") func replay() throws {
        let earlier = try run(FactorFixture.settings(data: "\"early.npz\", \"late.npz\""))
        let warmed = try run(FactorFixture.settings(data: "\"late.npz\"", warmup: "[warmup]\nsource = \"replay\"\npath = \"early.npz\""))
        let cold = try run(FactorFixture.settings(data: "\"late.npz\""))
        #expect(try digest(warmed) == digest(earlier))
        #expect(try digest(cold) != digest(earlier), "the comparison can fail")
        let first = try #require(firstOrderNs(warmed))
        #expect(first >= splitNs)
        #expect(try #require(firstOrderNs(earlier)) < splitNs)
        #expect(warmed.warmUp?.untilNs.map { $0 >= splitNs && $0 < splitNs + 1_000_000_000 } == true)
    }

    @Test("a folder of history is its files in the order of names") func folder() throws {
        let rows = try EventFileReader.readAll(scratch.file("early.npz"))
        // A boundary between messages, as above.
        let cut = try #require(rows.indices.dropFirst(rows.count / 2).first { i in
            rows[i].localNs > rows[i - 1].localNs && rows[i].exchangeNs > (rows[..<i].map(\.exchangeNs).max() ?? 0)
        })
        try FileManager.default.createDirectory(atPath: scratch.file("history"), withIntermediateDirectories: true)
        try scratch.rows(Array(rows[cut...]), to: "history/2.npz")
        try scratch.rows(Array(rows[..<cut]), to: "history/1.npz")
        try scratch.write("not market data", to: "history/0-readme.txt")
        let earlier = try run(FactorFixture.settings(data: "\"early.npz\", \"late.npz\""))
        let warmed = try run(FactorFixture.settings(data: "\"late.npz\"", warmup: "[warmup]\nsource = \"replay\"\npath = \"history\""))
        #expect(try digest(warmed) == digest(earlier))
    }

    @Test("a production file's replay_path may be a folder") func productionFolder() throws {
        try FileManager.default.createDirectory(atPath: scratch.file("history"), withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: scratch.file("early.npz"), toPath: scratch.file("history/day.npz"))
        try scratch.write(FactorFixture.production, to: "production.toml")
        let settings = FactorFixture.settings(data: "\"late.npz\"", alpha: "combined")
        let head = try #require(settings.range(of: "[graph]"))
        let text = String(settings[..<head.lowerBound]) + "[factors]\nfile = \"production.toml\"\n"
        let warmed = try run(text)
        let cold = FactorFixture.production.replacing("replay_path = \"history\"", with: "").replacing("\"replay\"", with: "\"cold\"")
        try scratch.write(cold, to: "cold.toml")
        let both = text.replacing("\"late.npz\"", with: "\"early.npz\", \"late.npz\"")
        let earlier = try run(both.replacing("production.toml", with: "cold.toml"))
        #expect(try digest(warmed) == digest(earlier))
        try FileManager.default.removeItem(atPath: scratch.file("history/day.npz"))
        let call = Invocation.run(["backtest", try scratch.write(text, to: "again.toml"), "--out", scratch.file("out")])
        #expect(call.status == 2)
        #expect(call.error.contains("this folder of history has no market data"), "\(call.error)")
    }

    @Test("from a snapshot: the values of the run that it comes from, had that gone on") func snapshotDigest() throws {
        // One run over everything, and one over the first half whose last snapshot another goes on from.
        let whole = try run(FactorFixture.settings(data: "\"early.npz\", \"late.npz\""))
        let settings = FactorFixture.settings(data: "\"early.npz\"")
        let text = try scratch.write(settings, to: "first.toml")
        let plan = try RunPlan(file: text, registry: registry)
        let first = try PreparedRun(plan, .rows, session: Session()).run
        while first.advance(maxSteps: 1_000) {}
        // Played to the last row, so that none is missing between the snapshot and the second half.
        try FileManager.default.createDirectory(atPath: scratch.file("kept"), withIntermediateDirectories: true)
        try RunSnapshot(of: first, plan: plan, journalBytes: 0).write(to: scratch.file("kept/step-1.snap"))
        let warmed = try run(FactorFixture.settings(data: "\"late.npz\"", warmup: "[warmup]\nsource = \"snapshot\"\npath = \"kept\""))
        let nowNs = max(whole.backtest.nowNs, warmed.backtest.nowNs)
        #expect(try #require(warmed.backtest.factors).digest(at: nowNs) == #require(whole.backtest.factors).digest(at: nowNs))
        let cold = try run(FactorFixture.settings(data: "\"late.npz\""))
        #expect(try #require(cold.backtest.factors).digest(at: nowNs) != #require(whole.backtest.factors).digest(at: nowNs), "the comparison can fail")
    }

    @Test("a duration of replay keeps the strategy waiting, not the factors") func duration() throws {
        let waiting = try run(FactorFixture.settings(warmup: "[warmup]\nsource = \"replay\"\nduration = \"10s\""))
        let plain = try run(FactorFixture.settings())
        #expect(try digest(waiting) == digest(plain))
        #expect(waiting.steps == plain.steps)
        let rows = try EventFileReader.readAll(scratch.file("market.npz"))
        let start = min(rows.map(\.localNs).min() ?? 0, rows.map(\.exchangeNs).min() ?? 0)
        #expect(try #require(firstOrderNs(waiting)) >= start + 10_000_000_000)
        #expect(try #require(firstOrderNs(plain)) < start + 10_000_000_000)
    }

    @Test("without a word about it a strategy waits for the nodes of its graph") func nodes() throws {
        let cold = try run(FactorFixture.settings())
        let warmUp = try #require(cold.warmUp), until = try #require(warmUp.untilNs)
        // "flow" covers two seconds.
        #expect(until - warmUp.fromNs >= 1_000_000_000)
        #expect(try #require(firstOrderNs(cold)) >= until)
        let eager = try run(FactorFixture.settings(warmup: "[warmup]\nsource = \"cold\"\nwait = false"))
        #expect(eager.warmUp == nil)
        #expect(try #require(firstOrderNs(eager)) < until)
        let some = try run(FactorFixture.settings(warmup: "[warmup]\nsource = \"cold\"\nwait = [\"bids\"]"))
        #expect((some.warmUp?.untilNs ?? 0) < until)
    }

    @Test("from a snapshot: the factors and the book go on where they were") func snapshot() throws {
        let settings = FactorFixture.settings(data: "\"early.npz\"")
        let first = Invocation.run(["backtest", try scratch.write(settings, to: "first.toml"), "--out", scratch.file("first"), "--snapshot-every", "100ms"])
        #expect(first.status == 0, "\(first.error)")
        let warmed = try run(FactorFixture.settings(
            data: "\"late.npz\"", warmup: "[warmup]\nsource = \"snapshot\"\npath = \"first\""))
        let cold = try run(FactorFixture.settings(data: "\"late.npz\""))
        let warm = try #require(warmed.backtest.factors), other = try #require(cold.backtest.factors)
        #expect(warm.waves > other.waves, "it goes on from the snapshot's")
        let start = try #require(firstOrderNs(warmed))
        #expect(start < splitNs + 200_000_000, "it is warm at once")
        #expect(try #require(firstOrderNs(cold)) > splitNs + 1_000_000_000)
    }

    @Test("a snapshot that does not fit is refused by name") func otherSnapshot() throws {
        let settings = FactorFixture.settings(data: "\"early.npz\"")
        _ = Invocation.run(["backtest", try scratch.write(settings, to: "first.toml"), "--out", scratch.file("first"), "--snapshot-every", "1s"])
        func refusal(_ text: String) throws -> String {
            Invocation.run(["backtest", try scratch.write(text, to: "second.toml"), "--out", scratch.file("second")]).error
        }
        let warmup = "[warmup]\nsource = \"snapshot\"\npath = \"first\"\nrequired = true"
        let changed = FactorFixture.settings(data: "\"late.npz\"", warmup: warmup).replacing("window = 50", with: "window = 51")
        #expect(try refusal(changed).contains("no warm start from this snapshot"))
        #expect(try refusal(FactorFixture.settings(data: "\"early.npz\"", warmup: warmup)).contains("after the first row of TEST's data"))
        #expect(try refusal(FactorFixture.settings(warmup: warmup.replacing("first", with: "nowhere"))).contains("does not exist"))
    }

    @Test("a run says when it was warm, and is repeated as it was") func report() throws {
        let settings = FactorFixture.settings(data: "\"late.npz\"", warmup: "[warmup]\nsource = \"replay\"\npath = \"early.npz\"\nduration = \"1s\"")
        let call = Invocation.run(["backtest", try scratch.write(settings, to: "run.toml"), "--out", scratch.file("out"), "--snapshot-every", "3s"])
        #expect(call.status == 0, "\(call.error)")
        #expect(call.out.contains("Warm-up until (UTC)"))
        #expect(String(decoding: try scratch.bytes("out/summary.json"), as: UTF8.self).contains("\"warmup\": {"))
        #expect(String(decoding: try scratch.bytes("out/report.html"), as: UTF8.self).contains("Warm-up (UTC)"))
        #expect(Invocation.run(["verify", scratch.file("out")]).out.hasPrefix("equal: "))
        let snapshots = try scratch.names("out/snapshots").filter { $0.hasSuffix(".snap") }
        for (index, snapshot) in snapshots.prefix(3).enumerated() {
            let again = Invocation.run(["backtest", "--resume", scratch.file("out/snapshots/\(snapshot)"), "--out", scratch.file("again\(index)")])
            #expect(again.status == 0, "\(again.error)")
            #expect(Invocation.run(["diff", scratch.file("out"), scratch.file("again\(index)")]).status == 0)
        }
        let state = Invocation.run(["inspect-state", scratch.file("out"), "--at", "step:20"])
        #expect(state.out.contains("flow"))
        #expect(state.out.contains("not yet") || state.out.contains("yes"))
        let json = Invocation.run(["inspect-state", scratch.file("out"), "--at", "step:1", "--json"]).out
        let root = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
        let nodes = try #require(root["factors"] as? [[String: Any]])
        #expect(nodes.compactMap { $0["id"] as? String } == ["bids", "flow", "score", "alpha"])
        #expect(nodes.allSatisfy { $0["isWarm"] is Bool && $0["value"] != nil })
    }

    @Test("mistakes", arguments: [
        ("[warmup]\nsource = \"replay\"", "warmup.duration is missing"),
        ("[warmup]\nsource = \"warm\"", "is not known"),
        ("[warmup]\nsource = \"cold\"\nduration = \"3s\"", "belongs to replay and snapshot"),
        ("[warmup]\nsource = \"replay\"\nduration = \"3s\"\nsorce = 1", "unknown setting warmup.sorce"),
        ("[warmup]\nsource = \"cold\"\nwait = [\"alhpa\"]", "did you mean alpha?"),
        ("[factors]\nfile = \"graph.toml\"", "cannot stand beside [factors]"),
    ]) func mistakes(_ warmup: String, _ message: String) throws {
        let call = Invocation.run(["backtest", try scratch.write(FactorFixture.settings(warmup: warmup), to: "run.toml"), "--out", scratch.file("out")])
        #expect(call.status == 2)
        #expect(call.error.contains(message), "\(call.error)")
    }
}
