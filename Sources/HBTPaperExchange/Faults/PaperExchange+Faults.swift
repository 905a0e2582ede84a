import HBTBinance

extension PaperExchange {
    /// What goes wrong from now on.
    public var faultPlan: FaultPlan {
        get { faults.plan }
        set { faults.plan = newValue }
    }

    /// Breaks every open WebSocket, as a venue does that is restarted.
    public func disconnectAll() {
        for id in connectionOrder where connections[id]?.isOpen == true {
            outbox.append(OutgoingFrame(connection: id, content: .close(1006)))
            close(id)
        }
    }

    /// Queues a frame, unless a fault has other plans for it.
    func send(_ content: OutgoingFrame.Content, to id: ConnectionID, isMarketData: Bool = false) {
        guard connections[id]?.isOpen == true else { return }
        let frame = OutgoingFrame(connection: id, content: content)
        guard case .text = content, isMarketData else { return outbox.append(frame) }
        if faults.strikes(.disconnect) {
            outbox.append(OutgoingFrame(connection: id, content: .close(1006)))
            return close(id)
        }
        if faults.strikes(.drop) { return }
        if faults.strikes(.delay) {
            held.append((nowNs &+ faults.delayMs() &* 1_000_000, frame))
            return
        }
        outbox.append(frame)
        if faults.strikes(.duplicate) { outbox.append(frame) }
        if faults.strikes(.reorder), outbox.count >= 2, outbox[outbox.count - 2].connection == id {
            outbox.swapAt(outbox.count - 1, outbox.count - 2)
        }
    }

    func releaseHeld() {
        guard !held.isEmpty else { return }
        let due = held.filter { $0.dueNs <= nowNs }
        held.removeAll { $0.dueNs <= nowNs }
        for entry in due where connections[entry.frame.connection]?.isOpen == true { outbox.append(entry.frame) }
    }

    func drawMinuteFaults() {
        clockStepMs = faults.strikes(.clock) ? faults.plan.clockStepMs : 0
        for account in accounts.indices {
            for market in VenueMarket.allCases where accounts[account].listenKeys[Self.index(market)] != nil {
                if faults.strikes(.expiry) { expireKey(account: account, market: market) }
            }
        }
    }

    /// A fault that meets a request before it is looked at.
    func requestFault() -> VenueError? {
        if bannedUntilMs > nowMs { return .banned(untilMs: bannedUntilMs) }
        if faults.strikes(.throttle) { return .tooManyRequests(limit: 2400, interval: "1 MINUTE") }
        if faults.strikes(.ban) {
            bannedUntilMs = nowMs &+ 2 * 60_000
            return .banned(untilMs: bannedUntilMs)
        }
        if faults.strikes(.failure) { return .disconnected }
        return nil
    }
}
