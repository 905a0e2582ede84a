import HBTEngine
import HBTMarketData
import HBTTypes

@testable import HBTLive

/// A whole live run against a scripted venue, without sockets or clocks: one seed is one session.
final class SimulatedSession {
    let seed: UInt64
    let engine: LiveEngine
    let venue: SimulatedVenue
    var ns: Int64 = 1_700_000_000_000_000_000
    private var random: SeededRandom
    /// Quantities at ticks 990 to 1009; bids below 1000.
    private var book = [Double](repeating: 5, count: 20)
    private var lastId: Int64 = 100
    private var inFlight: [(ns: Int64, diff: DepthDiff, levels: [(Int, Double)])] = []
    private var snapshots: [(ns: Int64, id: Int64, book: [Double])] = []
    private var isFeedDown = false
    /// Receipt of the newest depth diff, kept apart from the engine's own account of it.
    private var newestDiffNs = Int64.min
    var feedLoss = 0
    var feedRepeats = 0
    private(set) var quotes = 0
    private(set) var failure: String?

    static let staleNs: Int64 = 1_000_000_000

    /// The other process, when decisions are made there.
    private(set) var bot: RelayBot?
    private var desk: RelayDesk?
    private(set) var bots = 0

    /// - Parameter throughBot: the strategy runs behind a `RelayDesk`.
    init(seed: UInt64, journal: JournalWriter? = nil, throughBot: Bool = false) throws {
        self.seed = seed
        random = SeededRandom(seed: seed)
        venue = SimulatedVenue(assets: 1, seed: seed &+ 17)
        let (run, feeds) = try Self.make(relays: throughBot)
        journal?.add(.start(JournalStart(settings: "", runId: "x", isPaper: false, reorderNs: 0, latencyLimitNs: 0)))
        engine = LiveEngine(
            loop: DecisionLoop(run: run, feeds: feeds, journal: journal), orders: OrderManager(ids: OrderIds(startNs: Int64(seed) + 1), specs: [Self.spec]),
            limits: RiskLimits(
                maxPositionValue: 150_000, maxOrderValue: 20_000, maxLoss: 1e9, ordersPerSecond: 50, staleFeedNs: Self.staleNs,
                deadMansSwitchNs: 10_000_000_000),
            rules: [seed % 2 == 0 ? .spot : .futures], reconcileNs: 3_000_000_000)
        if throughBot {
            desk = RelayDesk(engine: engine, isPaper: false)
            try startBot()
        }
    }

    /// A bot takes the place of the one before, which says nothing any more.
    func startBot() throws {
        let (run, feeds) = try Self.make()
        bots += 1
        bot = RelayBot(loop: DecisionLoop(run: run, feeds: feeds, journal: nil), runId: "bot\(bots)", isPaper: false)
    }

    /// Frames go to and fro until there are none.
    private func converse() {
        guard let desk, let bot else { return }
        desk.tick(at: ns)
        desk.receive(bot.state == .waiting ? bot.hello() : bot.heartbeat(), at: ns)
        while case let frames = desk.takeFrames(), !frames.isEmpty {
            for frame in frames { if let asked = bot.receive(frame) { desk.receive(asked, at: ns) } }
        }
        if case .failed(let reason) = bot.state { fail("the bot: \(reason)") }
        let here = bot.loop.run.backtest.state(0).position, there = engine.loop.run.backtest.state(0).position
        if bot.state == .running, here != there { fail("the bot's position is \(here), the connector's \(there)") }
    }

    static let spec = AssetSpec(symbol: "SIM", tickSize: 1, lotSize: 1)

    static func make(relays: Bool = false) throws -> (run: StrategyRun, feeds: [LiveFeed]) {
        let feed = LiveFeed(venue: .outside)
        let backtest = try Backtest(assets: [AssetInput(spec: spec, live: feed)], compatibility: .none)
        if relays { return (StrategyRun(backtest, strategy: RelayStrategy(), record: .every(ns: 1_000_000_000)), [feed]) }
        let location = SourceLocation(file: "test", line: 0)
        let entries: [(String, SettingValue)] = [
            ("interval", .string("100ms")), ("order_qty_value", .double(10_000)), ("max_position_value", .double(100_000)), ("grid_num", .integer(2)),
            ("half_spread", .double(2)), ("skew", .double(0.5)), ("grid_interval", .double(2)),
        ]
        let table = SettingsTable(entries.map { .init(key: $0.0, value: $0.1, location: location) }, path: "strategy", location: location)
        let strategy = try GridMarketMaking(settings: table, assets: [spec])
        return (StrategyRun(backtest, strategy: strategy, record: .every(ns: 1_000_000_000)), [feed])
    }

    func fail(_ what: String) {
        if failure == nil { failure = "seed \(seed) at +\((ns - 1_700_000_000_000_000_000) / 1_000_000) ms: \(what)" }
    }

    /// The feed is gone for a while; nothing of what happens meanwhile arrives.
    func setFeedDown(_ isDown: Bool) {
        isFeedDown = isDown
        if isDown {
            inFlight.removeAll()
            engine.disconnected(asset: 0, at: ns)
            collect()
        }
    }

    private func change() {
        let from = lastId + 1
        var levels: [(Int, Double)] = []
        for _ in 0...random.below(3) {
            lastId += 1
            let tick = random.below(20), quantity = Double(random.below(6))
            book[tick] = quantity
            levels.append((tick, quantity))
        }
        guard !isFeedDown, random.below(100) >= feedLoss else { return }
        let diff = DepthDiff(firstId: from, lastId: lastId, previousId: from - 1, exchangeNs: ns, localNs: 0)
        // One connection: frames come in the order in which they were sent.
        let due = max(ns + 2_000_000 + Int64(random.below(10)) * 1_000_000, inFlight.last?.ns ?? 0)
        inFlight.append((due, diff, levels))
        if random.below(100) < feedRepeats { inFlight.append((due, diff, levels)) }
    }

    /// One step of a millisecond's multiple.
    func step(_ milliseconds: Int64) {
        ns += milliseconds * 1_000_000
        if random.below(3) == 0 { change() }
        if random.below(12) == 0 { venue.trade(at: ns) }
        deliverFeed()
        for (_, message) in venue.run(to: ns) {
            switch message {
            case .report(let report): engine.report(report, at: ns)
            case .outcome(let outcome, let kind, let id): engine.outcome(outcome, of: kind, clientId: id, at: ns)
            case .queried(let order, let id): engine.queryAnswer(order, clientId: id, at: ns)
            case .openOrders(let list, let asset, let asked): engine.openOrders(list, asset: asset, askedNs: asked, at: ns)
            case .position(let quantity, let asset): engine.position(quantity, asset: asset, at: ns)
            }
            collect()
        }
        engine.tick(at: ns)
        collect()
        if engine.loop.run.backtest.state(0).position != engine.orders.positions[0] && engine.takeActions().isEmpty {
            // The engine books an answer when its clock reaches it, one input later at most.
            engine.tick(at: ns)
            collect()
            if engine.loop.run.backtest.state(0).position != engine.orders.positions[0] {
                fail("the engine's position is \(engine.loop.run.backtest.state(0).position), the order manager's \(engine.orders.positions[0])")
            }
        }
    }

    private func deliverFeed() {
        while let next = inFlight.first, next.ns <= ns {
            inFlight.removeFirst()
            var diff = next.diff
            diff.localNs = ns
            newestDiffNs = ns
            let bids = next.levels.filter { $0.0 < 10 }.map { DepthLevel(price: Double(990 + $0.0), quantity: $0.1) }
            let asks = next.levels.filter { $0.0 >= 10 }.map { DepthLevel(price: Double(990 + $0.0), quantity: $0.1) }
            bids.withUnsafeBufferPointer { bids in asks.withUnsafeBufferPointer { engine.depth(diff, bids: bids, asks: $0, asset: 0) } }
            collect()
        }
        for _ in engine.takeSnapshotWishes() { snapshots.append((ns + 20_000_000 + Int64(random.below(100)) * 1_000_000, lastId, book)) }
        for (due, id, book) in snapshots where due <= ns {
            if isFeedDown || random.below(10) == 0 {
                engine.snapshotFailed(asset: 0, at: ns)
                collect()
                continue
            }
            let bids = (0..<10).reversed().filter { book[$0] > 0 }.map { DepthLevel(price: Double(990 + $0), quantity: book[$0]) }
            let asks = (10..<20).filter { book[$0] > 0 }.map { DepthLevel(price: Double(990 + $0), quantity: book[$0]) }
            bids.withUnsafeBufferPointer { bids in
                asks.withUnsafeBufferPointer { engine.snapshot(lastId: id, exchangeNs: nil, bids: bids, asks: $0, asset: 0, at: ns) }
            }
            collect()
        }
        snapshots.removeAll { $0.ns <= ns }
    }

    /// Sends what the engine asks for, and looks at it with suspicion.
    private func collect() {
        converse()
        for action in engine.takeActions() {
            switch action {
            case .place, .amend:
                quotes += 1
                if engine.books[0].state != .synchronised { fail("a quote without a book") }
                if ns - newestDiffNs > Self.staleNs { fail("a quote on a book \((ns - newestDiffNs) / 1_000_000) ms old") }
                if engine.orders.killReason != nil { fail("a quote after the kill") }
            default: break
            }
            venue.send(action, at: ns)
        }
        // Without a book, nothing stays that is not being cancelled, asked for, or on its way.
        if engine.books[0].state != .synchronised {
            for id in engine.orders.openClientIds {
                let state = engine.orders.state(clientId: id)
                if state == .live || state == .partiallyFilled, !engine.orders.isSettling(id) { fail("order \(id) is left open without a book") }
            }
        }
    }
}

extension OrderManager {
    /// Finished at the venue; only executions are still on their way.
    func isSettling(_ id: String) -> Bool {
        guard case .thisRun(let number) = ids.owner(id) else { return false }
        return orders[number]?.heldDone != nil
    }
}
