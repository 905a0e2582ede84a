import HBTCommands
import HBTLive
import HBTSockets
import Logging

/// Exit statuses of `hbt run`, beside 2 for bad input.
enum RunStatus {
    /// SIGTERM, SIGINT or --for; nothing is open.
    static let done: Int32 = 0
    /// A kill switch, a limit or a failure ended the run; nothing is open.
    static let stopped: Int32 = 1
    /// It could not be proven that nothing is open at the venue.
    static let unproven: Int32 = 4
}

extension LiveShell {
    /// On the way out.
    struct Ending {
        var reason: String
        var status: Int32
        /// Given up by then.
        var deadlineNs: Int64
        var isFinished = false
    }
    /// How long the venue has to prove that nothing is open. It may tell us to be silent for half a minute, or two.
    private static let proofNs: Int64 = 150_000_000_000
    /// And how long, from then on, its position has to be ours: executions may still be on their way.
    private static let agreementNs: Int64 = 15_000_000_000

    func watchSwitches(_ ns: Int64) {
        switch StopSwitch.current {
        case .none: break
        case .end: if ending == nil { stop("asked to end by a signal", status: RunStatus.done) }
        case .kill: kill("SIGUSR1")
        }
        if ns >= untilNs, ending == nil { stop("the time given by --for is over", status: RunStatus.done) }
        guard ending == nil else { return }
        if StopSwitch.isThere("\(session.folder)/\(LiveSession.killName)") { kill("the file \(LiveSession.killName) in the run's folder") }
        if let killFile, StopSwitch.isThere(killFile) { kill("the file \(killFile)") }
    }

    /// The run is to end, or does already.
    func isToEnd(at ns: Int64) -> Bool {
        ending != nil || ns >= untilNs || StopSwitch.current != .none || StopSwitch.isThere("\(session.folder)/\(LiveSession.killName)")
            || killFile.map { StopSwitch.isThere($0) } ?? false
    }

    private func kill(_ what: String) {
        guard ending == nil else { return }
        stop("kill switch: \(what)", status: RunStatus.stopped)
    }

    /// Cancels everything and, once that is proven, ends the run.
    func stop(_ reason: String, status: Int32) {
        guard ending == nil else { return }
        log.notice("ending", metadata: ["reason": "\(reason)"])
        let ns = clock.nowNs
        ending = Ending(reason: reason, status: status, deadlineNs: ns &+ Self.proofNs)
        engine.kill(reason, at: ns)
        carryOut()
    }

    func followEnding(_ ns: Int64) {
        guard let now = ending, !now.isFinished else { return }
        let provenNs = engine.orders.killProvenNs
        if !isPaper {
            guard ns >= now.deadlineNs || provenNs != nil else { return }
            if let provenNs, ns < now.deadlineNs, ns < provenNs &+ Self.agreementNs, !agrees(since: provenNs) { return comparePositions(ns) }
        }
        ending?.isFinished = true
        finish(now, provenNs: isPaper ? nil : provenNs)
    }

    /// The venue's positions, asked for since then, are ours.
    private func agrees(since provenNs: Int64) -> Bool {
        positions.indices.allSatisfy { asset in
            positions[asset].askedNs >= provenNs && abs(positions[asset].quantity - engine.orders.positions[asset]) < session.plan.specs[asset].lotSize / 2
        }
    }

    private func comparePositions(_ ns: Int64) {
        guard ns >= nextCompareNs else { return }
        nextCompareNs = ns &+ 1_000_000_000
        for asset in positions.indices { perform(.queryPosition(asset: asset)) }
    }

    /// Saves the run's state, once, while it can still go on.
    func saveState() {
        guard !isStateSaved else { return }
        isStateSaved = true
        do {
            try session.saveSnapshot()
        } catch {
            log.critical("the run's state cannot be saved: \(errorLine(error))")
            hasFailed = true
        }
    }

    private func finish(_ now: Ending, provenNs: Int64?) {
        saveState()
        var status = hasFailed ? max(now.status, RunStatus.stopped) : now.status
        engine.finish(at: clock.nowNs)
        if isPaper {
            _ = engine.takeActions()
        } else if provenNs == nil {
            status = RunStatus.unproven
            log.critical("it could not be proven that nothing is open: look at the venue's list of open orders")
        } else {
            log.notice("nothing is open at the venue", metadata: ["positions": "\(engine.orders.positions)"])
            if let provenNs, !agrees(since: provenNs) {
                log.error("the positions could not be compared with the venue's, or differ", metadata: ["venue": "\(positions.map(\.quantity))"])
            }
        }
        // Only what is proven lets the venue's countdown go.
        if provenNs != nil { carryOut() } else { _ = engine.takeActions() }
        for note in engine.takeNotes() { log.notice("\(note)") }
        if let failure = engine.loop.journal?.failure {
            log.critical("\(failure)")
            status = max(status, RunStatus.stopped)
        }
        do {
            let text = try session.finish(LiveSession.Ending(reason: now.reason, provenNs: provenNs))
            print(text)
        } catch {
            log.critical("results cannot be written: \(errorLine(error))")
            status = max(status, RunStatus.stopped)
        }
        // The last calls (the countdown's end) get a moment to leave.
        let last = status
        client.loop.scheduleTask(in: isPaper || clock.isStepped ? .zero : .milliseconds(300)) { [self] in onEnd?(last) }
    }
}
