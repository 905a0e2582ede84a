import Foundation
import HBTMarketData
import HBTTypes
import Testing

@testable import HBTCommands

/// Each mistake: one line that says what, where and what to do, and exit status 2.
@Suite struct ErrorTests {
    private func expectError(_ arguments: [String], _ message: String, in scratch: Scratch? = nil) throws {
        let before = try scratch?.names()
        let call = Invocation.run(arguments)
        #expect(call.status == 2)
        #expect(call.out == "")
        #expect(call.error == "hbt: \(message)\n")
        // Nothing is left behind.
        #expect(try scratch?.names() == before)
    }

    @Test func usage() throws {
        try expectError(["backtets"], "there is no verb backtets; did you mean backtest?")
        try expectError(["backtest"], "name a settings file, or a snapshot with --resume")
        try expectError(["backtest", "x.toml", "--xyzzyx"], "Unknown option '--xyzzyx'; see hbt backtest --help")
        try expectError(["--xyzzyx"], "Unknown option '--xyzzyx'; see hbt --help")
    }

    @Test func settingsFiles() throws {
        let scratch = try Scratch()
        try expectError(["backtest", scratch.file("no.toml")], "\(scratch.file("no.toml")): there is no such file", in: scratch)
        try expectError(
            ["backtest", scratch.path], "\(scratch.path): this is a folder; name the settings file in it", in: scratch)
        let broken = try scratch.write("name = \"x\"\n[[asset\n", to: "broken.toml")
        let call = Invocation.run(["backtest", broken])
        #expect(call.status == 2)
        #expect(call.error.hasPrefix("hbt: \(broken):2: ") && call.error.split(separator: "\n").count == 1)
    }

    @Test func unknownKeysAndTypes() throws {
        let scratch = try Scratch()
        try scratch.market(seconds: 1)
        let settings = try scratch.settings()
        try expectError(
            ["backtest", settings, "--set", "strategy.half_sprad=1.0"],
            "--set strategy.half_sprad=1.0: unknown setting strategy.half_sprad; did you mean half_spread?", in: scratch)
        let typed = try scratch.write(
            String(decoding: scratch.bytes("run.toml"), as: UTF8.self).replacing("grid_market_making", with: "grid_market_makin"), to: "typed.toml")
        try expectError(
            ["backtest", typed],
            "\(typed):12: strategy.type = \"grid_market_makin\" is not known; did you mean \"grid_market_making\"? "
                + "(one of obi_market_making, grid_market_making, glft_market_making)", in: scratch)
    }

    @Test func missingData() throws {
        let scratch = try Scratch()
        let settings = try scratch.settings()
        try expectError(
            ["backtest", settings],
            "\(settings):4: TEST: data file \(scratch.file("market.npz")) does not exist; correct the path (paths are relative to the settings file)",
            in: scratch)
        try FileManager.default.createDirectory(atPath: scratch.file("market.npz"), withIntermediateDirectories: false)
        try expectError(
            ["backtest", settings],
            "\(settings):4: TEST: data file \(scratch.file("market.npz")) is a folder; name the files in it", in: scratch)
    }

    @Test func truncatedData() throws {
        let scratch = try Scratch()
        try scratch.market(seconds: 1)
        let bytes = try scratch.bytes("market.npz")
        try Data(bytes[..<(bytes.count / 2)]).write(to: URL(fileURLWithPath: scratch.file("market.npz")))
        let call = Invocation.run(["backtest", try scratch.settings(), "--out", scratch.file("run")])
        #expect(call.status == 2)
        #expect(call.error.hasPrefix("hbt: \(scratch.file("market.npz")): ") && call.error.split(separator: "\n").count == 1, "\(call.error)")
        #expect(try scratch.names() == ["market.npz", "run.toml"])
    }

    @Test func anotherDtype() throws {
        let scratch = try Scratch()
        let writer = try LatencyFileWriter(path: scratch.file("market.npz"))
        try writer.append([LatencyRow(requestNs: 1, exchangeNs: 2, responseNs: 3)])
        try writer.finish()
        let call = Invocation.run(["backtest", try scratch.settings(), "--out", scratch.file("run")])
        #expect(call.status == 2)
        #expect(call.error.hasPrefix("hbt: \(scratch.file("market.npz")): ") && call.error.contains("expected"), "\(call.error)")
        #expect(try scratch.names() == ["market.npz", "run.toml"])
    }

    @Test func noRows() throws {
        let scratch = try Scratch()
        try scratch.rows([], to: "market.npz")
        let settings = try scratch.settings()
        try expectError(
            ["backtest", settings, "--out", scratch.file("run")],
            "\(settings):4: TEST: the data has no rows (\(scratch.file("market.npz"))); convert it again", in: scratch)
    }

    @Test func filesOutOfOrder() throws {
        let scratch = try Scratch()
        try scratch.market("one.npz", seconds: 2)
        try scratch.market("two.npz", seconds: 2, startNs: 1_722_988_000_000_000_000)
        let settings = try scratch.settings(data: ["one.npz", "two.npz"])
        let call = Invocation.run(["backtest", settings, "--out", scratch.file("run")])
        #expect(call.status == 2)
        // The row is counted within the file that it is in.
        #expect(call.error.hasPrefix("hbt: \(scratch.file("two.npz")): row 0: exch_ts goes back from 17229888"), "\(call.error)")
        #expect(try scratch.names() == ["one.npz", "run.toml", "two.npz"])
    }

    @Test func dataTooShort() throws {
        let scratch = try Scratch()
        try scratch.market(seconds: 1)
        let settings = try scratch.settings()
        try expectError(
            ["backtest", settings, "--out", scratch.file("run"), "--set", "strategy.interval=1h"],
            "\(settings): the data ends before the strategy's first step; give more data, or a shorter interval", in: scratch)
        try expectError(
            ["backtest", settings, "--out", scratch.file("run"), "--until", "2020-01-01"],
            "the strategy has no step up to 1577836800000000000 ns; set --until later", in: scratch)
        try expectError(
            ["backtest", settings, "--until", "noon"],
            "--until noon: not a time; write 2024-08-08T12:00:00Z, or nanoseconds since 1970", in: scratch)
    }

    @Test func aStrategyThatHangs() throws {
        let scratch = try Scratch()
        try scratch.market(seconds: 1)
        let settings = try scratch.settings()
        let text = String(decoding: try scratch.bytes("run.toml"), as: UTF8.self)
        let head = text.split(separator: "[strategy]")[0]
        try scratch.write(head + "[strategy]\ntype = \"standing\"\n[record]\nevery = \"1s\"\n", to: "run.toml")
        let call = Invocation.run(["backtest", settings, "--out", scratch.file("run")], strategies: [Standing.self])
        #expect(call.status == 2)
        #expect(
            call.error
                == "hbt: standing: 100096 steps without time passing, at 1722988800000000000 ns; its wake must let time pass\n", "\(call.error)")
        #expect(try scratch.names() == ["market.npz", "run.toml"])
    }

    @Test func twoStrategiesOfOneName() throws {
        let call = Invocation.run(["--version"], strategies: [Standing.self, Standing.self])
        #expect(call.status == 2)
        #expect(call.error == "hbt: two strategies are registered as \"standing\"; give each a typeName of its own\n")
    }

    /// Not as root, who may write anywhere.
    @Test(.enabled(if: getuid() != 0)) func aFolderThatCannotBeWrittenTo() throws {
        let scratch = try Scratch()
        try scratch.market(seconds: 1)
        try FileManager.default.createDirectory(atPath: scratch.file("locked"), withIntermediateDirectories: false)
        chmod(scratch.file("locked"), 0o555)
        try expectError(
            ["backtest", try scratch.settings(), "--out", scratch.file("locked/run")],
            "\(scratch.file("locked")): cannot be written to: Permission denied; name another place with --out", in: scratch)
    }

    @Test func aPlaceBelowAFile() throws {
        let scratch = try Scratch()
        try scratch.market(seconds: 1)
        try expectError(
            ["backtest", try scratch.settings(), "--out", scratch.file("market.npz/run")],
            "\(scratch.file("market.npz")): this is a file, not a folder; name another place with --out", in: scratch)
    }

    /// A limit on the size of files plays the full disk: the same path with another word from the system.
    @Test(.enabled(if: Invocation.product != nil)) func aFullDisk() throws {
        let product = try #require(Invocation.product)
        let scratch = try Scratch()
        try scratch.market(seconds: 20)
        try scratch.settings()
        let call = Invocation.end(try Invocation.spawn(
            product, ["backtest", "run.toml", "--out", "run"], setUp: "ulimit -f 8", in: scratch.path))
        #expect(call.status == 2)
        // The cache fills up first, which alone would not stop the run.
        #expect(call.error.hasPrefix("hbt: replayed row by row: TEST: no tape could be kept: "))
        #expect(call.error.split(separator: "\n").last?.hasPrefix("hbt: run/") == true)
        #expect(call.error.hasSuffix("File too large; free some space, or write to another place\n"), "\(call.error)")
        #expect(try scratch.names() == ["market.npz", "run.toml"])
    }
}
