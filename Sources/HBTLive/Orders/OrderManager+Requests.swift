import HBTEngine
import HBTTypes

extension OrderManager {
    /// Takes a request of the engine, which the risk gate has passed.
    public func request(_ request: LiveRequest, at ns: Int64) {
        let asset = request.assetIndex
        switch request.kind {
        case .submit: submit(request.order, asset, ns)
        case .cancel: cancel(request.order, asset, ns)
        case .modify: modify(request.order, asset, ns)
        case .response: preconditionFailure("an answer is not a request")
        }
    }

    /// Refuses a request of the engine: it went nowhere.
    public func refuse(_ request: LiveRequest) {
        // The engine takes back what it asked for; a refused modify must show the order as it is.
        var order = request.order
        if request.kind == .modify, let m = known(request.order, request.assetIndex) {
            (order.priceTick, order.quantity) = (m.order.priceTick, m.order.quantity)
        }
        tellRefusal(order, asset: request.assetIndex)
    }

    private func known(_ order: Order, _ asset: Int) -> ManagedOrder? {
        place(order, asset)?.pointee
    }

    private func place(_ order: Order, _ asset: Int) -> UnsafeMutablePointer<ManagedOrder>? {
        byEngineId.number(asset: asset, orderId: order.orderId).flatMap { orders.pointer($0) }
    }

    private func submit(_ order: Order, _ asset: Int, _ ns: Int64) {
        guard kill == nil, budget.take(.order, weight: 1, at: ns) else { return tellRefusal(order, asset: asset) }
        let number = newOrder(order, asset: asset, at: ns)
        change(number, at: ns) { $0.pending = .init(request: .new, deadlineNs: ns &+ limits.answerNs) }
        if let m = orders.pointer(number) { actions.append(.place(clientId: m.pointee.clientId, asset: asset, order: order)) }
    }

    private func cancel(_ order: Order, _ asset: Int, _ ns: Int64) {
        guard let m = place(order, asset), !m.pointee.isDone, m.pointee.heldDone == nil else { return refuseLate(order, asset) }
        let number = m.pointee.number
        change(number, at: ns) {
            // An answer must name the newest request.
            $0.order.localNs = order.localNs
            $0.asked = order
            // Ours is under way already, or the order's state is being asked for: it serves for both.
            if var pending = $0.pending, pending.request != .new {
                if pending.request == .amend { pending = .init(request: .cancel, deadlineNs: ns &+ limits.answerNs) }
                pending.isOurs = false
                $0.pending = pending
            } else {
                $0.pending = .init(request: .cancel, deadlineNs: ns &+ limits.answerNs, attempts: 0)
            }
        }
        sendCancel(number, at: ns)
    }

    /// A cancel or modify of an order that is finished: the engine learns of that by its last answer.
    private func refuseLate(_ order: Order, _ asset: Int) { tellRefusal(order, asset: asset) }

    /// Sends an order's pending cancel if there is room for it; `tick` tries again.
    func sendCancel(_ number: UInt64, at ns: Int64) {
        guard let m = orders.pointer(number), !m.pointee.isDone, let pending = m.pointee.pending, pending.request == .cancel else { return }
        guard budget.take(kill == nil ? .cancel : .kill, weight: 1, at: ns) else {
            return change(number, at: ns) { $0.pending?.deadlineNs = ns &+ limits.answerNs / 4 }
        }
        change(number, at: ns) {
            $0.pending?.attempts += 1
            $0.pending?.deadlineNs = ns &+ limits.answerNs
            $0.sentNs = ns
        }
        actions.append(.cancel(clientId: m.pointee.clientId, asset: m.pointee.asset))
    }

    /// Cancels for a reason of our own.
    func cancelOurselves(_ number: UInt64, at ns: Int64) {
        guard let m = orders.pointer(number)?.pointee, !m.isDone, m.heldDone == nil, m.pending?.request != .cancel else { return }
        change(number, at: ns) { $0.pending = .init(request: .cancel, deadlineNs: ns &+ limits.answerNs, isOurs: true, attempts: 0) }
        sendCancel(number, at: ns)
    }

    private func modify(_ order: Order, _ asset: Int, _ ns: Int64) {
        guard let m = known(order, asset), !m.isDone, m.heldDone == nil else { return refuseLate(order, asset) }
        var shown = order
        (shown.priceTick, shown.quantity) = (m.order.priceTick, m.order.quantity)
        guard kill == nil, m.pending == nil, m.queryDeadlineNs == nil, budget.take(.order, weight: 1, at: ns) else {
            return tellRefusal(shown, asset: asset)
        }
        // The engine asks for what is to be open; the venue counts what is executed, too.
        let total = m.executed + order.quantity
        change(m.number, at: ns) {
            $0.order.localNs = order.localNs
            $0.pending = .init(request: .amend, deadlineNs: ns &+ limits.answerNs, priceTick: order.priceTick, quantity: total, asked: order.quantity)
            $0.sentNs = ns
        }
        actions.append(.amend(clientId: m.clientId, asset: asset, side: m.order.side, priceTick: order.priceTick, quantity: total))
    }
}
