import Foundation
import Testing

@testable import HBTCommands

/// Where a finished run goes, and what it never overwrites.
@Suite struct PlacementTests {
    @Test func anEqualRunStays() throws {
        let scratch = try Scratch()
        try scratch.market(seconds: 5)
        let arguments = ["backtest", try scratch.settings(), "--out", scratch.file("run")]
        #expect(Invocation.run(arguments).status == 0)
        let host = try scratch.bytes("run/host.json")
        let again = Invocation.run(arguments)
        #expect(again.status == 0)
        #expect(again.error == "hbt: \(scratch.file("run")) holds this run already, byte for byte\n")
        #expect(try scratch.bytes("run/host.json") == host)
    }

    @Test func anotherRunIsReplacedOnlyWhenForced() throws {
        let scratch = try Scratch()
        try scratch.market(seconds: 5)
        let arguments = ["backtest", try scratch.settings(), "--out", scratch.file("run")]
        #expect(Invocation.run(arguments).status == 0)
        let before = try scratch.bytes("run/records.npz")
        let other = arguments + ["--set", "strategy.half_spread=1.0"]
        let refused = Invocation.run(other)
        #expect(refused.status == 2)
        #expect(refused.error == "hbt: \(scratch.file("run")) holds another run (records.npz differs); --force replaces it, --out names another place\n")
        #expect(try scratch.bytes("run/records.npz") == before)
        #expect(Invocation.run(other + ["--force"]).status == 0)
        #expect(try scratch.bytes("run/records.npz") != before)
        #expect(try scratch.names() == ["market.npz", "run", "run.toml"])
    }

    @Test func aFolderOfOtherFilesIsLeftAlone() throws {
        let scratch = try Scratch()
        try scratch.market(seconds: 5)
        let call = Invocation.run(["backtest", try scratch.settings(), "--out", scratch.path, "--force"])
        #expect(call.status == 2)
        #expect(call.error == "hbt: \(scratch.path): this folder holds other files and no run; name another place with --out\n")
        #expect(try scratch.names() == ["market.npz", "run.toml"])
    }

    @Test func anEmptyFolderIsFilled() throws {
        let scratch = try Scratch()
        try scratch.market(seconds: 5)
        try FileManager.default.createDirectory(atPath: scratch.file("run"), withIntermediateDirectories: false)
        #expect(Invocation.run(["backtest", try scratch.settings(), "--out", scratch.file("run")]).status == 0)
        #expect(try scratch.names("run").count == RunFiles.all.count)
    }

    @Test func foldersMadeForARunThatFailsAreRemoved() throws {
        let scratch = try Scratch()
        try scratch.rows([], to: "market.npz")
        #expect(Invocation.run(["backtest", try scratch.settings(), "--out", scratch.file("a/b/run")]).status == 2)
        #expect(try scratch.names() == ["market.npz", "run.toml"])
    }
}
