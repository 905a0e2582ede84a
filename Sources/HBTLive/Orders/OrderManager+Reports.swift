import HBTTypes

extension OrderManager {
    /// A line of the user stream (or an execution that was asked for).
    public func report(_ report: ExecutionReport, at ns: Int64) {
        var report = report
        report.exchangeNs = momentNs ?? report.exchangeNs
        guard case .thisRun(let number) = ids.owner(report.clientId), let known = orders[number] else {
            return strange(report, at: ns)
        }
        if known.isDone && known.isGuess && report.kind != .rejected { revive(number, at: ns) }
        change(number, at: ns) { $0.heardNs = max($0.heardNs, ns) }
        switch report.kind {
        case .new: acknowledge(number, exchangeNs: report.exchangeNs, at: ns)
        case .trade: book(report, number, at: ns)
        case .cancelled: finish(number, .cancelled, executed: report.executed, exchangeNs: report.exchangeNs, at: ns)
        case .expired: finish(number, .expired, executed: report.executed, exchangeNs: report.exchangeNs, at: ns)
        case .rejected: finish(number, .rejected, executed: report.executed, exchangeNs: report.exchangeNs, at: ns)
        case .amended:
            acknowledge(number, exchangeNs: report.exchangeNs, at: ns, isQuiet: true)
            amended(number, priceTick: report.priceTick, quantity: report.quantity, exchangeNs: report.exchangeNs, at: ns)
        }
    }

    /// An order that we do not know is open or was executed.
    private func strange(_ report: ExecutionReport, at ns: Int64) {
        guard report.kind == .new || report.kind == .trade && report.executed < report.quantity - half(report.asset) else { return }
        strangeOrder(clientId: report.clientId, asset: report.asset, at: ns)
    }

    func strangeOrder(clientId: String, asset: Int, at ns: Int64) {
        switch ids.owner(clientId) {
        case .foreign:
            if reportedForeign.insert(clientId).inserted { corrections.append(.foreignOrder(asset: asset, clientId: clientId)) }
            return
        case .earlierRun: corrections.append(.orphan(asset: asset, clientId: clientId))
        case .thisRun: corrections.append(.ghostOrder(asset: asset, clientId: clientId))
        }
        // Without room now, the next reconciliation finds it again.
        if budget.take(.kill, weight: 1, at: ns) { actions.append(.cancel(clientId: clientId, asset: asset)) }
    }

    /// An order that was given up lives: it is cancelled, and whatever it did counts.
    func revive(_ number: UInt64, at ns: Int64) {
        guard let m = orders[number] else { return }
        corrections.append(.ghostOrder(asset: m.asset, clientId: m.clientId))
        change(number, at: ns) {
            $0.done = nil
            $0.isGuess = false
            $0.isAcknowledged = false
            $0.pending = nil
        }
        cancelOurselves(number, at: ns)
    }

    func acknowledge(_ number: UInt64, exchangeNs: Int64, at ns: Int64, isQuiet: Bool = false) {
        guard let known = orders[number], !known.isDone, !known.isAcknowledged else { return }
        change(number, at: ns) {
            $0.isAcknowledged = true
            $0.order.exchangeNs = max($0.order.exchangeNs, exchangeNs)
            if $0.pending?.request == .new {
                $0.pending = nil
                $0.queryDeadlineNs = nil
            }
        }
        if !isQuiet, let m = orders[number] { tell(m) }
    }

    private func book(_ report: ExecutionReport, _ number: UInt64, at ns: Int64) {
        guard let known = orders[number], !known.tradeIds.contains(report.tradeId) else { return }
        guard report.tradeQuantity > 0, report.tradeQuantity.isFinite else { return }
        let half = half(known.asset)
        let traded = isSimulated ? simulatedQuantity(report.tradeQuantity, known) : report.tradeQuantity
        change(number, at: ns) { m in
            m.tradeIds.append(report.tradeId)
            m.executed += traded
            m.leaves -= traded
            m.isAcknowledged = true
            // The newest execution knows what the order has become, should an amend have gone unreported.
            if report.executed >= m.expected && report.quantity > 0 {
                if abs(m.total - report.quantity) > half { m.leaves = max(report.quantity - m.executed, 0) }
                m.total = isSimulated && abs(m.total - report.quantity) < half ? m.total : report.quantity
                m.order.priceTick = report.priceTick
            }
            m.order.executedPriceTick = report.tradeTick
            m.order.executedQuantity = traded
            m.order.isMaker = report.isMaker
            m.order.exchangeNs = max(m.order.exchangeNs, report.exchangeNs)
            m.expected = max(m.expected, report.executed)
            if m.pending?.request == .new {
                m.pending = nil
                m.queryDeadlineNs = nil
            }
            if m.executed >= m.expected - half { m.tradesDeadlineNs = nil }
            if !m.isDone {
                if m.total - m.executed < half {
                    m.complete(.filled)
                } else if let held = m.heldDone, m.executed >= m.expected - half {
                    m.complete(held)
                } else if m.executed < m.expected - half, m.tradesDeadlineNs == nil {
                    // A later execution came first.
                    m.tradesDeadlineNs = ns &+ limits.tradesNs
                }
            }
        }
        positions[known.asset] += known.order.side == .buy ? traded : 0 - traded
        tradeCounts[known.asset] += 1
        if let m = orders[number] { tellExecution(m, fee: report.fee) }
    }

    /// The venue says that an order is finished, with so much executed.
    func finish(_ number: UInt64, _ state: OrderState, executed: Double, exchangeNs: Int64, at ns: Int64) {
        guard let known = orders[number], !known.isDone else { return }
        let isComplete = executed <= known.executed + half(known.asset)
        change(number, at: ns) { m in
            m.order.exchangeNs = max(m.order.exchangeNs, exchangeNs)
            if isComplete {
                m.complete(state)
            } else {
                m.heldDone = state
                m.expected = max(m.expected, executed)
                m.pending = nil
                m.queryDeadlineNs = nil
                if m.tradesDeadlineNs == nil { m.tradesDeadlineNs = ns &+ limits.tradesNs }
            }
        }
        guard isComplete, let m = orders[number] else { return }
        if state == .rejected && !m.isAcknowledged { tellRefusal(m.order, asset: m.asset) } else { tell(m) }
    }

    func amended(_ number: UInt64, priceTick: Int64, quantity: Double, exchangeNs: Int64, at ns: Int64) {
        guard let known = orders[number], !known.isDone else { return }
        let isAsked = known.pending?.request == .amend
        guard isAsked || known.order.priceTick != priceTick || abs(known.total - quantity) > half(known.asset) else { return }
        change(number, at: ns) { m in
            let open = max(quantity - m.executed, 0)
            // Smaller at the same price: the place in the queue is kept.
            if m.order.priceTick != priceTick || open > m.leaves + half(m.asset) { m.placedNs = m.order.localNs }
            m.leaves = isSimulated ? simulatedOpen(open, m) : open
            m.order.priceTick = priceTick
            m.total = quantity
            m.order.quantity = m.leaves
            m.order.exchangeNs = max(m.order.exchangeNs, exchangeNs)
            if isAsked {
                m.pending = nil
                m.queryDeadlineNs = nil
            }
        }
        guard let m = orders[number] else { return }
        tell(m)
        if isSimulated { answers[answers.count - 1].order.localNs = m.order.localNs }
    }
}

extension ManagedOrder {
    /// Nothing more is awaited.
    mutating func complete(_ state: OrderState) {
        done = state
        heldDone = nil
        pending = nil
        queryDeadlineNs = nil
        tradesDeadlineNs = nil
    }
}
