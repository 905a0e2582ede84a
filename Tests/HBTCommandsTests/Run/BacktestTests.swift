import Foundation
import HBTDigest
import HBTMarketData
import Testing

@testable import HBTCommands

@Suite struct BacktestTests {
    @Test func aRunLeavesItsFolder() throws {
        let scratch = try Scratch()
        try scratch.market()
        let call = Invocation.run(["backtest", try scratch.settings(), "--out", scratch.file("run")])
        #expect(call.status == 0)
        #expect(call.error == "")
        #expect(call.out.contains("TEST") && call.out.contains("report  \(scratch.file("run"))/report.html"))
        #expect(try scratch.names("run") == RunFiles.all.sorted())
        #expect(try scratch.names() == ["market.npz", "run", "run.toml"])
    }

    @Test func twoRunsAreEqualInEveryByteButTheHost() throws {
        let scratch = try Scratch()
        try scratch.market()
        let settings = try scratch.settings()
        for name in ["a", "b"] { #expect(Invocation.run(["backtest", settings, "--out", scratch.file(name)]).status == 0) }
        for name in RunFiles.compared { #expect(try scratch.bytes("a/\(name)") == scratch.bytes("b/\(name)"), "\(name)") }
    }

    /// The same digest in debug and release, on any machine: it was stored from a release build.
    @Test func theDigestIsTheStoredOne() throws {
        let scratch = try Scratch()
        try scratch.market()
        #expect(Invocation.run(["backtest", try scratch.settings(), "--out", scratch.file("run")]).status == 0)
        let manifest = try JSONDecoder().decode(Manifest.self, from: Data(scratch.bytes("run/manifest.json")))
        #expect(manifest.digest == "4ce5c7b06592f3db")
        #expect(manifest.counts.fills > 0 && manifest.counts.steps == 200)
    }

    @Test func theManifestListsWhatWentInAndCameOut() throws {
        let scratch = try Scratch()
        let market = try scratch.market()
        #expect(Invocation.run(["backtest", try scratch.settings(), "--out", scratch.file("run")]).status == 0)
        let manifest = try JSONDecoder().decode(Manifest.self, from: Data(scratch.bytes("run/manifest.json")))
        #expect(manifest.inputs.map(\.path) == [market])
        #expect(manifest.inputs.map(\.sha256) == [SHA256.hex(file: market)])
        #expect(manifest.files.map(\.name) == RunFiles.listed)
        for file in manifest.files { #expect(file.sha256 == SHA256.hex(file: scratch.file("run/\(file.name)"))) }
        #expect(!manifest.interrupted && manifest.untilNs == nil)
        #expect(manifest.counts.records == manifest.counts.steps)
    }

    @Test func untilEndsBeforeTheFirstStepAfterIt() throws {
        let scratch = try Scratch()
        try scratch.market()
        let settings = try scratch.settings()
        // The market starts at 2024-08-07T00:00:00 by the venue's clock.
        for (name, until) in [("a", "2024-08-07T00:00:10Z"), ("b", "1722988810000000000")] {
            #expect(Invocation.run(["backtest", settings, "--until", until, "--out", scratch.file(name)]).status == 0)
            let manifest = try JSONDecoder().decode(Manifest.self, from: Data(scratch.bytes("\(name)/manifest.json")))
            #expect(manifest.untilNs == 1_722_988_810_000_000_000)
            #expect((manifest.span?.lastNs ?? 0) <= 1_722_988_810_000_000_000)
            #expect(manifest.counts.steps == 100)
        }
    }

    @Test func everyLineOfTheTablesHasItsColumns() throws {
        let scratch = try Scratch()
        try scratch.market()
        #expect(Invocation.run(["backtest", try scratch.settings(), "--out", scratch.file("run")]).status == 0)
        for (name, columns) in [("fills.csv", 18), ("orders.csv", 19)] {
            let lines = String(decoding: try scratch.bytes("run/\(name)"), as: UTF8.self).split(separator: "\n")
            #expect(lines.count > 10)
            #expect(lines.allSatisfy { $0.split(separator: ",", omittingEmptySubsequences: false).count == columns }, "\(name)")
        }
    }

    @Test func collectorFilesAndEventFilesGiveTheSameRun() throws {
        guard Shared.isHere else { return }
        let scratch = try Scratch()
        let raw = Shared.file("data/hftbacktest-raw/usdm/btcusdt_20240808.gz")
        guard FileManager.default.fileExists(atPath: raw) else { return }
        #expect(Invocation.run(["convert", "binance-futures", raw, "-o", scratch.file("market.npz")]).status == 0)
        try scratch.settings("npz.toml", extra: "[record]\nevery = \"10s\"")
        try scratch.settings("raw.toml", data: [raw], extra: "[record]\nevery = \"10s\"")
        for name in ["npz", "raw"] {
            #expect(Invocation.run(["backtest", scratch.file("\(name).toml"), "--out", scratch.file(name)]).status == 0)
        }
        for name in [RunFiles.records, RunFiles.fills, RunFiles.orders] {
            #expect(try scratch.bytes("npz/\(name)") == scratch.bytes("raw/\(name)"), "\(name)")
        }
    }

    @Test func latencyFromTheFeedRuns() throws {
        let scratch = try Scratch()
        try scratch.market()
        let settings = try scratch.settings()
        let call = Invocation.run([
            "backtest", settings, "--out", scratch.file("run"), "--set", "asset.latency={ kind = \"feed\", entry_multiplier = 4 }",
        ])
        #expect(call.status == 0, "\(call.error)")
        #expect(Invocation.run(["verify", scratch.file("run")]).status == 0)
    }

    @Test func twoFilesAreOneStream() throws {
        let scratch = try Scratch()
        try scratch.market("one.npz", seconds: 5)
        try scratch.market("two.npz", seconds: 5, startNs: 1_722_988_806_000_000_000)
        let settings = try scratch.settings(data: ["one.npz", "two.npz"])
        #expect(Invocation.run(["backtest", settings, "--out", scratch.file("run")]).status == 0)
        let manifest = try JSONDecoder().decode(Manifest.self, from: Data(scratch.bytes("run/manifest.json")))
        #expect(manifest.counts.steps > 100)
        #expect(manifest.inputs.count == 2)
    }
}
