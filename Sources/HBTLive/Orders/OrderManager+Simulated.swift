import HBTTypes

/// What the engine's own venue would have answered, from what the same venue says in Binance's words.
///
/// On the wire an order that is filled at once is acknowledged first, numbers are decimals, charges are whole
/// hundred-millionths, and a cancel that comes too late is an error without an order. A backtest has none of that; with
/// it, no session could be compared with its backtest to the last bit.
extension OrderManager {
    /// Answers up to `endMoment` are to one thing that happened at the venue.
    ///
    /// - Parameter exchangeNs: when exactly, on the venue's clock; nil to go by what its messages say (milliseconds).
    public func beginMoment(exchangeNs: Int64?) {
        firstOfMoment = answers.count
        momentNs = exchangeNs
    }

    /// The requests, in their order, that one call of this moment made: their answers follow it, although the venue's
    /// streams speak before its answer.
    public func orderMoment(by clientIds: [String]) { if firstOfMoment != nil { momentIds = clientIds } }

    private func sortMoment(from first: Int) {
        guard momentIds.count > 1 else { return }
        var places: [UInt64: Int] = [:]
        for (place, id) in momentIds.enumerated() {
            if case .thisRun(let number) = ids.owner(id), let m = orders[number] { places[m.order.orderId] = place }
        }
        let sorted = answers[first...].enumerated().sorted {
            (places[$0.element.order.orderId] ?? .max, $0.offset) < (places[$1.element.order.orderId] ?? .max, $1.offset)
        }
        answers.replaceSubrange(first..., with: sorted.map(\.element))
    }

    /// Leaves out acknowledgements that an execution or an end of the same order follows at once: the simulation answers once.
    public func endMoment() {
        guard let first = firstOfMoment else { return }
        firstOfMoment = nil
        momentNs = nil
        defer { momentIds = [] }
        guard isSimulated else { return }
        sortMoment(from: first)
        var i = first
        while i + 1 < answers.count {
            let answer = answers[i].order, next = answers[i + 1].order
            let isOvertaken = answer.executionId == 0 && answer.request == .none && !answer.isInactive
                && answers[i].asset == answers[i + 1].asset && answer.orderId == next.orderId && next.request == .none
            if isOvertaken { answers.remove(at: i) } else { i += 1 }
        }
    }

    /// An executed quantity in the simulation's arithmetic: whole lots, and never a bit more or less than what is open.
    func simulatedQuantity(_ quantity: Double, _ m: ManagedOrder) -> Double {
        let lotSize = specs[m.asset].lotSize
        let whole = (quantity / lotSize).rounded() * lotSize
        return abs(whole - m.leaves) < half(m.asset) ? m.leaves : whole
    }

    /// What an amend leaves open: in the engine's own number when that is what it asked for.
    func simulatedOpen(_ open: Double, _ m: ManagedOrder) -> Double {
        guard let pending = m.pending, pending.request == .amend, abs(pending.asked - open) < half(m.asset) else { return open }
        return pending.asked
    }

    /// nil (by the settings) for a charge that is the settings' to within its rounding.
    func chargedBeside(_ m: ManagedOrder, _ fee: Double?) -> Double? {
        guard let fee else { return nil }
        let order = m.order, spec = specs[m.asset]
        let amount = spec.contract.value(of: order.executedQuantity, at: Double(order.executedPriceTick) * spec.tickSize)
        let expected = spec.fee.fee(amount: amount, quantity: order.executedQuantity, side: order.side, isMaker: order.isMaker)
        return abs(fee - expected) <= 1.000_001e-8 ? nil : fee
    }

    /// The venue knows nothing of an order that is to be cancelled, and we know that it is finished: the simulation says so.
    func tellLateCancel(_ m: ManagedOrder) {
        guard isSimulated, var order = m.asked else { return }
        orders.change(m.number) { $0.asked = nil }
        order.request = .rejected
        order.executionId = 0
        order.exchangeNs = momentNs ?? order.exchangeNs
        answers.append(Answer(asset: m.asset, order: order, fee: nil))
    }
}
