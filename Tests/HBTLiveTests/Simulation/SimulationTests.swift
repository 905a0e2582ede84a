import HBTEngine
import HBTMarketData
import HBTTypes
import Testing

@testable import HBTLive
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Whole sessions under faults. `HBT_SIMULATION_SEEDS=1000` widens the run; `HBT_SIMULATION_SEED=7` repeats one seed.
struct SimulationTests {
    private static func number(_ name: String) -> UInt64? { getenv(name).flatMap { UInt64(String(cString: $0)) } }

    /// One line that reproduces a failure, or nil; and how many quotes and executions there were.
    private func play(seed: UInt64, journal: JournalWriter? = nil) throws -> (failure: String?, quotes: Int, session: SimulatedSession) {
        let session = try SimulatedSession(seed: seed, journal: journal)
        var random = SeededRandom(seed: seed &+ 5)
        // Open from before: an order of an earlier run, and a position.
        if seed % 3 == 0 {
            session.venue.open("hbt-0-1", 0, Order(orderId: 1, side: .buy, priceTick: 995, quantity: 4), session.ns)
        }
        session.venue.faults = seed % 7 == 0 ? .none : .wild(&random)
        session.feedLoss = random.below(4)
        session.feedRepeats = random.below(10)
        var downUntilNs = Int64.min
        for _ in 0..<700 {
            session.step(10 + Int64(random.below(20)))
            if random.below(200) == 0 && session.ns >= downUntilNs {
                session.setFeedDown(true)
                downUntilNs = session.ns + Int64(random.below(2_500)) * 1_000_000
            }
            if session.ns >= downUntilNs { session.setFeedDown(false) }
            if session.failure != nil { break }
        }
        // Everything works again: within 40 seconds the venue's position is ours.
        session.venue.faults = .none
        session.feedLoss = 0
        session.setFeedDown(false)
        for _ in 0..<400 where session.failure == nil {
            session.step(100)
            if session.engine.orders.positions == session.venue.positions && session.engine.orders.openClientIds.isEmpty { break }
        }
        session.engine.kill("end of the session", at: session.ns)
        for _ in 0..<300 where session.engine.orders.killProvenNs == nil { session.step(100) }
        session.step(100)
        if session.engine.orders.killProvenNs == nil { session.fail("the kill was not proven in 30 s") }
        let open = session.venue.openOrders(0).map(\.clientId)
        if !open.isEmpty { session.fail("the kill left \(open) open") }
        if !session.venue.placedTwice.isEmpty { session.fail("placed twice: \(session.venue.placedTwice)") }
        for _ in 0..<100 where session.engine.orders.positions != session.venue.positions { session.step(100) }
        if session.engine.orders.positions != session.venue.positions {
            session.fail("position \(session.engine.orders.positions), the venue has \(session.venue.positions)")
        }
        session.engine.finish(at: session.ns)
        return (session.failure.map { "HBT_SIMULATION_SEED=\(seed) swift test --filter SimulationTests  # \($0)" }, session.quotes, session)
    }

    @Test func everySessionKeepsItsPromises() throws {
        let one = Self.number("HBT_SIMULATION_SEED")
        let seeds: Range<UInt64> = one.map { $0..<($0 + 1) } ?? 0..<(Self.number("HBT_SIMULATION_SEEDS") ?? 100)
        var failures: [String] = [], quotes = 0, executions: Int64 = 0
        for seed in seeds {
            let played = try play(seed: seed)
            if let failure = played.failure { failures.append(failure) }
            quotes += played.quotes
            executions += played.session.venue.tradeCount
        }
        #expect(failures.isEmpty, "\(failures.count) of \(seeds.count); first: \(failures.first ?? "")")
        #expect(quotes > 20 * seeds.count, "sessions that quote little prove little")
        #expect(executions > 5 * Int64(seeds.count))
    }

    /// A session under faults replays from its journal to the same requests and digest.
    @Test func aSessionReplaysFromItsJournal() throws {
        for seed in 1...6 as ClosedRange<UInt64> {
            let folder = ScratchFolder()
            let played = try play(seed: seed, journal: try JournalWriter(folder: folder.path))
            let outcome = try JournalReplay.run(try JournalReader(folder.path)) { _ in try SimulatedSession.make() }
            #expect(outcome.difference == nil, "seed \(seed)")
            #expect(outcome.place == played.session.engine.loop.place, "seed \(seed)")
            #expect(outcome.requests > 50)
        }
    }

    @Test func aRunThatLosesItsDiskStopsQuoting() throws {
        let folder = ScratchFolder()
        nonisolated(unsafe) var room = 4_000
        let writer = try JournalWriter(folder: folder.path) { descriptor, bytes, count in
            guard room >= count else {
                errno = ENOSPC
                return -1
            }
            room -= count
            return writeBytes(descriptor, bytes, count)
        }
        let session = try SimulatedSession(seed: 7, journal: writer)
        for _ in 0..<300 {
            session.step(50)
        }
        #expect(writer.failure != nil)
        #expect(session.engine.orders.killReason?.contains("No space left") == true)
        #expect(session.failure == nil)
        #expect(session.engine.orders.killProvenNs != nil)
        #expect(session.venue.openOrders(0).isEmpty)
    }
}
