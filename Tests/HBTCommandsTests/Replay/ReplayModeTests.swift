import Foundation
import HBTEngine
import HBTMarketData
import HBTTypes
import Testing

@testable import HBTCommands

/// How data is replayed changes nothing that a run leaves behind but `host.json`.
@Suite struct ReplayModeTests {
    /// Runs in a mode with a cache of the test's own.
    static func run(_ scratch: Scratch, _ settings: String, _ out: String, _ extra: [String] = []) -> Invocation {
        Invocation.run(["backtest", settings, "--out", scratch.file(out)] + extra, strategies: [JoiningEverywhere.self], cache: scratch.file("cache"))
    }

    /// An order at the best price of either side of each asset in turn.
    private final class JoiningEverywhere: Strategy {
        static let typeName = "joining_everywhere"
        let wake = StrategyWake.every(ns: 50_000_000)
        private var count: UInt64 = 0

        init(settings: SettingsTable, assets: [AssetSpec]) throws(SettingsError) {}

        func step(_ market: StrategyContext, reason: WakeReason) {
            count += 1
            let asset = Int(count % UInt64(market.assetCount)), side = count & 4 == 0 ? Side.buy : .sell
            let depth = market.depth(asset)
            let price = side == .buy ? depth.bestBid : depth.bestAsk
            if price.isFinite { market.submit(asset, side: side, orderId: count, price: price, quantity: 0.01) }
            market.clearInactiveOrders(asset)
        }
        func encode(into out: inout StateWriter) { out.put(count) }
        func restore(from input: inout StateReader) throws(StateError) { count = try input.word() }
    }

    static func host(_ scratch: Scratch, _ run: String) throws -> HostFacts {
        try JSONDecoder().decode(HostFacts.self, from: Data(scratch.bytes("\(run)/host.json")))
    }

    static func difference(_ scratch: Scratch, _ a: String, _ b: String) throws -> FileDifference? {
        try FileComparison.firstDifference(scratch.file(a), scratch.file(b), names: RunFiles.compared)
    }

    static func tapes(_ scratch: Scratch) throws -> [String] {
        ((try? scratch.names("cache")) ?? []).filter { $0.hasSuffix(".tape") }
    }

    /// Runs row by row, from a tape made on the way, and from the cached one; all must be equal.
    private func expectEqualInAllModes(_ scratch: Scratch, _ settings: String, _ extra: [String] = [], tapes: Int = 1) throws {
        for (name, mode) in [("rows", "rows"), ("made", "auto"), ("cached", "auto"), ("full", "full"), ("scan", "scan"), ("index", "index")] {
            let call = Self.run(scratch, settings, name, ["--replay", mode] + extra)
            #expect(call.status == 0 && call.error == "", "\(name): \(call.error)")
        }
        for name in ["made", "cached", "full", "scan", "index"] { #expect(try Self.difference(scratch, "rows", name) == nil, "\(name)") }
        #expect(try Self.host(scratch, "rows").replay.tape == "none")
        #expect(try Self.host(scratch, "made").replay.tape == "made")
        #expect(try Self.host(scratch, "cached").replay.tape == "cached")
        #expect(try Self.host(scratch, "cached").replay.mode != "rows")
        #expect(try Self.tapes(scratch).count == tapes)
    }

    @Test(arguments: ["none", "hftbacktest-2.4"]) func oneAsset(compatibility: String) throws {
        let scratch = try Scratch()
        try scratch.market()
        try expectEqualInAllModes(scratch, try scratch.settings(), ["--set", "compatibility=\(compatibility)"])
    }

    @Test func severalFilesOfAnAsset() throws {
        let scratch = try Scratch()
        let rows = try EventFileReader.readAll(scratch.market())
        try scratch.rows(Array(rows[..<(rows.count / 3)]), to: "a.npz")
        try scratch.rows(Array(rows[(rows.count / 3)...]), to: "b.npy")
        try expectEqualInAllModes(scratch, try scratch.settings(data: ["a.npz", "b.npy"]))
    }

    @Test(arguments: ["none", "hftbacktest-2.4"]) func severalAssets(compatibility: String) throws {
        let scratch = try Scratch()
        try scratch.market("a.npz", seconds: 8)
        try scratch.market("b.npz", seconds: 8, startNs: 1_722_988_800_500_000_000)
        let first = try String(contentsOfFile: scratch.settings(data: ["a.npz"]), encoding: .utf8)
        let asset = first.components(separatedBy: "[[asset]]")[1].components(separatedBy: "[strategy]")[0]
            .replacingOccurrences(of: "TEST", with: "OTHER").replacingOccurrences(of: "a.npz", with: "b.npz")
        let both = first.components(separatedBy: "[strategy]")[0] + "[[asset]]\(asset)[strategy]\ntype = \"joining_everywhere\"\n"
        let settings = try scratch.write(both, to: "two.toml")
        try expectEqualInAllModes(scratch, settings, ["--set", "compatibility=\(compatibility)"], tapes: 2)
    }

    @Test func initialSnapshotAndRangeAndOffset() throws {
        let scratch = try Scratch()
        let market = try scratch.market()
        let book = Invocation.run(["snapshot", market, "-o", scratch.file("eod.npz"), "--tick-size", "0.1", "--lot-size", "0.001"])
        #expect(book.status == 0)
        let text = try String(contentsOfFile: scratch.settings(), encoding: .utf8).replacingOccurrences(
            of: "latency =", with: "initial_snapshot = \"eod.npz\"\nbook = { kind = \"roi\", lower = 10.0, upper = 200000.0 }\nlatency =")
        try expectEqualInAllModes(scratch, scratch.write(text, to: "x.toml"))
    }

    /// The clock that `--until` stops moves through blocks or segments: what was read ahead must not show.
    @Test func untilIsTheSame() throws {
        let scratch = try Scratch()
        try scratch.market()
        let settings = try scratch.settings()
        let until = ["--until", "2024-08-07T00:00:10Z"]
        #expect(Self.run(scratch, settings, "rows", until + ["--replay", "rows"]).status == 0)
        #expect(Self.run(scratch, settings, "auto", until).status == 0)
        #expect(try Self.host(scratch, "auto").replay.mode == "rows", "no tape is made of data that may not be needed")
        #expect(Self.run(scratch, settings, "full", until + ["--replay", "full"]).status == 0)
        #expect(Self.run(scratch, settings, "cached", until).status == 0)
        #expect(try Self.host(scratch, "cached").replay.tape == "cached")
        for name in ["auto", "full", "cached"] { #expect(try Self.difference(scratch, "rows", name) == nil, "\(name)") }
    }

    @Test func sizesOffTheLotGridAreReplayedRowByRow() throws {
        let scratch = try Scratch()
        var rows = try EventFileReader.readAll(scratch.market("all.npz"))
        for i in rows.indices where rows[i].quantity > 0 { rows[i].quantity += 0.000_123 }
        try scratch.rows(rows, to: "market.npz")
        let settings = try scratch.settings()
        #expect(Self.run(scratch, settings, "rows", ["--replay", "rows"]).status == 0)
        for name in ["first", "again", "forced"] {
            let call = Self.run(scratch, settings, name, name == "forced" ? ["--replay", "full"] : [])
            #expect(call.status == 0)
            #expect(call.error.hasPrefix("hbt: replayed row by row: TEST: a size of ") && call.error.split(separator: "\n").count == 1, "\(call.error)")
            #expect(try Self.host(scratch, name).replay.mode == "rows")
            #expect(try Self.host(scratch, name).replay.reason?.hasPrefix("TEST: a size of ") == true)
            #expect(try Self.difference(scratch, "rows", name) == nil)
        }
        #expect(try Self.tapes(scratch).isEmpty)
        #expect(try scratch.names("cache").contains { $0.hasSuffix(".refusal") })
        #expect(Self.run(scratch, settings, "quiet", ["--quiet"]).error == "")
    }

    /// Rows say what is wrong, with file and row; nothing half made stays.
    @Test func aClockThatGoesBackIsToldAsEver() throws {
        let scratch = try Scratch()
        var rows = try EventFileReader.readAll(scratch.market("all.npz"))
        rows.swapAt(rows.count / 2, rows.count / 2 + 2_000)
        try scratch.rows(rows, to: "market.npz")
        let settings = try scratch.settings()
        let plain = Self.run(scratch, settings, "a", ["--replay", "rows"]), taped = Self.run(scratch, settings, "b")
        #expect(plain.status == 2 && taped.status == 2)
        #expect(plain.error == taped.error && plain.error.contains("goes back"))
        let kept = (try? scratch.names("cache")) ?? []
        #expect(kept.allSatisfy { $0.hasSuffix(".sha256") }, "\(kept)")
    }

    @Test func withoutACache() throws {
        let scratch = try Scratch()
        try scratch.market()
        let settings = try scratch.settings()
        #expect(Self.run(scratch, settings, "a", ["--no-cache"]).status == 0)
        #expect(Self.run(scratch, settings, "b", ["--no-cache", "--replay", "full"]).status == 0)
        #expect(!FileManager.default.fileExists(atPath: scratch.file("cache")))
        #expect(try Self.host(scratch, "a").replay.mode == "rows" && Self.host(scratch, "b").replay.mode != "rows")
        #expect(try Self.difference(scratch, "a", "b") == nil)
        // A place that cannot be written to costs the tape, not the run.
        try scratch.write("no folder", to: "file")
        let blocked = Self.run(scratch, settings, "c", ["--cache", scratch.file("file")])
        #expect(blocked.status == 0 && blocked.error.hasPrefix("hbt: replayed row by row: TEST: no tape could be kept: "), "\(blocked.error)")
        #expect(try Self.difference(scratch, "a", "c") == nil)
    }

    @Test func optionsThatMakeNoSense() throws {
        let scratch = try Scratch()
        try scratch.market(seconds: 2)
        let settings = try scratch.settings()
        for (arguments, message) in [
            (["--replay", "fast"], "--replay fast: unknown; one of auto, rows, full, scan, index"),
            (["--no-cache", "--cache", "x"], "--no-cache: there is no cache to place or to size; leave one of them out"),
            (["--cache", ""], "--cache: is empty; name a folder, or write --no-cache"),
            (["--cache-size", "much"], "--cache-size much: not a size; write a whole number of bytes, or with K, M, G or T behind it"),
        ] {
            let call = Self.run(scratch, settings, "x", arguments)
            #expect(call.status == 2 && call.error == "hbt: \(message)\n", "\(call.error)")
        }
    }

    @Test func verifyAndInspectionReplayAlike() throws {
        let scratch = try Scratch()
        try scratch.market()
        #expect(Self.run(scratch, try scratch.settings(), "run").status == 0)
        for mode in ["rows", "full"] {
            let verified = Invocation.run(["verify", scratch.file("run"), "--replay", mode], cache: scratch.file("cache"))
            #expect(verified.status == 0 && verified.out.hasPrefix("equal"), "\(verified.out)")
        }
        let states = ["rows", "full"].map { mode in
            Invocation.run(["inspect-state", scratch.file("run"), "--at", "step:70", "--replay", mode], cache: scratch.file("cache"))
        }
        #expect(states[0].status == 0)
        // What was read ahead is not of the run.
        func facts(_ text: String) -> [Substring] { text.split(separator: "\n").filter { !$0.contains("rows read") } }
        #expect(facts(states[0].out) == facts(states[1].out))
    }
}
