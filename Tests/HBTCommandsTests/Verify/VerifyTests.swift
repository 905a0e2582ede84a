import Foundation
import Testing

@testable import HBTCommands

@Suite struct VerifyTests {
    private func run() throws -> Scratch {
        let scratch = try Scratch()
        try scratch.market(seconds: 5)
        #expect(Invocation.run(["backtest", try scratch.settings(), "--out", scratch.file("run")]).status == 0)
        return scratch
    }

    @Test func anUntouchedRunIsEqual() throws {
        let scratch = try run()
        let call = Invocation.run(["verify", scratch.file("run")])
        #expect(call.status == 0)
        #expect(call.out.hasPrefix("equal: 7 files, digest "))
        #expect(call.error == "")
    }

    /// A flipped bit in the middle of any file but `host.json` is found, and the file is named.
    @Test(arguments: RunFiles.compared) func aFlippedBitIsFound(name: String) throws {
        let scratch = try run()
        var bytes = try scratch.bytes("run/\(name)")
        bytes[bytes.count / 2] ^= 1
        try Data(bytes).write(to: URL(fileURLWithPath: scratch.file("run/\(name)")))
        let call = Invocation.run(["verify", scratch.file("run")])
        #expect(call.status == 1)
        // A manifest may be damaged so that it blames the file it describes.
        #expect(call.out.hasPrefix("different: ") && (call.out.contains(name) || name == RunFiles.manifest), "\(call.out)")
        #expect(call.out.split(separator: "\n").count == 1)
    }

    @Test func theHostMayDiffer() throws {
        let scratch = try run()
        try scratch.write("{}", to: "run/host.json")
        #expect(Invocation.run(["verify", scratch.file("run")]).status == 0)
    }

    @Test func theFirstDifferenceIsShownWithItsPlace() throws {
        let scratch = try run()
        let text = String(decoding: try scratch.bytes("run/orders.csv"), as: UTF8.self)
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        lines[2] = lines[2].replacing("submit", with: "cancel")
        try scratch.write(lines.joined(separator: "\n"), to: "run/orders.csv")
        let call = Invocation.run(["verify", scratch.file("run")])
        #expect(call.status == 1)
        #expect(call.out.hasPrefix("different: orders.csv: line 3: \"0,TEST,cancel,"), "\(call.out)")
        #expect(call.out.contains(" and \"0,TEST,submit,"))
    }

    @Test func changedDataIsADifference() throws {
        let scratch = try run()
        try scratch.market(seconds: 6)
        let call = Invocation.run(["verify", scratch.file("run")])
        #expect(call.status == 1)
        #expect(call.out.hasPrefix("different: \(scratch.file("market.npz")): SHA-256 ") && call.out.hasSuffix("the data has changed\n"))
    }

    @Test func missingDataIsAnError() throws {
        let scratch = try run()
        try FileManager.default.removeItem(atPath: scratch.file("market.npz"))
        let call = Invocation.run(["verify", scratch.file("run")])
        #expect(call.status == 2)
        #expect(call.error == "hbt: \(scratch.file("market.npz")): TEST's data file is gone; put it back to verify this run\n")
    }

    @Test func whatIsNoRunIsAnError() throws {
        let scratch = try Scratch()
        let call = Invocation.run(["verify", scratch.path])
        #expect(call.status == 2)
        #expect(call.error == "hbt: \(scratch.path): this is not the folder of a run: it has no manifest.json\n")
    }
}
