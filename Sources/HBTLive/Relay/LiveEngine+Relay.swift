import HBTEngine
import HBTTypes

extension LiveEngine {
    /// A request that a bot in another process has decided, as if this run's strategy had. What the engine refuses is
    /// answered at once.
    func relay(_ request: LiveRequest, at ns: Int64) {
        enter(ns)
        let backtest = loop.run.backtest, order = request.order, asset = request.assetIndex
        let price = Double(order.priceTick) * specs[asset].tickSize
        backtest.clearInactiveOrders(asset: asset)
        let code = switch request.kind {
        case .submit:
            backtest.submit(
                asset: asset, side: order.side, orderId: order.orderId, price: price, quantity: order.quantity, timeInForce: order.timeInForce,
                type: order.type)
        case .modify: backtest.modify(asset: asset, orderId: order.orderId, price: price, quantity: order.quantity)
        case .cancel: backtest.cancel(asset: asset, orderId: order.orderId)
        case .response: ReturnCode.invalidOrderRequest
        }
        if code == .ok {
            let oursNs = backtest.order(asset, id: order.orderId)?.localNs ?? nowNs
            loop.mirror?.passed(asset: asset, orderId: order.orderId, ours: oursNs, bots: order.localNs)
        } else {
            note("order \(order.orderId) of \(specs[asset].symbol) was not sent: \(code)")
            var refused = order
            refused.request = .rejected
            refused.executionId = 0
            loop.mirror?.add(.answer(asset: asset, order: refused, fee: nil, localNs: nowNs))
        }
        leave()
    }

    /// Opens a conversation: where the run stands, and from here on all that it is told.
    func startMirror(_ start: JournalStart, isPaper: Bool) {
        let mirror = RelayMirror()
        mirror.add(.start(start))
        let backtest = loop.run.backtest
        for asset in specs.indices {
            var rows = backtest.snapshotRows(asset)
            for i in rows.indices { (rows[i].exchangeNs, rows[i].localNs) = (nowNs, nowNs) }
            rows.withUnsafeBufferPointer { mirror.add(rows: $0, asset: asset) }
            // A position that is there already is worth what it is: the bot's profit starts from here.
            let position = backtest.state(asset).position, mid = backtest.depth(asset).mid
            let balance = position == 0 || !mid.isFinite ? 0 : 0 - specs[asset].contract.value(of: position, at: mid)
            if !isPaper { mirror.add(.correction(asset: asset, position: position, balance: balance, localNs: nowNs)) }
        }
        mirror.add(.clock(localNs: nowNs))
        loop.mirror = mirror
    }

    func cancelEverything(at ns: Int64) {
        enter(ns)
        for asset in specs.indices { orders.cancelAll(asset: asset, at: nowNs) }
        leave()
    }

    func report(_ text: String, at ns: Int64) {
        enter(ns)
        note(text)
        leave()
    }
}
