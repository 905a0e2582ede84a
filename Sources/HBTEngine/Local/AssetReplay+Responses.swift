import HBTTypes

/// Our side of answers: what they change.
extension AssetReplay {
    func receive(_ message: Order, at ns: Int64) {
        if message.exchangeNs > 0 { orderLatency = (message.localNs, message.exchangeNs, ns) }
        journal.received(message, at: ns, asset: assetIndex)
        if isFill(message) { book(message, at: ns) }

        guard let slot = orders.slot(message.orderId) else {
            if message.request != .rejected { orders.insert(message) }
            return
        }
        if message.request == .rejected {
            guard message.localNs == orders[slot].localNs else { return }
            if orders[slot].request == .new { orders[slot].status = .expired }
            orders[slot].request = .none
            return
        }
        let localNs = orders[slot].localNs
        let exchangeNs = message.exchangeNs > 0 ? message.exchangeNs : orders[slot].exchangeNs
        // A fill that overtakes our own cancel or modify leaves that request pending; the reference
        // forgets it.
        let pending = orders[slot].request
        let keepsPending = !isReference && message.executionId != 0 && message.isMaker
            && (pending == .canceled || pending == .replaced) && message.status == .partiallyFilled
        orders[slot] = message
        orders[slot].localNs = localNs
        orders[slot].exchangeNs = exchangeNs
        if keepsPending { orders[slot].request = pending }
    }

    /// The reference books every message that says "filled", whatever it answers; otherwise each
    /// execution is booked once, when it is reported.
    private func isFill(_ message: Order) -> Bool {
        isReference && outbox == nil ? message.status == .filled : message.executionId != 0
    }

    private func book(_ message: Order, at ns: Int64) {
        let price = grid.price(message.executedPriceTick)
        if marks != nil {
            settleMarks(upTo: ns)
            marks?.book(
                position: account.state.position, signed: message.executedQuantity * Double(message.side.rawValue), price: price, contract: spec.contract)
        }
        let fee = account.book(
            price: price, quantity: message.executedQuantity, side: message.side, isMaker: message.isMaker,
            charged: outbox?.takeFee())
        journal.filled(
            FillRecord(
                assetIndex: assetIndex, orderId: message.orderId, side: message.side, isMaker: message.isMaker,
                priceTick: message.executedPriceTick, price: price, quantity: message.executedQuantity, fee: fee,
                exchangeNs: message.exchangeNs, localNs: ns, orderNs: message.localNs, position: account.state.position),
            execution: message.executionId)
    }

    /// Forgets finished orders.
    func clearInactiveOrders() {
        for slot in 0..<orders.slotCount where orders.isLive(slot) && orders[slot].isInactive {
            orders.remove(slot: slot)
        }
    }
}
