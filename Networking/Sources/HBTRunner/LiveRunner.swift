import HBTBinance
import HBTCommands
import HBTEngine
import HBTLive
import HBTSockets
import HBTTypes
import Logging
import NIOCore

/// One live run from its settings file to its exit status.
struct LiveRunner: @unchecked Sendable {
    // Unchecked for the metatypes of strategies, which never change.
    let settings: String
    let overrides: [String]
    let isPaper: Bool
    let out: String?
    let durationNs: Int64?
    let caFile: String?
    let killFile: String?
    /// nil for the machine's clock.
    let stepNs: Int64?
    /// nil for no page.
    let observePort: Int?
    let log: Logger
    let strategies: [any Strategy.Type]
    /// Bots in other processes decide, over shared memory of this name.
    var channel: String?
    /// Where market data and factors are published; nil for nowhere.
    var publishing: (endpoint: String, isPublic: Bool)?

    struct Fault: Error, CustomStringConvertible {
        let description: String
    }

    func run() async throws -> Int32 {
        let plan = try LivePlan(file: settings, overrides: overrides, isPaper: isPaper, strategies: strategies)
        let venue = plan.venue, wire = venue.market.wire
        guard VenueAddresses.speeds(wire).contains(venue.depthNs / 1_000_000), venue.depthNs % 1_000_000 == 0 else {
            let words = VenueAddresses.speeds(wire).map { "\"\($0)ms\"" }.joined(separator: ", ")
            throw Fault(description: "\(settings): venue.depth_speed: this market has \(words)")
        }
        let keys = isPaper ? nil : try ApiKeys.load(file: venue.keyFile)
        let addresses = try VenueAddresses(venue)
        let clock = stepNs == nil ? RunClock.machine : RunClock.stepped(from: 0)
        let client = try SocketClient(trust: caFile.map { .file($0) } ?? .system, nowNs: { clock.nowNs })
        defer { client.shutdown() }
        if clock.isStepped { clock.set(try await SteppedVenue.venueNs(client, addresses.rest)) }
        let caller = VenueCaller(client: client, rest: addresses.rest, keys: keys)
        try await readTime(caller, wire, clock)
        let rules = try await readRules(caller, wire, plan.specs, clock)
        // The clock of a stepped session is the data's: equal sessions then have equal ids.
        let session = try LiveSession(plan, folder: out, startNs: clock.nowNs, relays: channel != nil)
        StopSwitch.watch()
        for note in session.startNotes { log.warning("\(note)") }
        log.notice("starting", metadata: [
            "mode": "\(isPaper ? "paper" : "live")", "run": "\(session.runId)", "folder": "\(session.folder)", "rest": "\(addresses.rest)",
            "stream": "\(addresses.stream)",
        ])
        let shell = LiveShell(
            session: session, rules: rules, caller: caller, addresses: addresses, clock: clock, log: log, killFile: killFile)
        let observer = try observePort.map { try RunObserver(port: $0, shell: shell) }
        defer { observer?.stop() }
        if let durationNs { shell.untilNs = clock.nowNs &+ durationNs }
        if let publishing {
            try await client.loop.submit {
                shell.publisher = try RunPublisher(
                    endpoint: publishing.endpoint, isPublic: publishing.isPublic, name: shell.session.plan.name, engine: shell.engine, log: shell.log)
            }.get()
        }
        if let channel {
            let name = RelayName.topic(plan.name)
            try await client.loop.submit {
                shell.relay = try RelayPort(channel: channel, name: name, engine: shell.engine, isPaper: shell.isPaper, log: shell.log) {
                    client.loop.execute { shell.relayCame() }
                }
            }.get()
        }
        let promise = client.loop.makePromise(of: Int32.self)
        try await client.loop.submit { shell.onEnd = { promise.succeed($0) } }.get()
        if let stepNs {
            do {
                try await drive(shell, stepNs: stepNs)
            } catch {
                promise.fail(error)
            }
        } else {
            client.loop.scheduleRepeatedTask(initialDelay: .zero, delay: .milliseconds(20)) { _ in shell.tick() }
        }
        return try await promise.futureResult.get()
    }

    private func drive(_ shell: LiveShell, stepNs: Int64) async throws {
        if isPaper {
            try await SteppedDriver(shell: shell, stepNs: stepNs).run()
        } else {
            try await SteppedLiveDriver(shell: shell, stepNs: stepNs).run()
        }
    }

    private func readTime(_ caller: VenueCaller, _ market: VenueMarket, _ clock: RunClock) async throws {
        // The quickest of three: the first call pays for the connection.
        var best: (tookNs: Int64, offsetMs: Int64)?
        for _ in 0..<3 {
            let askedNs = clock.nowNs
            let reply = try await read(caller, VenueCalls.time(market), clock)
            let tookNs = reply.receivedNs &- askedNs
            let found = VenueTime.offsetMs(venueMs: try JSONValue.parse(reply.bytes).integer("serverTime"), askedNs: askedNs, answeredNs: reply.receivedNs)
            if best.map({ tookNs < $0.tookNs }) ?? true { best = (tookNs, found) }
        }
        let offsetMs = best?.offsetMs ?? 0
        try await caller.client.loop.submit { caller.offsetMs = offsetMs }.get()
        if offsetMs.magnitude > 500 { log.warning("our clock and the venue's differ; latencies are wrong by as much", metadata: ["ms": "\(offsetMs)"]) }
    }

    private func readRules(_ caller: VenueCaller, _ market: VenueMarket, _ specs: [AssetSpec], _ clock: RunClock) async throws -> [SymbolRules] {
        try SymbolCheck.rules(try await read(caller, VenueCalls.exchangeInfo(market), clock).bytes, market: market, specs: specs)
    }

    private func read(_ caller: VenueCaller, _ request: VenueRequest, _ clock: RunClock) async throws -> HTTPReply {
        var fault = ""
        for attempt in 0..<5 {
            if attempt > 0 { try await Task.sleep(for: .milliseconds(250 << attempt)) }
            do {
                let reply = try await caller.send(request, nowNs: clock.nowNs).get()
                if reply.status == 200 { return reply }
                fault = "status \(reply.status)\(VenueAnswers.error(reply).map { ", \($0)" } ?? "")"
                // The venue's word is final, unless it is about its own state.
                if (400..<500).contains(reply.status), reply.status != 429 { break }
            } catch let error as SocketFault {
                fault = "\(error)"
                if case .notTrusted = error { break }
            }
            log.warning("the venue does not answer", metadata: ["path": "\(request.path)", "fault": "\(fault)"])
        }
        throw Fault(description: "\(caller.rest)\(request.path): \(fault); check [venue] and the connection")
    }
}
