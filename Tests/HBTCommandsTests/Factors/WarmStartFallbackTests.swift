import Foundation
import HBTEngine
import HBTMarketData
import HBTTypes
import Testing

@testable import HBTCommands

/// The start-up of a run: a snapshot if there is one, else an older one, else history, else cold.
@Suite("What takes the place of a snapshot")
struct WarmStartFallbackTests {
    private let scratch: Scratch
    private static let warmup = "[warmup]\nsource = \"snapshot\"\npath = \"first\""

    /// `first` is a run over the first half with snapshots, `late.npz` the second half.
    init() throws {
        scratch = try Scratch()
        let rows = try EventFileReader.readAll(scratch.market())
        let middle = try #require(rows.indices.dropFirst(rows.count / 2).first { i in
            rows[i].localNs > rows[i - 1].localNs && rows[i].exchangeNs > (rows[..<i].map(\.exchangeNs).max() ?? 0)
        })
        try scratch.rows(Array(rows[..<middle]), to: "early.npz")
        try scratch.rows(Array(rows[middle...]), to: "late.npz")
        let settings = try scratch.write(FactorFixture.settings(data: "\"early.npz\""), to: "first.toml")
        let call = Invocation.run(["backtest", settings, "--out", scratch.file("first"), "--snapshot-every", "1s"])
        try #require(call.status == 0, "\(call.error)")
        try #require(snapshots().count > 2)
    }

    /// Oldest first.
    private func snapshots() throws -> [String] {
        try scratch.names("first/snapshots").filter { $0.hasSuffix(".snap") }.sorted().map { scratch.file("first/snapshots/\($0)") }
    }

    private func damage(_ path: String) throws {
        var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        bytes[bytes.count / 2] ^= 1
        try Data(bytes).write(to: URL(fileURLWithPath: path))
    }

    private func run(_ warmup: String = warmup, data: String = "\"late.npz\"", to name: String = "out") throws -> Invocation {
        let file = try scratch.write(FactorFixture.settings(data: data, warmup: warmup), to: "\(name).toml")
        return Invocation.run(["backtest", file, "--out", scratch.file(name)])
    }

    private func manifest(_ name: String = "out") throws -> Manifest {
        try JSONDecoder().decode(Manifest.self, from: Data(try scratch.bytes("\(name)/manifest.json")))
    }

    private func text(_ path: String) throws -> String { String(decoding: try scratch.bytes(path), as: UTF8.self) }

    @Test("the newest snapshot, when it can be used") func newest() throws {
        let call = try run()
        #expect(call.status == 0, "\(call.error)")
        #expect(!call.error.contains("passed over") && !call.error.contains("takes its place"))
        #expect(try manifest().warmStart == Manifest.WarmStart(source: "snapshot", tried: []))
        #expect(try text("out/config.toml").contains("path = \"\(try snapshots().last ?? "")\""))
        #expect(try !text("out/report.html").contains("in place of the snapshot"))
    }

    @Test("a damaged one is passed over by name for the one before it") func older() throws {
        let files = try snapshots()
        try damage(files[files.count - 1])
        try Data("not a snapshot".utf8).write(to: URL(fileURLWithPath: files[files.count - 2]))
        let call = try run()
        #expect(call.status == 0, "\(call.error)")
        let taken = files[files.count - 3]
        for file in files.suffix(2) { #expect(call.error.contains("\(file): ")) }
        #expect(call.error.contains("passed over for \(taken)"))
        let start = try #require(try manifest().warmStart)
        #expect(start.source == "snapshot" && start.tried.count == 2)
        #expect(zip(start.tried, files.suffix(2).reversed()).allSatisfy { $0.hasPrefix($1) })
        #expect(try manifest().inputs.contains { $0.role == "warmup" && $0.path == taken })
        #expect(try text("out/report.html").contains("older snapshot in place of the snapshot asked for"))
        #expect(Invocation.run(["verify", scratch.file("out")]).out.hasPrefix("equal: "))
        // That snapshot alone gives the same run.
        let alone = try run("[warmup]\nsource = \"snapshot\"\nrequired = true\npath = \"\(taken)\"", to: "alone")
        #expect(alone.status == 0, "\(alone.error)")
        #expect(try manifest("alone").digest == manifest().digest)
    }

    @Test("one that was taken after the data begins is passed over, too") func tooLate() throws {
        let call = try run(data: "\"early.npz\", \"late.npz\"")
        #expect(call.status == 0, "\(call.error)")
        #expect(call.error.contains("after the first row of TEST's data"))
        #expect(try manifest().warmStart?.source == "cold")
    }

    @Test("without any, history is replayed if the settings name it") func history() throws {
        for file in try snapshots() { try damage(file) }
        let call = try run(Self.warmup + "\nhistory = \"early.npz\"")
        #expect(call.status == 0, "\(call.error)")
        #expect(call.error.contains("no snapshot to start from; replayed history takes its place"))
        #expect(try manifest().warmStart?.tried.count == snapshots().count)
        let replayed = try run("[warmup]\nsource = \"replay\"\npath = \"early.npz\"", to: "replayed")
        #expect(replayed.status == 0, "\(replayed.error)")
        #expect(try manifest("replayed").digest == manifest().digest)
        #expect(Invocation.run(["verify", scratch.file("out")]).out.hasPrefix("equal: "))
    }

    @Test("without history the run starts cold, and says so everywhere") func cold() throws {
        let nowhere = Self.warmup.replacing("first", with: "nowhere")
        let call = try run(nowhere)
        #expect(call.status == 0, "\(call.error)")
        #expect(call.error.contains("there is no such snapshot") && call.error.contains("cold start takes its place"))
        #expect(try manifest().warmStart?.source == "cold")
        #expect(call.out.contains("cold start, the snapshot could not be used"))
        #expect(try text("out/report.html").contains("cold start in place of the snapshot asked for"))
        #expect(try text("out/summary.json").contains("\"instead_of\": ["))
        #expect(Invocation.run(["verify", scratch.file("out")]).out.hasPrefix("equal: "))
        let plain = try run("", to: "plain")
        #expect(plain.status == 0)
        #expect(try manifest("plain").digest == manifest().digest)
        #expect(try manifest("plain").warmStart == nil)
    }

    @Test("a duration keeps its meaning") func duration() throws {
        let call = try run(Self.warmup.replacing("first", with: "nowhere") + "\nduration = \"5s\"")
        #expect(call.error.contains("replay of the data's first part takes its place"), "\(call.error)")
        let replayed = try run("[warmup]\nsource = \"replay\"\nduration = \"5s\"", to: "replayed")
        #expect(replayed.status == 0)
        #expect(try manifest("replayed").digest == manifest().digest)
    }

    @Test("a snapshot of another graph is refused by name") func otherGraph() throws {
        let settings = FactorFixture.settings(data: "\"late.npz\"", warmup: Self.warmup).replacing("window = 50", with: "window = 51")
        let call = Invocation.run(["backtest", try scratch.write(settings, to: "run.toml"), "--out", scratch.file("out")])
        #expect(call.status == 0, "\(call.error)")
        for file in try snapshots() { #expect(call.error.contains("\(file): no warm start from this snapshot")) }
        #expect(try manifest().warmStart?.source == "cold")
    }

    @Test("required = true takes no substitute") func required() throws {
        let strict = Self.warmup + "\nrequired = true"
        try damage(try snapshots().last ?? "")
        let damaged = try run(strict)
        #expect(damaged.status == 2)
        #expect(damaged.error.contains(try snapshots().last ?? "?"))
        let missing = try run(strict.replacing("first", with: "nowhere"))
        #expect(missing.status == 2 && missing.error.contains("does not exist"))
        let both = try run(strict + "\nhistory = \"early.npz\"")
        #expect(both.status == 2 && both.error.contains("required = true refuses that"))
    }

    @Test("a sweep starts as its runs do") func sweep() throws {
        let file = try scratch.write(FactorFixture.settings(data: "\"late.npz\"", warmup: Self.warmup.replacing("first", with: "nowhere")), to: "run.toml")
        let call = Invocation.run(["sweep", file, "--grid", "strategy.skew=0.1,0.2", "--out", scratch.file("sets")])
        #expect(call.status == 0, "\(call.error)")
        #expect(call.error.components(separatedBy: "cold start takes its place").count == 2, "said once")
    }
}
