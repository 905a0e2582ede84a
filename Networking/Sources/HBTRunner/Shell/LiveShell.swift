import HBTBinance
import HBTCommands
import HBTLive
import HBTObserve
import HBTSockets
import Logging
import NIOCore

/// The sockets around a `LiveEngine`: hands over what comes in, carries out what it asks for.
///
/// Confined to the client's loop. Decisions are the engine's; here is only who is called and when.
final class LiveShell: @unchecked Sendable {
    let session: LiveSession
    let engine: LiveEngine
    let client: SocketClient
    let caller: VenueCaller
    let calls: VenueCalls
    let answers: VenueAnswers
    let addresses: VenueAddresses
    let clock: RunClock
    let log: Logger
    var isPaper: Bool { session.plan.isPaper }

    var parser = StreamParser()
    var bids: [DepthLevel] = []
    var asks: [DepthLevel] = []
    let marketURL: ServerURL
    var market: [Lines] = []
    var user: Lines?
    var account: AccountHealth
    /// Assets whose market streams are all gone, as the engine was told.
    var isMarketDown = true
    var listenKey: String?
    var isAskingForListenKey = false
    var nextListenKeyNs = Int64.min
    var snapshots: [SnapshotPace]
    /// The venue's own numbers of our orders, for calls that want them.
    var orderIds = OrderNumbers()
    var noteFilter = NoteFilter()
    /// Messages that could not be read.
    var badMessages: Int64 = 0
    /// With a stepped clock, what came in waits for the driver.
    var inbox: [(id: Int, event: SocketEvent)] = []
    /// And so do calls.
    var waiting: [() -> EventLoopFuture<Void>] = []

    // How it ends.
    var ending: Ending?
    var onEnd: ((_ status: Int32) -> Void)?
    var untilNs = Int64.max
    var nextDrainNs = Int64.min
    var nextTimeNs = Int64.min
    let killFile: String?
    /// By asset: when a simulated venue charges funding.
    var funding: [FundingWatch]
    /// For whoever subscribes; nil for nobody.
    var publisher: RunPublisher?
    /// Where decisions come from when a bot in another process makes them.
    var relay: RelayPort?
    /// What the page shows; nil without one.
    var statusBox: StatusBox?
    /// From the receipt of a message to the orders that it caused, as far as they are out of the engine.
    var tickToOrder = LatencyTally()
    /// The venue's newest word on each position.
    var positions: [(askedNs: Int64, quantity: Double)]
    var nextCompareNs = Int64.min
    /// Which of `VenueCalls.positionVersions` the venue has.
    var positionVersion = 0

    init(
        session: LiveSession, rules: [SymbolRules], caller: VenueCaller, addresses: VenueAddresses, clock: RunClock, log: Logger, killFile: String?
    ) {
        self.session = session
        self.killFile = killFile
        engine = session.engine
        client = caller.client
        self.caller = caller
        self.addresses = addresses
        self.clock = clock
        self.log = log
        let plan = session.plan, wire = plan.venue.market.wire
        calls = VenueCalls(market: wire, rules: rules, specs: plan.specs)
        answers = VenueAnswers(market: wire, rules: rules, specs: plan.specs)
        marketURL = addresses.market(rules.map(\.symbol), market: wire, depthNs: plan.venue.depthNs, hasMarks: plan.listensToMarks)
        account = AccountHealth(assets: rules.count)
        funding = rules.map { _ in FundingWatch() }
        positions = rules.map { _ in (.min, 0) }
        snapshots = rules.indices.map { SnapshotPace(seed: UInt64(bitPattern: session.startNs) &+ UInt64($0)) }
        let seed = UInt64(bitPattern: session.startNs)
        for number in 0..<plan.venue.connections { market.append(makeLines(number, seed: seed &+ UInt64(number))) }
        if !plan.isPaper { user = makeLines(plan.venue.connections, seed: seed &+ 100) }
    }

    private func makeLines(_ number: Int, seed: UInt64) -> Lines {
        Lines(number: number, client: client, limits: ConnectionPlan.Limits(), seed: seed) { [weak self] id, event in
            guard let self else { return }
            if clock.isStepped { inbox.append((id, event)) } else { take(id, event) }
        }
    }

    // MARK: what comes in

    /// The engine takes no more input.
    var isOver: Bool { ending?.isFinished == true }

    func take(_ id: Int, _ event: SocketEvent) {
        guard !isOver else { return }
        let ns = clock.isStepped ? clock.nowNs : event.ns
        if let user, user.owns(id) {
            if user.note(id, event, at: ns) { userEvent(event, at: ns) }
        } else if let lines = market.first(where: { $0.owns(id) }), lines.note(id, event, at: ns) {
            marketEvent(id, event, at: ns)
        }
        carryOut()
    }

    /// Everything that time brings. At least every 50 ms.
    func tick() {
        guard !isOver else { return }
        let ns = clock.nowNs
        watchSwitches(ns)
        if ending == nil || !isPaper {
            for lines in market { lines.tick(ns) { marketURL } }
            if let user {
                keepListenKey(ns)
                user.tick(ns) { listenKey.map(addresses.user) }
                // Answers get lost like everything else, and nothing goes out before they have come.
                if user.isOpen, account.fault != nil, ns >= nextCompareNs {
                    nextCompareNs = ns &+ 2_000_000_000
                    engine.reconcileNow(at: ns)
                }
            }
        }
        engine.tick(at: ns)
        relay?.desk.tick(at: ns)
        publisher?.tick()
        for asset in snapshots.indices where snapshots[asset].isFailureDue(ns) { engine.snapshotFailed(asset: asset, at: ns) }
        carryOut()
        keepTime(ns)
        if ns >= nextDrainNs {
            nextDrainNs = ns &+ 1_000_000_000
            drain()
            publishStatus()
        }
        followEnding(ns)
    }

    private func drain() {
        do {
            guard try !session.drain(), ending == nil else { return }
            stop(session.stopReason ?? "the run has ended", status: RunStatus.stopped)
        } catch {
            stop("results cannot be written: \(errorLine(error))", status: RunStatus.stopped)
        }
    }

    /// The bot has said something.
    func relayCame() {
        guard !isOver else { return }
        relay?.receive(at: clock.nowNs)
        carryOut()
    }

    /// What the engine wants done, after every call of it.
    func carryOut() {
        relay?.send()
        let actions = engine.takeActions()
        if !actions.isEmpty, !clock.isStepped { tickToOrder.add(clock.nowNs &- engine.nowNs) }
        // On paper the order manager has nothing to manage.
        if !isPaper { for action in actions { perform(action) } }
        for asset in engine.takeSnapshotWishes() { wishSnapshot(asset) }
        for note in engine.takeNotes() { if let text = noteFilter.text(note, at: clock.nowNs) { log.notice("\(text)") } }
        if engine.orders.killReason != nil, ending == nil { stop(engine.orders.killReason ?? "", status: RunStatus.stopped) }
    }

    /// Sends a call now, or in its turn when the session is stepped.
    func call(_ request: VenueRequest, timeoutSeconds: Double? = nil, then: @escaping (Result<HTTPReply, any Error>) -> Void) {
        let run: () -> EventLoopFuture<Void> = { [self] in
            let promise = client.loop.makePromise(of: Void.self)
            let bound = NIOLoopBound(then, eventLoop: client.loop)
            caller.send(request, nowNs: clock.nowNs, timeoutSeconds: timeoutSeconds).hop(to: client.loop).whenComplete { [self] result in
                defer { promise.succeed() }
                guard !isOver else { return }
                if case .success(let reply) = result {
                    noteLimits(reply)
                    // A clock that has drifted is set right at once.
                    if reply.status == 400, VenueAnswers.error(reply)?.code == -1021 { askTime() }
                }
                bound.value(result)
                carryOut()
            }
            return promise.futureResult
        }
        if clock.isStepped { waiting.append(run) } else { _ = run() }
    }

    /// The venue's own counts of what we have used.
    private func noteLimits(_ reply: HTTPReply) {
        engine.orders.budget.report(
            weight: reply.header("x-mbx-used-weight-1m").flatMap { Int($0) }, ordersIn10s: reply.header("x-mbx-order-count-10s").flatMap { Int($0) },
            ordersToday: reply.header("x-mbx-order-count-1d").flatMap { Int($0) }, at: clock.nowNs)
        guard reply.status == 429 || reply.status == 418 else { return }
        engine.orders.budget.block(untilNs: VenueAnswers.waitUntilNs(reply, nowNs: clock.nowNs))
        log.warning("the venue limits our requests", metadata: ["status": "\(reply.status)"])
    }

    /// The venue's clock, every ten minutes: signed calls carry its time.
    private func keepTime(_ ns: Int64) {
        guard ns >= nextTimeNs, !clock.isStepped else { return }
        nextTimeNs = ns &+ 600_000_000_000
        askTime()
    }

    func askTime() {
        let before = clock.nowNs
        call(VenueCalls.time(calls.market)) { [self] result in
            guard case .success(let reply) = result, let ms = try? JSONValue.parse(reply.bytes).integer("serverTime") else { return }
            caller.offsetMs = VenueTime.offsetMs(venueMs: ms, askedNs: before, answeredNs: reply.receivedNs)
        }
    }
}

extension SocketEvent {
    /// When it happened, our clock.
    var ns: Int64 {
        switch self {
        case .opened(let ns), .message(_, _, let ns), .alive(let ns), .closed(_, _, let ns): ns
        }
    }
}

enum VenueTime {
    /// The venue's clock less ours, taking both ways of the call for equally long.
    static func offsetMs(venueMs: Int64, askedNs: Int64, answeredNs: Int64) -> Int64 {
        venueMs &- (askedNs &+ (answeredNs &- askedNs) / 2) / 1_000_000
    }
}
