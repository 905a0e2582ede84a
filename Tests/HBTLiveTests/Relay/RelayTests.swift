import HBTEngine
import HBTMarketData
import HBTTypes
import Testing

@testable import HBTLive

@Suite struct RelayTests {
    /// Sides, ticks and quantities of what reached the venue, in order.
    private func placed(_ session: SimulatedSession) -> [String] {
        session.venue.ids.compactMap { session.venue.books[$0]?.order }.map { "\($0.side) \($0.quantity) at \($0.priceTick)" }
    }

    @Test(arguments: 0..<10 as Range<UInt64>) func aBotBehindAConnectorSendsWhatOneProcessWould(seed: UInt64) throws {
        let alone = try SimulatedSession(seed: seed), relayed = try SimulatedSession(seed: seed, throughBot: true)
        for _ in 0..<600 {
            alone.step(17)
            relayed.step(17)
        }
        #expect(alone.failure == nil && relayed.failure == nil, "\(alone.failure ?? "") \(relayed.failure ?? "")")
        #expect(placed(alone).count > 20)
        #expect(placed(alone) == placed(relayed))
        #expect(relayed.bot?.state == .running)
    }

    @Test(arguments: 0..<30 as Range<UInt64>) func botsComeAndGoWithoutALostOrDoubledOrder(seed: UInt64) throws {
        let session = try SimulatedSession(seed: seed, throughBot: true)
        var random = SeededRandom(seed: seed &+ 99)
        session.venue.faults = .wild(&random)
        for _ in 0..<600 where session.failure == nil {
            session.step(10 + Int64(random.below(20)))
            if random.below(80) == 0 { try session.startBot() }
        }
        session.venue.faults = .none
        for _ in 0..<400 where session.failure == nil {
            session.step(100)
            if session.engine.orders.positions == session.venue.positions && session.engine.orders.openClientIds.isEmpty { break }
        }
        session.engine.kill("end", at: session.ns)
        for _ in 0..<300 where session.engine.orders.killProvenNs == nil { session.step(100) }
        #expect(session.failure == nil, "\(session.failure ?? "")")
        #expect(session.bots > 1 && session.quotes > 0)
        #expect(session.venue.placedTwice.isEmpty && session.venue.openOrders(0).isEmpty)
        for _ in 0..<100 where session.engine.orders.positions != session.venue.positions { session.step(100) }
        #expect(session.engine.orders.positions == session.venue.positions)
    }

    @Test func silenceLossAndNonsenseCostABotItsOrders() throws {
        for fault in 0..<4 {
            let (run, feeds) = try SimulatedSession.make(relays: true)
            let engine = LiveEngine(
                loop: DecisionLoop(run: run, feeds: feeds, journal: nil), orders: OrderManager(ids: OrderIds(startNs: 1), specs: [SimulatedSession.spec]),
                limits: RiskLimits(maxPositionValue: 1e6, maxOrderValue: 1e6, maxLoss: 1e9), rules: [.futures])
            let desk = RelayDesk(engine: engine, isPaper: false)
            let (mine, myFeeds) = try SimulatedSession.make()
            let bot = RelayBot(loop: DecisionLoop(run: mine, feeds: myFeeds, journal: nil), runId: "b", isPaper: false)
            desk.receive(bot.hello(), at: 1_000)
            for frame in desk.takeFrames() { _ = bot.receive(frame) }
            #expect(desk.state == .serving(runId: "b") && bot.state == .running)
            switch fault {
            case 0: desk.tick(at: 1_000 + 3_000_000_000)
            case 1:
                _ = bot.heartbeat()
                desk.receive(bot.heartbeat(), at: 2_000)
            case 2: desk.receive([1, 2, 3], at: 2_000)
            default:
                let order = Order(orderId: 1, side: .buy, priceTick: 1, quantity: 1)
                desk.receive(RelayFrame(number: 1, entries: [.request(.submit, asset: 7, order: order)]).bytes, at: 2_000)
            }
            // A tick that finds nothing open is the end of it already.
            #expect(desk.state == (fault == 0 ? .alone : .clearing(runId: nil)))
            desk.tick(at: 5_000_000_000)
            #expect(desk.state == .alone)
            for frame in desk.takeFrames() { _ = bot.receive(frame) }
            #expect(bot.state == .failed("the connector has ended the conversation"))
        }
    }

    @Test func otherSettingsAreRefusedByName() throws {
        let (run, feeds) = try SimulatedSession.make(relays: true)
        let engine = LiveEngine(
            loop: DecisionLoop(run: run, feeds: feeds, journal: nil), orders: OrderManager(ids: OrderIds(startNs: 1), specs: [SimulatedSession.spec]),
            limits: RiskLimits(maxPositionValue: 1e6, maxOrderValue: 1e6, maxLoss: 1e9), rules: [.futures])
        let desk = RelayDesk(engine: engine, isPaper: true)
        let (mine, myFeeds) = try SimulatedSession.make()
        let bot = RelayBot(loop: DecisionLoop(run: mine, feeds: myFeeds, journal: nil), runId: "b", isPaper: false)
        desk.receive(bot.hello(), at: 1_000)
        for frame in desk.takeFrames() { _ = bot.receive(frame) }
        #expect(bot.state == .failed("the connector refuses: the connector is on paper, the bot is not"))
    }

    @Test func framesFromOutsideNeverCrash() throws {
        var random = SeededRandom(seed: 3)
        let good = RelayFrame(number: 4, entries: [.clock(localNs: 5), .end(localNs: 6)])
        #expect(try RelayFrame(bytes: good.bytes) == good)
        for _ in 0..<20_000 {
            var bytes = good.bytes
            for _ in 0...random.below(4) { bytes[random.below(bytes.count)] = UInt8(random.below(256)) }
            if random.below(3) == 0 { bytes.removeLast(random.below(bytes.count)) }
            _ = try? RelayFrame(bytes: bytes)
        }
    }
}
