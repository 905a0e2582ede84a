import HBTTypes

/// Our side of requests: what is remembered and what is sent.
extension AssetReplay {
    func submit(
        _ side: Side, orderId: UInt64, price: Double, quantity: Double, timeInForce: TimeInForce,
        type: OrderType, at ns: Int64
    ) -> ReturnCode {
        if orders.slot(orderId) != nil { return .orderIdExists }
        if !isReference && (timeInForce == .unsupported || type == .unsupported || !isSendable(price, quantity, type)) {
            return .invalidOrderRequest
        }
        var order = Order(
            orderId: orderId, side: side, type: type, timeInForce: timeInForce, priceTick: grid.tick(price),
            quantity: quantity, localNs: ns)
        order.request = .new
        orders.insert(order)
        journal.sent(.submit, order, asset: assetIndex)
        send(order, original: nil, at: ns)
        return .ok
    }

    func modify(orderId: UInt64, price: Double, quantity: Double, at ns: Int64) -> ReturnCode {
        guard let slot = orders.slot(orderId) else { return .orderNotFound }
        if orders[slot].request != .none { return .requestInProcess }
        // The reference lets finished orders be modified, and books their last fill again.
        if !isReference && orders[slot].isInactive { return .invalidOrderStatus }
        if !isReference && !isSendable(price, quantity, orders[slot].type) { return .invalidOrderRequest }
        let original = orders[slot]
        var request = original
        request.priceTick = grid.tick(price)
        request.quantity = quantity
        request.request = .replaced
        request.localNs = ns
        // In the reference the new price and quantity show at once; otherwise when acknowledged.
        if isReference {
            orders[slot] = request
        } else {
            orders[slot].request = .replaced
            orders[slot].localNs = ns
        }
        journal.sent(.modify, request, asset: assetIndex)
        send(request, original: original, at: ns)
        return .ok
    }

    func cancel(orderId: UInt64, at ns: Int64) -> ReturnCode {
        guard let slot = orders.slot(orderId) else { return .orderNotFound }
        if orders[slot].request != .none { return .requestInProcess }
        if !isReference && orders[slot].isInactive { return .invalidOrderStatus }
        orders[slot].request = .canceled
        orders[slot].localNs = ns
        journal.sent(.cancel, orders[slot], asset: assetIndex)
        send(orders[slot], original: nil, at: ns)
        return .ok
    }

    /// No venue takes an order for nothing, or at no price. The reference sends whatever it is given.
    private func isSendable(_ price: Double, _ quantity: Double, _ type: OrderType) -> Bool {
        quantity > 0 && quantity.isFinite && (type == .market || price.isFinite)
    }

    /// Puts a request on its way; a negative latency means that it is refused on the way.
    private func send(_ order: Order, original: Order?, at ns: Int64) {
        if let outbox {
            let kind: OrderRecord.Kind = order.request == .new ? .submit : (order.request == .canceled ? .cancel : .modify)
            outbox.requests.append(LiveRequest(kind: kind, assetIndex: assetIndex, order: order))
            return
        }
        let latencyNs: Int64
        do {
            latencyNs = try entryLatency.latency(at: ns)
        } catch {
            fail(error)
            return
        }
        if latencyNs >= 0 {
            requests.append(order, at: ns &+ latencyNs)
            return
        }
        var refused = order
        refused.request = .rejected
        refused.executionId = 0
        if let original {
            refused.priceTick = original.priceTick
            refused.quantity = original.quantity
        }
        bounce(refused, at: ns &- latencyNs)
    }
}
