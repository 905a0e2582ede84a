import Foundation
import HBTLive
import PaperSupport
import Testing

/// Real sockets, seeded faults. `HBT_SOCKET_SEEDS=50` widens the run; `HBT_SOCKET_SEED=7` repeats one seed.
@Suite(.serialized, .timeLimit(.minutes(20))) struct ChaosTests {
    private static func number(_ name: String) -> UInt64? { ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) } }
    static var seeds: [UInt64] {
        if let one = number("HBT_SOCKET_SEED") { return [one] }
        return Array(1...(number("HBT_SOCKET_SEEDS") ?? 2))
    }

    /// Most of a session is waiting: a few go on at once.
    @Test func whateverGoesWrongTheVenueIsLeftClean() async throws {
        var waiting = Self.seeds[...]
        var sent: [Int] = []
        try await withThrowingTaskGroup(of: Int.self) { group in
            for seed in waiting.prefix(3) { group.addTask { try await Self.play(seed) } }
            waiting = waiting.dropFirst(3)
            while let orders = try await group.next() {
                sent.append(orders)
                if let seed = waiting.popFirst() { group.addTask { try await Self.play(seed) } }
            }
        }
        print("\(sent.count) seeds, \(sent.reduce(0, +)) orders sent, none in \(sent.count { $0 == 0 }) seeds")
        // A venue that says 429 at once silences a session; most must have something to look at.
        #expect(sent.count { $0 > 0 } * 2 > sent.count)
    }

    /// - Returns: how many orders were sent.
    private static func play(_ seed: UInt64) async throws -> Int {
        let again: Comment = "HBT_SOCKET_SEED=\(seed) swift test --package-path Networking --filter ChaosTests"
        let faults = [
            "seed=\(seed)", "gap=0.003", "drop=0.001", "disconnect=0.0005", "duplicate=0.01", "reorder=0.01", "delay=0.002", "delayMs=300",
            "unanswered=0.03", "lost=0.03", "reject=0.03", "failure=0.02", "throttle=0.0003", "stale=0.2", "lifeS=\(3 + seed % 5)",
        ]
        let paper = try Paper(faults: faults, seed: seed), session = try Session(port: paper.port)
        let run = try session.start(["--live", "--out", "a", "--for", "8s"])
        let status = try await run.end(within: 200)
        #expect(status == 0 || status == 1, "\(again) \(run.errors.suffix(2_000))")
        #expect(run.errors.contains("nothing is open at the venue"), again)
        let venue = try await VenueView.read(port: paper.port)
        #expect(venue.orders == [], again)
        #expect(run.errors.contains("positions=[\(venue.position)]"), "\(again) \(venue.position) \(run.errors.suffix(2_000))")
        #expect(!run.errors.contains("could not be compared"), again)
        let replay = Verbs.run(["replay", session.path("a/journal")])
        #expect(replay.status == 0, "\(again) \(replay)")
        let sent = try witness(session, venue, seed: seed, startNs: paper.startNs, again)
        #expect(try session.everything().range(of: Data(Paper.secret.utf8)) == nil, again)
        try paper.stop()
        return sent
    }

    /// From outside: every order left on the venue's own book, no older than it may be, and each is at the venue once, executed as booked.
    private static func witness(_ session: Session, _ venue: VenueView, seed: UInt64, startNs: Int64, _ again: Comment) throws -> Int {
        let run = try JournalWitness(session.path("a/journal"))
        let truth = try MarketTruth(seed: seed, startNs: startNs, seconds: 60)
        // [risk] stale_feed and max_feed_latency are a second each.
        for order in run.sent {
            let ms = order.exchangeNs / 1_000_000, books = truth.tops[ms] ?? []
            #expect(books.contains(order.top), "\(again) order \(order.number) was sent on \(order.top); at \(ms) the book was \(books)")
            #expect(order.ageNs <= 1_000_000_000 && order.lagNs <= 2_000_000_000, "\(again) order \(order.number): \(order)")
        }
        let ids = OrderIds(runId: run.runId), sent = Set(run.sent.map { ids.text($0.number) })
        #expect(Set(venue.history.map(\.clientId)).count == venue.history.count, "doubled: \(again)")
        for order in venue.history {
            #expect(sent.contains(order.clientId), "\(again) \(order)")
            #expect(order.executedLots == run.executed[order.clientId] ?? 0, "\(again) \(order)")
        }
        for id in sent.subtracting(venue.history.map(\.clientId)) {
            #expect(run.finished.contains(id) && run.executed[id] == nil, "\(again) \(id) never came to the venue, and the run does not know")
        }
        return run.sent.count
    }
}
