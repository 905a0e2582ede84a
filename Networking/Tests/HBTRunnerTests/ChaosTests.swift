import Foundation
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
        try await withThrowingTaskGroup(of: Void.self) { group in
            for seed in waiting.prefix(3) { group.addTask { try await Self.play(seed) } }
            waiting = waiting.dropFirst(3)
            while try await group.next() != nil {
                if let seed = waiting.popFirst() { group.addTask { try await Self.play(seed) } }
            }
        }
    }

    private static func play(_ seed: UInt64) async throws {
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
        #expect(try session.everything().range(of: Data(Paper.secret.utf8)) == nil, again)
        try paper.stop()
    }
}
