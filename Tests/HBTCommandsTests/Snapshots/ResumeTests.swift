import Foundation
import HBTMarketData
import Testing

@testable import HBTCommands

/// A run resumed from any snapshot leaves the bytes of a run that was never stopped.
@Suite struct ResumeTests {
    /// A straight run in `straight` and one with snapshots in `saved`.
    private func runs(every: String = "3s") throws -> Scratch {
        let scratch = try Scratch()
        try scratch.market(seconds: 12)
        let settings = try scratch.settings()
        #expect(Invocation.run(["backtest", settings, "--out", scratch.file("straight")]).status == 0)
        #expect(Invocation.run(["backtest", settings, "--out", scratch.file("saved"), "--snapshot-every", every]).status == 0)
        return scratch
    }

    private func difference(_ a: String, _ b: String) throws -> FileDifference? {
        try FileComparison.firstDifference(a, b, names: RunFiles.compared)
    }

    @Test func everySnapshotLeadsToTheSameBytes() throws {
        let scratch = try runs()
        #expect(try difference(scratch.file("straight"), scratch.file("saved")) == nil, "taking snapshots changes nothing")
        let names = try scratch.names("saved/snapshots").filter { $0.hasSuffix(".snap") }
        #expect(names.count >= 3)
        for name in names {
            let call = Invocation.run(["backtest", "--resume", scratch.file("saved/snapshots/\(name)"), "--out", scratch.file("again-\(name)")])
            #expect(call.status == 0, "\(call.error)")
            #expect(try difference(scratch.file("straight"), scratch.file("again-\(name)")) == nil, "resumed from \(name)")
        }
    }

    @Test func snapshotsAtMomentsAndOnlyTheNewestKept() throws {
        let scratch = try Scratch()
        try scratch.market(seconds: 8)
        let settings = try scratch.settings()
        let calls = Invocation.run([
            "backtest", settings, "--out", scratch.file("run"), "--snapshot-every", "1s", "--max-snapshots", "2",
        ])
        #expect(calls.status == 0)
        #expect(try scratch.names("run/snapshots").filter { $0.hasSuffix(".snap") }.count == 2)
        let at = Invocation.run(["backtest", settings, "--out", scratch.file("at"), "--snapshot-at", "2024-08-07T00:00:02.05Z"])
        #expect(at.status == 0)
        #expect(try scratch.names("at/snapshots") == ["journal.bin", "step-000000000021.snap"])
    }

    @Test func aDamagedSnapshotIsNamedAndTheOneBeforeIsTaken() throws {
        let scratch = try runs()
        let names = try scratch.names("saved/snapshots").filter { $0.hasSuffix(".snap") }
        let newest = "saved/snapshots/\(names[names.count - 1])"
        var bytes = try scratch.bytes(newest)
        bytes[bytes.count / 2] ^= 0x10
        try Data(bytes).write(to: URL(fileURLWithPath: scratch.file(newest)))

        let alone = Invocation.run(["backtest", "--resume", scratch.file(newest), "--out", scratch.file("x")])
        #expect(alone.status == 2)
        #expect(alone.error.hasPrefix("hbt: \(scratch.file(newest)): the file is damaged: CRC-32 "))
        #expect(alone.error.split(separator: "\n").count == 1)

        let folder = Invocation.run(["backtest", "--resume", scratch.file("saved"), "--out", scratch.file("y")])
        #expect(folder.status == 0)
        #expect(folder.error.contains("trying the one before it"))
        #expect(try difference(scratch.file("straight"), scratch.file("y")) == nil)
    }

    @Test func shorterByAnyAmountIsRefusedNeverACrash() throws {
        let scratch = try runs()
        let name = try #require(try scratch.names("saved/snapshots").first { $0.hasSuffix(".snap") })
        let bytes = try scratch.bytes("saved/snapshots/\(name)")
        var random = SeededRandom(seed: 4)
        for _ in 0..<20 {
            try Data(bytes[..<random.below(bytes.count)]).write(to: URL(fileURLWithPath: scratch.file("short.snap")))
            #expect(throws: (any Error).self) { try RunSnapshot.read(scratch.file("short.snap")) }
        }
    }

    @Test func aSnapshotOfAnotherFormatIsRefusedByName() throws {
        let scratch = try runs()
        let name = try #require(try scratch.names("saved/snapshots").first { $0.hasSuffix(".snap") })
        let path = scratch.file("saved/snapshots/\(name)")
        var file = try StateFile.read(path)
        file.description = file.description.replacing("\"format\" : \(RunSnapshot.currentFormat)", with: "\"format\" : 1")
        try file.write(to: path)
        let call = Invocation.run(["backtest", "--resume", path, "--out", scratch.file("x")])
        #expect(call.status == 2)
        #expect(call.error.hasPrefix("hbt: \(path): taken by hbt \(HBTVersion.text) (format 1)"))
    }

    @Test func otherSettingsAndOtherDataAreRefused() throws {
        let scratch = try runs()
        let other = try scratch.settings("other.toml").replacing("other", with: "other")
        let text = try String(contentsOfFile: other, encoding: .utf8).replacing("skew = 0.1", with: "skew = 0.2")
        try scratch.write(text, to: "other.toml")
        let settings = Invocation.run(["backtest", other, "--resume", scratch.file("saved"), "--out", scratch.file("x")])
        #expect(settings.status == 2)
        #expect(settings.error.contains("taken with other settings than \(other) (skew = 0.2, and the snapshot has skew = 0.1)"))

        try scratch.market(seconds: 13)
        let data = Invocation.run(["backtest", "--resume", scratch.file("saved"), "--out", scratch.file("x")])
        #expect(data.status == 2)
        #expect(data.error.contains("when the snapshot was taken: the data has changed"))
    }

    @Test func aForkSaysSoAndVerifies() throws {
        let scratch = try runs()
        let name = try #require(try scratch.names("saved/snapshots").first { $0.hasSuffix(".snap") })
        let snapshot = scratch.file("saved/snapshots/\(name)")
        let call = Invocation.run(["backtest", "--resume", snapshot, "--set", "strategy.half_spread=3", "--out", scratch.file("fork")])
        #expect(call.status == 0, "\(call.error)")
        let manifest = try JSONDecoder().decode(Manifest.self, from: Data(try scratch.bytes("fork/manifest.json")))
        #expect(manifest.fork?.changes == ["strategy.half_spread=3"])
        #expect(Invocation.run(["verify", scratch.file("fork")]).status == 0)

        let same = Invocation.run(["backtest", "--resume", snapshot, "--set", "strategy.half_spread=0.5", "--out", scratch.file("null")])
        #expect(same.status == 0)
        #expect(try difference(scratch.file("straight"), scratch.file("null")) == nil, "a fork that changes nothing is the run itself")

        let diff = Invocation.run(["diff", scratch.file("straight"), scratch.file("fork")])
        #expect(diff.status == 1)
        #expect(diff.out.hasPrefix("first difference: config.toml, line "))
        #expect(Invocation.run(["diff", scratch.file("straight"), scratch.file("saved")]).status == 0)
    }

    /// Killed while it writes, a run leaves a folder that it can be resumed from.
    @Test(.enabled(if: Invocation.product != nil, "needs the built product"))
    func aKilledRunGoesOn() throws {
        let product = try #require(Invocation.product)
        let scratch = try Scratch()
        try scratch.market(seconds: 60)
        let settings = try scratch.settings(extra: "")
        #expect(Invocation.run(["backtest", settings, "--out", scratch.file("straight")]).status == 0)
        var random = SeededRandom(seed: 12)
        var resumed = 0
        for round in 0..<4 {
            let process = try Invocation.spawn(
                product, ["backtest", settings, "--out", scratch.file("killed-\(round)/run"), "--snapshot-every", "1s", "--quiet"], in: scratch.path)
            // Not before there is something to go on from, and then at any moment.
            for _ in 0..<500 where savedFolder(scratch, round) == nil { usleep(10_000) }
            usleep(UInt32(random.below(150_000)))
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            guard let left = savedFolder(scratch, round) else { continue }
            let call = Invocation.run(["backtest", "--resume", left, "--out", scratch.file("again-\(round)")])
            #expect(call.status == 0, "\(call.error)")
            #expect(try difference(scratch.file("straight"), scratch.file("again-\(round)")) == nil)
            resumed += 1
        }
        #expect(resumed > 0, "every run ended before it could be killed")
    }

    /// The folder of an unfinished run that has a snapshot.
    private func savedFolder(_ scratch: Scratch, _ round: Int) -> String? {
        let left = (try? scratch.names("killed-\(round)"))?.first { $0.hasPrefix(".run.partial-") }
        guard let left else { return nil }
        let path = scratch.file("killed-\(round)/\(left)")
        return SnapshotFolder(path: "\(path)/snapshots").files.isEmpty ? nil : path
    }

    @Test func anyMomentCanBeInspected() throws {
        let scratch = try runs()
        let manifest = try JSONDecoder().decode(Manifest.self, from: Data(try scratch.bytes("saved/manifest.json")))
        for at in ["2024-08-07T00:00:05.123456Z", "event:40", "step:57"] {
            let fast = Invocation.run(["inspect-state", scratch.file("saved"), "--at", at, "--json"])
            let slow = Invocation.run(["inspect-state", scratch.file("straight"), "--at", at, "--json"])
            #expect(fast.status == 0, "\(fast.error)")
            #expect(fast.out == slow.out, "from a snapshot and from the beginning: \(at)")
        }
        let end = Invocation.run(["inspect-state", scratch.file("saved"), "--at", "step:\(manifest.counts.steps)"])
        #expect(end.out.contains(manifest.digest))
        #expect(Invocation.run(["inspect-state", scratch.file("saved"), "--at", "order:1"]).status == 2)
        #expect(Invocation.run(["inspect-state", scratch.file("saved"), "--at", "noon"]).status == 2)
    }
}
