import HBTTypes

/// A request to which an outcome belongs.
public enum RequestKind: Equatable, Sendable { case place, cancel, amend }

extension OrderManager {
    /// What became of a request.
    public func outcome(_ outcome: RequestOutcome, of kind: RequestKind, clientId: String, at ns: Int64) {
        defer { prepare() }
        if case .limited(let untilNs) = outcome { budget.block(untilNs: untilNs) }
        guard case .thisRun(let number) = ids.owner(clientId), let m = orders[number] else { return }
        roundTrips[m.asset] = RoundTrip(ns: max(ns &- m.sentNs, 0), measuredNs: ns)
        guard !m.isDone else {
            if kind == .cancel, outcome == .unknownOrder { tellLateCancel(m) }
            return
        }
        change(number, at: ns) { $0.heardNs = max($0.heardNs, ns) }
        switch (kind, outcome) {
        case (_, .accepted(var order)):
            order.exchangeNs = momentNs ?? order.exchangeNs
            described(order, number, at: ns)
        case (_, .lost): if m.heldDone == nil && m.pending != nil { startQuery(number, at: ns) }
        case (.place, .unknownOrder): startQuery(number, at: ns)
        case (.place, .expired(let exchangeNs)):
            guard !m.isAcknowledged else { return }
            finish(number, .expired, executed: 0, exchangeNs: momentNs ?? exchangeNs, at: ns)
        case (.place, .refused), (.place, .limited):
            // The stream knows better than a refusal.
            guard !m.isAcknowledged else { return }
            finish(number, .rejected, executed: 0, exchangeNs: 0, at: ns)
        case (.cancel, .limited(let untilNs)):
            change(number, at: ns) { if $0.pending?.request == .cancel { $0.pending?.deadlineNs = max(untilNs, ns) } }
        case (.cancel, .refused), (.cancel, .unknownOrder), (.amend, .unknownOrder), (.cancel, .expired):
            // Finished by now, or not there yet: only the venue knows.
            if m.heldDone == nil { startQuery(number, at: ns) }
        case (.amend, .refused), (.amend, .limited), (.amend, .expired):
            guard m.pending?.request == .amend else { return }
            change(number, at: ns) { $0.pending = nil }
            tellRefusal(m.order, asset: m.asset)
        }
    }

    /// What the venue says about an order that was asked for; nil when it knows none.
    public func queryAnswer(_ found: VenueOrder?, clientId: String, at ns: Int64) {
        guard case .thisRun(let number) = ids.owner(clientId), let m = orders[number], !m.isDone, m.queryDeadlineNs != nil else { return }
        guard let found else { return notFound(number, at: ns) }
        change(number, at: ns) {
            $0.heardNs = max($0.heardNs, ns)
            $0.queryDeadlineNs = nil
        }
        described(found, number, at: ns)
        guard let now = orders[number], !now.isDone, now.heldDone == nil else { return resolved(number) }
        switch now.pending?.request {
        case .cancel: sendCancel(number, at: ns)
        case .amend:
            if let pending = now.pending, found.priceTick == pending.priceTick, abs(found.quantity - pending.quantity) < half(now.asset) {
                amended(number, priceTick: found.priceTick, quantity: found.quantity, exchangeNs: found.exchangeNs, at: ns)
            } else {
                change(number, at: ns) { $0.pending = nil }
                tellRefusal(now.order, asset: now.asset)
            }
        case .new, nil: break
        }
        resolved(number)
    }

    private func resolved(_ number: UInt64) {
        guard let m = orders[number] else { return }
        corrections.append(.unknownResolved(asset: m.asset, clientId: m.clientId, state: m.state))
    }

    private func notFound(_ number: UInt64, at ns: Int64) {
        guard let m = orders[number], ns &- m.sentNs >= limits.settleNs else { return }
        // Given up, not proven: a report may still show that it lives.
        change(number, at: ns) {
            $0.complete(m.isAcknowledged ? .cancelled : .rejected)
            $0.isGuess = true
        }
        if m.isAcknowledged, let now = orders[number] { tell(now) } else { tellRefusal(m.order, asset: m.asset) }
        resolved(number)
    }

    /// An order as an answer describes it: true at some moment since the request, so it may be older than the stream.
    func described(_ found: VenueOrder, _ number: UInt64, at ns: Int64) {
        guard let m = orders[number], !m.isDone else { return }
        switch found.status {
        case .new, .partiallyFilled:
            acknowledge(number, exchangeNs: found.exchangeNs, at: ns)
            if m.pending?.request == .amend, let pending = m.pending, found.priceTick == pending.priceTick,
                abs(found.quantity - pending.quantity) < half(m.asset) {
                amended(number, priceTick: found.priceTick, quantity: found.quantity, exchangeNs: found.exchangeNs, at: ns)
            }
            guard found.executed > m.executed + half(m.asset) else { return }
            change(number, at: ns) {
                $0.expected = max($0.expected, found.executed)
                if $0.tradesDeadlineNs == nil { $0.tradesDeadlineNs = ns &+ limits.tradesNs }
            }
        case .filled: finish(number, .filled, executed: found.executed, exchangeNs: found.exchangeNs, at: ns)
        case .cancelled: finish(number, .cancelled, executed: found.executed, exchangeNs: found.exchangeNs, at: ns)
        case .expired: finish(number, .expired, executed: found.executed, exchangeNs: found.exchangeNs, at: ns)
        case .rejected: finish(number, .rejected, executed: found.executed, exchangeNs: found.exchangeNs, at: ns)
        }
    }

    func startQuery(_ number: UInt64, at ns: Int64) {
        change(number, at: ns) {
            if $0.queryDeadlineNs == nil {
                $0.queryDeadlineNs = ns
                $0.queries = 0
            }
        }
        ask(number, at: ns)
    }

    /// Asks for an order whose time to be asked for has come.
    func ask(_ number: UInt64, at ns: Int64) {
        guard let m = orders[number], let deadline = m.queryDeadlineNs, deadline <= ns else { return }
        guard budget.take(.cancel, weight: 1, at: ns) else { return }
        change(number, at: ns) {
            $0.queryDeadlineNs = ns &+ limits.queryNs << Int64(min($0.queries, 4))
            $0.queries += 1
        }
        actions.append(.query(clientId: m.clientId, asset: m.asset))
    }

    /// Time passes: what got no answer is asked for.
    public func tick(_ ns: Int64) {
        for number in active {
            guard let m = orders[number] else { continue }
            if m.queryDeadlineNs != nil {
                ask(number, at: ns)
            } else if let pending = m.pending, pending.deadlineNs <= ns {
                // A cancel that never went out goes out; anything else may have been executed.
                if pending.request == .cancel && pending.attempts == 0 { sendCancel(number, at: ns) } else { startQuery(number, at: ns) }
            }
            if let deadline = m.tradesDeadlineNs, deadline <= ns, budget.take(.cancel, weight: 5, at: ns) {
                if m.expected > m.executed {
                    corrections.append(.missedTrades(asset: m.asset, clientId: m.clientId, quantity: m.expected - m.executed))
                }
                change(number, at: ns) { $0.tradesDeadlineNs = ns &+ limits.tradesNs }
                actions.append(.queryTrades(clientId: m.clientId, asset: m.asset))
            }
        }
        forget(before: ns &- limits.rememberNs)
        tickKill(ns)
        prepare()
    }
}
