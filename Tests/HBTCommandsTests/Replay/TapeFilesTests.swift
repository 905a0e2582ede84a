import Foundation
import HBTDigest
import HBTMarketData
import HBTTypes
import Testing

@testable import HBTCommands

/// What lies in the cache can be lost, damaged or made twice, and nobody but the clock notices.
@Suite struct TapeFilesTests {
    private func first() throws -> (scratch: Scratch, settings: String, tape: String) {
        let scratch = try Scratch()
        try scratch.market()
        let settings = try scratch.settings()
        #expect(ReplayModeTests.run(scratch, settings, "rows", ["--replay", "rows"]).status == 0)
        #expect(ReplayModeTests.run(scratch, settings, "made").status == 0)
        let tape = try #require(try ReplayModeTests.tapes(scratch).first)
        return (scratch, settings, "cache/\(tape)")
    }

    @Test func aDamagedTapeIsMadeAgain() throws {
        let (scratch, settings, tape) = try first()
        let good = try scratch.bytes(tape)
        var random = SeededRandom(seed: 9)
        for round in 0..<12 {
            var bad = good
            if round < 3 {
                bad.removeLast(64 * (1 + random.below(good.count / 64 - 1)))
            } else {
                bad[random.below(good.count - 24)] ^= UInt8(1 << random.below(8))
            }
            try Data(bad).write(to: URL(fileURLWithPath: scratch.file(tape)))
            // Between them the two modes read every part; a part that a mode does not read, it does not trust either.
            for mode in ["scan", "index"] {
                let call = ReplayModeTests.run(scratch, settings, "again", ["--force", "--replay", mode])
                #expect(call.status == 0, "\(call.error)")
                #expect(try ReplayModeTests.difference(scratch, "rows", "again") == nil)
            }
            #expect(try scratch.bytes(tape) == good, "round \(round)")
            try FileManager.default.removeItem(atPath: scratch.file("again"))
        }
    }

    @Test func aTapeOfAnotherVersionIsMadeAgain() throws {
        let (scratch, settings, tape) = try first()
        let good = try scratch.bytes(tape)
        let header = try TapeFile(path: scratch.file(tape)).header
        // A complete tape with right checksums that says it is of version 99.
        var other = header
        other[4] = 99
        let writer = try TapeFileWriter(path: scratch.file(tape))
        try writer.finish(header: other)
        #expect(ReplayModeTests.run(scratch, settings, "again").status == 0)
        #expect(try ReplayModeTests.host(scratch, "again").replay.tape == "made")
        #expect(try scratch.bytes(tape) == good)
    }

    @Test func otherDataOrSettingsGetAnotherTape() throws {
        let (scratch, settings, _) = try first()
        #expect(ReplayModeTests.run(scratch, settings, "b", ["--set", "compatibility=hftbacktest-2.4"]).status == 0)
        #expect(try ReplayModeTests.tapes(scratch).count == 2)
        // What a tape does not depend on needs no other one.
        #expect(ReplayModeTests.run(scratch, settings, "c", ["--set", "strategy.half_spread=1.5"]).status == 0)
        #expect(try ReplayModeTests.host(scratch, "c").replay.tape == "cached")
        try scratch.market("market.npz", seconds: 21)
        #expect(ReplayModeTests.run(scratch, settings, "d").status == 0)
        #expect(try ReplayModeTests.host(scratch, "d").replay.tape == "made")
        let digests = try ["made", "d"].map { try JSONDecoder().decode(Manifest.self, from: Data(scratch.bytes("\($0)/manifest.json"))).inputs[0].sha256 }
        #expect(digests[0] != digests[1])
        #expect(digests[1] == SHA256.hex(file: scratch.file("market.npz")))
    }

    @Test func theCacheIsKeptSmall() throws {
        let (scratch, settings, tape) = try first()
        let bytes = try scratch.bytes(tape).count
        let old = Date(timeIntervalSince1970: 1_000_000)
        try FileManager.default.setAttributes([.modificationDate: old], ofItemAtPath: scratch.file(tape))
        #expect(ReplayModeTests.run(scratch, settings, "b", ["--set", "compatibility=hftbacktest-2.4", "--cache-size", "\(bytes + 1000)"]).status == 0)
        #expect(!FileManager.default.fileExists(atPath: scratch.file(tape)), "the older one went")
        #expect(try ReplayModeTests.tapes(scratch).count == 1)
        // One in use stays.
        let left = "cache/\(try ReplayModeTests.tapes(scratch)[0])"
        let used = try TapeFile(path: scratch.file(left))
        TapeCache(folder: scratch.file("cache"), capacity: 0).trim()
        #expect(FileManager.default.fileExists(atPath: scratch.file(left)))
        withExtendedLifetime(used) {}
    }

    @Test func writersAtTheSameTime() throws {
        let scratch = try Scratch()
        try scratch.market()
        let settings = try scratch.settings()
        let (folder, cache) = (scratch.path, scratch.file("cache"))
        let failures = try Parallel.map(6) { index in
            Invocation.run(
                ["backtest", settings, "--out", "\(folder)/run\(index)", "--replay", index == 0 ? "rows" : "auto"], cache: cache).error
        }
        #expect(failures.allSatisfy { $0 == "" }, "\(failures)")
        for index in 1..<6 { #expect(try ReplayModeTests.difference(scratch, "run0", "run\(index)") == nil) }
        #expect(try ReplayModeTests.tapes(scratch).count == 1)
        #expect(try scratch.names("cache").allSatisfy { !$0.contains("partial") })
    }

    @Test func leftoversOfDeadProcessesGo() throws {
        let (scratch, settings, _) = try first()
        try scratch.write("half", to: "cache/.x.tape.partial-999999999-0")
        try scratch.write("mine", to: "cache/.y.tape.partial-\(getpid())-0")
        #expect(ReplayModeTests.run(scratch, settings, "b", ["--set", "compatibility=hftbacktest-2.4"]).status == 0)
        #expect(try scratch.names("cache").filter { $0.contains("partial") } == [".y.tape.partial-\(getpid())-0"])
    }

    @Test func aDamagedNoteOfADigestIsNone() throws {
        let (scratch, settings, _) = try first()
        let note = "cache/\(try #require(try scratch.names("cache").first { $0.hasSuffix(".sha256") }))"
        var text = try scratch.bytes(note)
        text[10] = text[10] == 0x30 ? 0x31 : 0x30
        try Data(text).write(to: URL(fileURLWithPath: scratch.file(note)))
        #expect(ReplayModeTests.run(scratch, settings, "again").status == 0)
        #expect(try ReplayModeTests.difference(scratch, "rows", "again") == nil)
    }

    // MARK: tapes to keep

    @Test func aKeptTapeIsDataWhenItsSettingsMatch() throws {
        let scratch = try Scratch()
        try scratch.market()
        let settings = try scratch.settings()
        #expect(ReplayModeTests.run(scratch, settings, "rows", ["--replay", "rows"]).status == 0)
        let made = Invocation.run(["convert", "events", scratch.file("market.npz"), "-o", scratch.file("day.tape"), "--settings", settings])
        #expect(made.status == 0 && made.out.hasSuffix("written    \(scratch.file("day.tape"))\n"), "\(made.error)")
        let byHand = Invocation.run([
            "convert", "events", scratch.file("market.npz"), "-o", scratch.file("hand.tape"), "--tick-size", "0.1", "--lot-size", "0.001",
        ])
        #expect(byHand.status == 0)
        #expect(try scratch.bytes("day.tape") == scratch.bytes("hand.tape"))

        let taped = try scratch.settings("taped.toml", data: ["day.tape"])
        let call = ReplayModeTests.run(scratch, taped, "taped")
        #expect(call.status == 0 && call.error == "", "\(call.error)")
        for name in [RunFiles.records, RunFiles.fills, RunFiles.orders] { #expect(try scratch.bytes("rows/\(name)") == scratch.bytes("taped/\(name)")) }
        #expect(Invocation.run(["verify", scratch.file("taped")]).status == 0)

        for (arguments, message) in [
            (["--set", "asset.0.tick_size=0.01"], "the tape was made for another"),
            (["--set", "compatibility=hftbacktest-2.4"], "the tape was made for another"),
            (["--replay", "rows"], "is a tape and has no rows"),
        ] {
            let refused = ReplayModeTests.run(scratch, taped, "x", arguments)
            #expect(refused.status == 2 && refused.error.contains(message) && refused.error.split(separator: "\n").count == 1, "\(refused.error)")
        }
        let mixed = try scratch.settings("mixed.toml", data: ["day.tape", "market.npz"])
        #expect(ReplayModeTests.run(scratch, mixed, "x").error.contains("a tape stands alone"))
        var bytes = try scratch.bytes("day.tape")
        bytes[bytes.count / 2] ^= 4
        try Data(bytes).write(to: URL(fileURLWithPath: scratch.file("day.tape")))
        let damaged = ["scan", "index"].map { ReplayModeTests.run(scratch, taped, "x", ["--force", "--replay", $0]) }
        #expect(damaged.contains { $0.status == 2 && $0.error.contains("checksum") })
        #expect(FileManager.default.fileExists(atPath: scratch.file("day.tape")), "a tape of the user's is not removed")
    }

    @Test func conversionsThatCannotBe() throws {
        let scratch = try Scratch()
        let market = try scratch.market(seconds: 2)
        let settings = try scratch.settings()
        for (arguments, message) in [
            (["-o", scratch.file("a.tape")], "a tape needs --settings"),
            (["-o", scratch.file("a.npz")], "event files become a tape"),
            (["-o", scratch.file("a.npz"), "--tick-size", "0.1"], "only a tape is made for settings"),
            (["-o", scratch.file("a.tape"), "--settings", settings, "--tick-size", "0.1"], "leave those options out"),
            (["-o", scratch.file("a.tape"), "--settings", settings, "--symbol", "OTHER"], "name one of its assets with --symbol: TEST"),
            (["-o", scratch.file("a.tape"), "--tick-size", "0.1", "--lot-size", "10"], "fits no tape"),
            (["-o", scratch.file("a.tape"), "--tick-size", "0", "--lot-size", "1"], "not a size"),
        ] {
            let call = Invocation.run(["convert", "events", market] + arguments)
            #expect(call.status == 2 && call.error.contains(message) && call.error.split(separator: "\n").count == 1, "\(call.error)")
        }
        #expect(try scratch.names().filter { $0.hasPrefix("a.") || $0.hasPrefix(".a.") }.isEmpty)
    }

    // MARK: snapshots

    /// A snapshot goes on in the mode in which it was taken, whatever the default is.
    @Test(arguments: ["rows", "full"]) func resumeKeepsTheMode(mode: String) throws {
        let scratch = try Scratch()
        try scratch.market(seconds: 12)
        let settings = try scratch.settings()
        #expect(ReplayModeTests.run(scratch, settings, "straight").status == 0)
        #expect(ReplayModeTests.run(scratch, settings, "saved", ["--snapshot-every", "3s", "--replay", mode]).status == 0)
        for (index, name) in try scratch.names("saved/snapshots").filter({ $0.hasSuffix(".snap") }).enumerated() {
            // The tape need not be there any more.
            if index == 1 { try? FileManager.default.removeItem(atPath: scratch.file("cache")) }
            let call = Invocation.run(
                ["backtest", "--resume", scratch.file("saved/snapshots/\(name)"), "--out", scratch.file("r\(index)")], cache: scratch.file("cache"))
            #expect(call.status == 0, "\(call.error)")
            #expect(try ReplayModeTests.difference(scratch, "straight", "r\(index)") == nil)
            #expect(try (ReplayModeTests.host(scratch, "r\(index)").replay.mode == "rows") == (mode == "rows"))
        }
        let other = mode == "rows" ? "full" : "rows"
        let refused = Invocation.run(["backtest", "--resume", scratch.file("saved"), "--replay", other, "--out", scratch.file("x")])
        #expect(refused.status == 2 && refused.error.contains("goes on in that mode only"), "\(refused.error)")
        // A fork is verified in whatever mode.
        let fork = Invocation.run(
            ["backtest", "--resume", scratch.file("saved"), "--set", "strategy.half_spread=0.7", "--out", scratch.file("fork")], cache: scratch.file("cache"))
        #expect(fork.status == 0, "\(fork.error)")
        for replay in ["rows", "full"] {
            let verified = Invocation.run(["verify", scratch.file("fork"), "--replay", replay], cache: scratch.file("cache"))
            #expect(verified.status == 0, "\(verified.out)\(verified.error)")
        }
    }
}
