import Foundation
import HBTEngine
import HBTLive
import HBTMarketData
import HBTTypes
import Testing

@testable import HBTCommands

/// A live run without its sockets: what it leaves, and what the next one starts from.
@Suite struct LiveSessionTests {
    private let scratch: Scratch
    private let rows: [MarketEvent]

    init() throws {
        scratch = try Scratch()
        rows = try EventFileReader.readAll(scratch.market()).sorted { $0.localNs < $1.localNs }
    }

    private func settings(_ extra: String = "") -> String {
        FactorFixture.settings(data: "\"none.npz\"", warmup: extra + "\n[venue]\nmarket = \"usd-m\"\n")
    }

    private func plan(_ text: String) throws -> LivePlan { try LivePlan(file: scratch.write(text, to: "live.toml"), isPaper: true) }

    /// Plays rows as they would come in.
    private func play(_ rows: ArraySlice<MarketEvent>, _ session: LiveSession) {
        var requests: [LiveRequest] = [], next = rows.startIndex
        while next < rows.endIndex {
            let end = min(next + 7, rows.endIndex)
            Array(rows[next..<end]).withUnsafeBufferPointer { session.engine.loop.rows($0, asset: 0) }
            session.engine.loop.advance(to: rows[end - 1].localNs, requests: &requests)
            next = end
        }
    }

    private func end(_ session: LiveSession, at ns: Int64) throws {
        try session.saveSnapshot()
        session.engine.loop.finish(at: ns)
        _ = try session.finish(LiveSession.Ending(reason: "the test is over", provenNs: nil))
    }

    @Test func theFolderIsABacktestsAndSaysHowItEnded() throws {
        let session = try LiveSession(plan(settings()), folder: scratch.file("a"), startNs: 36)
        play(rows[...], session)
        try end(session, at: rows[rows.count - 1].localNs)
        let names = try scratch.names("a")
        #expect(names == ["config.toml", "fills.csv", "journal", "manifest.json", "orders.csv", "records.npz", "report.html", "snapshots", "summary.json"])
        let manifest = try JSONDecoder().decode(Manifest.self, from: Data(scratch.bytes("a/manifest.json")))
        #expect(manifest.live?.reason == "the test is over" && manifest.live?.runId == "10" && manifest.live?.mode == "paper")
        #expect(manifest.counts.requests > 0 && manifest.digest == session.engine.loop.run.backtest.digest.hex)
        #expect(throws: CommandError.self, "never into a folder with something in it") {
            try LiveSession(plan(settings()), folder: scratch.file("a"), startNs: 37)
        }
        let resumed = Invocation.run(["backtest", "--resume", scratch.file("a")])
        #expect(resumed.status == 2 && resumed.error.contains("this snapshot is of a live run"), "\(resumed.error)")
    }

    @Test func factorsGoOnWhereTheRunBeforeHadThem() throws {
        let middle = rows.count / 2
        let first = try LiveSession(plan(settings()), folder: scratch.file("a"), startNs: 1)
        play(rows[..<middle], first)
        try end(first, at: rows[middle - 1].localNs)
        let warm = try LiveSession(
            plan(settings("[warmup]\nsource = \"snapshot\"\npath = \"a\"")), folder: scratch.file("b"), startNs: 2)
        let cold = try LiveSession(plan(settings()), folder: scratch.file("c"), startNs: 3)
        try FileManager.default.moveItem(atPath: scratch.file("a/snapshots"), toPath: scratch.file("elsewhere"))
        for session in [warm, cold] {
            play(rows[middle...], session)
            try end(session, at: rows[rows.count - 1].localNs)
        }
        #expect(warm.engine.loop.run.warmUp == nil, "windows are full from the first step on")
        let waited = try #require(cold.engine.loop.run.warmUp)
        #expect(try #require(waited.untilNs) > waited.fromNs)
        // The snapshot's file is gone; its folder in the settings is only a name.
        try FileManager.default.moveItem(atPath: scratch.file("elsewhere"), toPath: scratch.file("a/snapshots"))
        let replay = Invocation.run(["replay", scratch.file("b/journal")])
        #expect(replay.status == 0, "\(replay)")
        #expect(replay.out.contains(warm.engine.loop.run.backtest.digest.hex))
    }

    @Test func aLiveRunWithoutASnapshotStartsColdAndSaysSo() throws {
        let extra = "[warmup]\nsource = \"snapshot\"\npath = \"nowhere\""
        let session = try LiveSession(plan(settings(extra)), folder: scratch.file("a"), startNs: 1)
        #expect(session.startNotes.count == 2 && session.startNotes[0].contains("nowhere"), "\(session.startNotes)")
        #expect(throws: CommandError.self) {
            try LiveSession(plan(settings(extra + "\nrequired = true")), folder: scratch.file("b"), startNs: 2)
        }
    }

    @Test func whatALiveRunCannotDoIsRefused() throws {
        func fault(_ text: String, isPaper: Bool = true) throws -> String {
            let file = try scratch.write(text, to: "bad.toml")
            do {
                _ = try LivePlan(file: file, isPaper: isPaper)
                return ""
            } catch {
                return errorLine(error)
            }
        }
        #expect(try fault(FactorFixture.settings()).contains("needs a [venue] table"))
        #expect(try fault(settings(), isPaper: false).contains("needs a [risk] table"))
        #expect(try fault(settings("[warmup]\nsource = \"replay\"\npath = \"market.npz\"")).contains("a live run plays no history"))
        let odd = try fault(settings().replacing("symbol = \"TEST\"", with: "symbol = \"TE/ST\""))
        #expect(odd.contains("\"TE/ST\" is no symbol of the venue"), "\(odd)")
    }
}
