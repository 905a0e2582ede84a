import HBTBinance
import HBTEngine
import HBTLive
import HBTSockets
import NIOCore

/// Plays a live session against an exchange whose clock moves only when told to, so that a backtest of its recording
/// comes to the same orders, fills and digest.
///
/// The driver is the network between the two. Market data takes a step: what the venue has sent by a multiple of it
/// arrives then. Orders and answers take the latency of the settings, to the nanosecond, first in, first out: the
/// venue's clock is moved to the moment at which a request arrives, the request is sent, and what comes of it waits for
/// its own time. So every side sees everything when it would in a backtest.
final class SteppedLiveDriver: @unchecked Sendable {
    // Confined to the client's loop between the awaits, of which only one is under way.
    private let shell: LiveShell
    private let venue: SteppedVenue
    private let stepNs: Int64
    /// The venue's clock is moved by no more than this, so that no answer is found after it was due.
    private let paceNs: Int64
    private var ways: [SteppedWay]
    private var requests = DueQueue<SteppedCall>()
    private var moments = DueQueue<Moment>()
    private var marketEvents: [(id: Int, event: SocketEvent)] = []
    private var venueNs: Int64 = 0
    private var hasEnded = false
    /// Answers that were due before they were known of.
    private var lateMoments = 0

    /// One thing that happened at the venue: what its streams say of it, and the answer to the request that caused it.
    private struct Moment {
        var events: [(id: Int, event: SocketEvent)]
        var exchangeNs: Int64?
        var isOrder: Bool
        var reply: (() -> Void)?
    }

    init(shell: LiveShell, stepNs: Int64) throws {
        self.shell = shell
        self.stepNs = max(stepNs, 1_000_000)
        venue = SteppedVenue(shell)
        ways = try shell.session.networkLatencies().map { SteppedWay($0) }
        paceNs = min(self.stepNs, shell.session.plan.specs.map(SteppedWay.pace).min() ?? self.stepNs)
    }

    private var engine: LiveEngine { shell.engine }
    private func onLoop<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T { try await venue.onLoop(body) }

    func run() async throws {
        try await onLoop { [self] in
            venueNs = shell.clock.nowNs
            engine.orders.isSimulated = true
        }
        try await meet()
        var boundaryNs = venueNs
        while true {
            boundaryNs += stepNs
            let limitNs = boundaryNs
            while let ns = try await onLoop({ [self] in nextNs(before: limitNs) }) { try await play(at: ns, isBoundary: false) }
            try await moveVenue(to: limitNs)
            if try await onLoop({ [self] in hasEnded || shell.isToEnd(at: limitNs) }) { break }
            try await play(at: limitNs, isBoundary: true)
        }
        try await end(at: boundaryNs)
    }

    /// Connects and compares everything while the clock stands: no order waits for that later. The first row, of an empty
    /// book, starts both clocks together.
    private func meet() async throws {
        for _ in 0..<100 {
            try await onLoop { [self] in shell.tick() }
            try await venue.settle()
            guard try await onLoop({ [self] in shell.account.fault == nil && !shell.isMarketDown && shell.orderEntry?.isUp != false }) else { continue }
            return try await onLoop { [self] in
                engine.begin()
                shell.carryOut()
                try takeCalls(at: engine.nowNs)
            }
        }
        throw SteppedVenue.Fault(description: "the exchange does not let the session begin; see the log")
    }

    // MARK: one moment

    /// The next moment before the boundary at which anything has to be done; nil for none.
    private func nextNs(before boundaryNs: Int64) -> Int64? {
        var ns = venueNs + paceNs
        for candidate in [requests.nextNs, moments.nextNs, engine.loop.run.backtest.pendingTargetNs] {
            if let candidate { ns = min(ns, candidate) }
        }
        ns = max(ns, engine.nowNs + 1)
        return ns < boundaryNs ? ns : nil
    }

    private func play(at ns: Int64, isBoundary: Bool) async throws {
        if ns >= venueNs + paceNs { try await moveVenue(to: ns) }
        try await onLoop { [self] in
            shell.clock.set(ns)
            engine.together(at: ns) {
                if isBoundary {
                    deliverMarket()
                    shell.tick()
                }
                deliverMoments(upTo: ns)
            }
            shell.carryOut()
            try takeCalls(at: ns)
        }
        try await sendDue(upTo: ns)
    }

    private func deliverMarket() {
        let events = marketEvents
        marketEvents = []
        for entry in events { shell.take(entry.id, entry.event) }
    }

    private func deliverMoments(upTo ns: Int64) {
        while let (dueNs, moment) = moments.take(upTo: ns) {
            if dueNs < ns, moment.isOrder { lateMoments += 1 }
            engine.orders.beginMoment(exchangeNs: moment.exchangeNs)
            for entry in moment.events { shell.take(entry.id, entry.event) }
            moment.reply?()
            engine.orders.endMoment()
        }
    }

    // MARK: the way there and back

    /// Puts what the shell asks for on its way.
    private func takeCalls(at ns: Int64) throws {
        let calls = shell.waiting
        shell.waiting = []
        for call in calls {
            switch try ways[call.asset].request(at: ns, isOrder: call.isOrder) {
            case .at(let dueNs): requests.add(call, at: dueNs)
            case .refused(let dueNs):
                moments.add(Moment(events: [], exchangeNs: nil, isOrder: true) { call.finish(.failure(RequestFault("refused on its way"))) }, at: dueNs)
            }
        }
    }

    private func sendDue(upTo ns: Int64) async throws {
        while let dueNs = try await onLoop({ [self] in requests.nextNs }), dueNs <= ns {
            if venueNs < dueNs { try await moveVenue(to: dueNs) }
            try await sendNext()
        }
    }

    /// Sends the next request; what comes of it is under way then.
    private func sendNext() async throws {
        let loop = shell.client.loop
        let sent = try await loop.flatSubmit { [self] () -> EventLoopFuture<NIOLoopBound<(Int64, SteppedCall, Result<HTTPReply, any Error>)>?> in
            guard let (ns, call) = requests.take(upTo: .max) else { return loop.makeSucceededFuture(nil) }
            let bound = NIOLoopBound(call, eventLoop: loop)
            let promise = loop.makePromise(of: NIOLoopBound<(Int64, SteppedCall, Result<HTTPReply, any Error>)>?.self)
            call.send().whenComplete { promise.succeed(NIOLoopBound((ns, bound.value, $0), eventLoop: loop)) }
            return promise.futureResult
        }.get()
        guard let sent else { return }
        try await venue.barrier()
        try await onLoop { [self] in
            let (ns, call, result) = sent.value
            let events = takeUserEvents()
            let dueNs = try ways[call.asset].answer(at: ns, isOrder: call.isOrder)
            moments.add(Moment(events: events, exchangeNs: call.isOrder ? ns : nil, isOrder: call.isOrder) { call.finish(result) }, at: dueNs)
        }
    }

    /// Moves the venue's clock; what its rows have caused is under way then.
    private func moveVenue(to ns: Int64) async throws {
        guard ns > venueNs else { return }
        let reply = try await venue.move(toNs: ns)
        try await venue.barrier()
        try await onLoop { [self] in
            venueNs = reply.ns
            hasEnded = reply.hasEnded
            for entry in takeUserEvents() {
                let cause = shell.cause(of: entry.event)
                let dueNs = try cause.map { try ways[$0.asset].answer(at: $0.exchangeNs, isOrder: true) } ?? ns
                moments.add(Moment(events: [entry], exchangeNs: nil, isOrder: cause != nil), at: dueNs)
            }
        }
    }

    /// Events of the user stream; those of the market wait for the end of the step.
    private func takeUserEvents() -> [(id: Int, event: SocketEvent)] {
        let events = venue.takeInbox()
        marketEvents += events.filter { shell.user?.owns($0.id) != true }
        return events.filter { shell.user?.owns($0.id) == true }
    }

    // MARK: the end

    /// The venue stands still from here. The strategy plays on as a backtest does whose data ends: as long as messages of
    /// orders are under way. Then its run ends, and everything is cancelled.
    private func end(at boundaryNs: Int64) async throws {
        try await onLoop { [self] in
            engine.together(at: boundaryNs, decides: false) {
                deliverMarket()
                deliverMoments(upTo: boundaryNs)
            }
        }
        var nowNs = boundaryNs
        while true {
            let beforeNs = nowNs
            guard let next = try await onLoop({ [self] in nextOfOrders(after: beforeNs) }) else { break }
            nowNs = max(nowNs, next.ns)
            let ns = nowNs
            if next.isStep {
                try await onLoop { [self] in
                    shell.clock.set(ns)
                    engine.together(at: ns) {}
                    shell.carryOut()
                    try takeCalls(at: ns)
                }
            } else if try await onLoop({ [self] in requests.nextNs == next.ns && moments.nextNs != next.ns }) {
                try await onLoop { [self] in shell.clock.set(ns) }
                try await sendNext()
            } else {
                try await onLoop { [self] in
                    shell.clock.set(ns)
                    engine.together(at: ns, decides: false) { deliverMoments(upTo: ns) }
                }
            }
        }
        let endNs = nowNs
        try await onLoop { [self] in
            shell.clock.set(endNs)
            shell.saveState()
            engine.conclude(at: endNs)
            if lateMoments > 0 {
                shell.log.warning("answers came later than the settings' latency says; a backtest differs", metadata: ["answers": "\(lateMoments)"])
            }
            if hasEnded { shell.stop("the exchange has no more data", status: RunStatus.done) }
        }
        try await leave(from: endNs)
    }

    /// What is next while only orders count; a step counts as long as one of their messages comes after it.
    private func nextOfOrders(after ns: Int64) -> (ns: Int64, isStep: Bool)? {
        shell.waiting.removeAll { !$0.isOrder }
        requests.keep(\.isOrder)
        moments.keep(\.isOrder)
        guard let messageNs = [requests.nextNs, moments.nextNs].compactMap({ $0 }).min() else { return nil }
        if let stepNs = engine.loop.run.backtest.pendingTargetNs, stepNs < messageNs { return (max(stepNs, ns), true) }
        return (messageNs, false)
    }

    private func leave(from endNs: Int64) async throws {
        var clockNs = endNs
        while true {
            try await onLoop { [self] in shell.tick() }
            try await venue.settle()
            if try await onLoop({ [self] in shell.isOver }) { return }
            let reply = try await venue.move(toNs: max(venueNs, clockNs) + stepNs)
            clockNs = reply.ns
            let ns = clockNs
            try await onLoop { [self] in shell.clock.set(ns) }
            try await venue.settle()
        }
    }
}
