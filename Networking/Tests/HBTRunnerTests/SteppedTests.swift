import Foundation
import PaperSupport
import Testing

/// Sessions stepped by the client's clock: the same bytes every time.
@Suite(.serialized, .timeLimit(.minutes(5))) struct SteppedTests {
    private func play(
        _ mode: String, _ session: Session, out: String, span: String = "12s", seed: UInt64 = 1, book: String = "usdm:BTCUSDT",
        fundingEveryMs: Int64? = nil
    ) async throws -> Running {
        let paper = try Paper(port: Self.port, isStepped: true, seed: seed, isLimited: false, book: book, fundingEveryMs: fundingEveryMs)
        let run = try session.start([mode, "--for", span, "--stepped", "10ms", "--out", out], log: out)
        #expect(try await run.end() == 0, "\(run.errors)")
        try paper.stop()
        return run
    }

    /// Settings name a port, so both sessions must have the same one.
    private static let port = Int.random(in: 20_000..<30_000)

    @Test func aPaperSessionItsReplayAndItsBacktestAreOne() async throws {
        let session = try Session(port: Self.port)
        _ = try await play("--paper", session, out: "a")
        _ = try await play("--paper", session, out: "b")
        for name in ["journal/000001.hbtj", "orders.csv", "fills.csv", "records.npz", "manifest.json"] {
            #expect(try session.bytes("a/\(name)") == session.bytes("b/\(name)"), "\(name)")
        }
        let replay = Verbs.run(["replay", session.path("a/journal"), "--recording", session.path("recording.npz")])
        #expect(replay.status == 0, "\(replay)")
        try Session.settings(data: "recording.npz").write(toFile: session.path("again.toml"), atomically: true, encoding: .utf8)
        let backtest = Verbs.run(["backtest", session.path("again.toml"), "--out", session.path("c"), "--quiet"])
        #expect(backtest.status == 0, "\(backtest)")
        #expect(try session.bytes("a/orders.csv") == session.bytes("c/orders.csv"))
        let digest = try #require(try session.text("c/manifest.json").firstMatch(of: /"digest" : "([0-9a-f]+)"/)?.1)
        #expect(try session.text("a/manifest.json").contains("\"digest\" : \"\(digest)\""))
        #expect(replay.out.contains("digest \(digest)"))
        #expect(try session.text("a/orders.csv").split(separator: "\n").count > 50, "a session without orders proves nothing")
        #expect(try session.text("a/fills.csv").split(separator: "\n").count > 1)
    }

    @Test func theRecordingOfAPaperSessionHasItsFunding() async throws {
        let session = try Session(port: Self.port)
        func marked(_ text: String, _ marks: String) -> String {
            text.replacingOccurrences(of: "lot_size = 0.001\n", with: "lot_size = 0.001\nmarks = [\"\(marks)\"]\nmark_to_market = true\n")
        }
        try marked(session.text("run.toml"), "none.npz").write(toFile: session.path("run.toml"), atomically: true, encoding: .utf8)
        _ = try await play("--paper", session, out: "a", fundingEveryMs: 2_000)
        let replay = Verbs.run(["replay", session.path("a/journal"), "--recording", session.path("recording.npz")])
        #expect(replay.status == 0 && replay.error.contains("recording-marks.npz"), "\(replay)")
        try marked(Session.settings(data: "recording.npz"), "recording-marks.npz")
            .write(toFile: session.path("again.toml"), atomically: true, encoding: .utf8)
        let backtest = Verbs.run(["backtest", session.path("again.toml"), "--out", session.path("c"), "--quiet"])
        #expect(backtest.status == 0, "\(backtest)")
        let digest = try #require(try session.text("c/manifest.json").firstMatch(of: /"digest" : "([0-9a-f]+)"/)?.1)
        #expect(replay.out.contains("digest \(digest)"))
        // Without them it is another run: there was a position when funding was paid.
        try Session.settings(data: "recording.npz").write(toFile: session.path("without.toml"), atomically: true, encoding: .utf8)
        #expect(Verbs.run(["backtest", session.path("without.toml"), "--out", session.path("d"), "--quiet"]).status == 0)
        #expect(try !session.text("d/manifest.json").contains(digest))
    }

    /// What a session is played against, and with which latencies.
    struct Market: CustomTestStringConvertible, Sendable {
        var name: String
        var seed: UInt64 = 1
        var book = "usdm:BTCUSDT"
        var latency = "entry = \"10ms\", response = \"10ms\""
        var span = "12s"
        var venue = ""
        var testDescription: String { name }
    }

    static var markets: [Market] {
        var markets = [
            Market(name: "synthetic"), Market(name: "quicker than a step", seed: 2, latency: "entry = \"1234567ns\", response = \"2100us\""),
            Market(name: "slower than the strategy", seed: 3, latency: "entry = \"90ms\", response = \"70ms\""),
            Market(name: "over the order line", seed: 4, venue: "order_entry = \"websocket\"\n"),
            Market(name: "in batches", seed: 5, venue: "batch = true\n"),
        ]
        // Real data lies beside the package, or not at all: then it is not played.
        let recorded = URL(fileURLWithPath: #filePath).appending(path: "../../../../../shared/data/npz/usdm_btcusdt_20240808.npz").standardized.path
        if FileManager.default.fileExists(atPath: recorded) {
            markets.append(Market(name: "recorded", book: "usdm:BTCUSDT=\(recorded)", latency: "entry = \"4ms\", response = \"3ms\"", span: "20s"))
        } else {
            print("stepped session on recorded data: \(recorded) is not there; not played")
        }
        return markets
    }

    /// Orders go over sockets to a venue of its own, and it comes to what the engine's own venue comes to.
    @Test(arguments: markets) func aLiveSessionItsReplayAndItsBacktestAreOne(_ market: Market) async throws {
        let session = try Session(port: Self.port, extra: Session.open.risk, venue: Session.open.venue + market.venue)
        let settings = try session.text("run.toml").replacingOccurrences(of: "entry = \"10ms\", response = \"10ms\"", with: market.latency)
        try settings.write(toFile: session.path("run.toml"), atomically: true, encoding: .utf8)
        let run = try await play("--live", session, out: "a", span: market.span, seed: market.seed, book: market.book)
        let replay = Verbs.run(["replay", session.path("a/journal"), "--recording", session.path("recording.npz")])
        #expect(replay.status == 0, "\(replay)")
        try Session.settings(data: "recording.npz", latency: market.latency).write(toFile: session.path("again.toml"), atomically: true, encoding: .utf8)
        let backtest = Verbs.run(["backtest", session.path("again.toml"), "--out", session.path("c"), "--quiet"])
        #expect(backtest.status == 0, "\(backtest)")
        try Self.expectEqualLines(session.text("a/orders.csv"), session.text("c/orders.csv"))
        #expect(try Self.withoutMarkouts(session.text("a/fills.csv")) == Self.withoutMarkouts(session.text("c/fills.csv")))
        let digest = try #require(try session.text("c/manifest.json").firstMatch(of: /"digest" : "([0-9a-f]+)"/)?.1)
        #expect(try session.text("a/manifest.json").contains("\"digest\" : \"\(digest)\""), "\(run.errors.suffix(2_000))")
        #expect(replay.out.contains("digest \(digest)"))
        #expect(try session.text("a/orders.csv").split(separator: "\n").count > 50, "a session without orders proves nothing")
        #expect(try session.text("a/fills.csv").split(separator: "\n").count > 3)
        #expect(run.errors.contains("nothing is open at the venue"))
    }

    private static func expectEqualLines(_ a: String, _ b: String) {
        let a = a.split(separator: "\n"), b = b.split(separator: "\n")
        let first = zip(a, b).enumerated().first { $0.element.0 != $0.element.1 }
        #expect(first == nil, "line \(first?.offset ?? 0):\n\(first?.element.0 ?? "")\n\(first?.element.1 ?? "")")
        #expect(a.count == b.count)
    }

    /// There is no simulated venue from which a live run could take markouts.
    private static func withoutMarkouts(_ fills: String) -> [String] {
        fills.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false).dropLast(5).joined(separator: ",") }
    }

    @Test func aLiveSessionRepeatsAndReplays() async throws {
        let session = try Session(port: Self.port)
        let first = try await play("--live", session, out: "a")
        _ = try await play("--live", session, out: "b")
        for name in ["journal/000001.hbtj", "orders.csv", "fills.csv", "manifest.json"] {
            #expect(try session.bytes("a/\(name)") == session.bytes("b/\(name)"), "\(name)")
        }
        #expect(first.errors.contains("nothing is open at the venue"))
        #expect(try session.text("a/fills.csv").split(separator: "\n").count > 1)
        let replay = Verbs.run(["replay", session.path("a/journal")])
        #expect(replay.status == 0, "\(replay)")
        let reconciled = Verbs.run(["reconcile", session.path("a")])
        #expect(reconciled.status == 0, "\(reconciled)")
    }
}
