import HBTEngine
import HBTTypes

extension LiveEngine {
    /// The run at this moment; latencies and connections are the shell's to add.
    ///
    /// Off every hot path: a second between two calls is often enough.
    public func status(name: String, mode: String, startedNs: Int64, levels: Int = 10) -> LiveStatus {
        let backtest = loop.run.backtest
        var status = LiveStatus(name: name, runId: orders.ids.runId, mode: mode)
        status.startedNs = startedNs
        status.nowNs = nowNs
        status.killReason = orders.killReason
        status.isKillProven = orders.killProvenNs != nil
        status.journalFault = loop.journal?.failure?.description
        status.requests = backtest.requestCount
        status.responses = backtest.responseCount
        status.fills = backtest.fillCount
        status.refusals = gate.refusals
        status.steps = loop.run.steps
        for asset in specs.indices { status.assets.append(assetStatus(asset, levels: levels)) }
        if let graph = backtest.factors {
            for name in graph.columns {
                guard let handle = graph.handle(name) else { continue }
                status.factors.append(.init(name: name, value: graph.value(handle, at: backtest.nowNs), isWarm: graph.isWarm(handle, at: backtest.nowNs)))
            }
        }
        return status
    }

    private func assetStatus(_ asset: Int, levels: Int) -> LiveStatus.Asset {
        let backtest = loop.run.backtest, spec = specs[asset], counts = books[asset].counts
        var status = LiveStatus.Asset(symbol: spec.symbol)
        status.feedFault = health[asset].fault(at: nowNs)?.description
        status.bookAgeNs = books[asset].newestLocalNs.map { nowNs &- $0 }
        status.feedLagNs = backtest.feedLatency(asset).map { $0.localNs &- $0.exchangeNs }
        status.depthMessages = counts.diffs
        status.gaps = counts.gaps
        status.duplicates = counts.duplicates
        status.snapshots = counts.snapshots
        let book = backtest.levels(asset, count: levels)
        status.bids = book.bids.map { .init(price: Double($0.tick) * spec.tickSize, quantity: $0.quantity) }
        status.asks = book.asks.map { .init(price: Double($0.tick) * spec.tickSize, quantity: $0.quantity) }
        for order in backtest.orders(asset) where order.status == .new || order.status == .partiallyFilled {
            let side = order.side == .buy ? "buy" : "sell"
            status.quotes.append(.init(side: side, price: Double(order.priceTick) * spec.tickSize, quantity: order.leavesQuantity))
        }
        let state = backtest.state(asset)
        status.position = state.position
        status.balance = state.balance
        status.fee = state.fee
        status.funding = backtest.fundingPaid(asset)
        status.equity = RunValue.equity(state, spec.contract, mid: backtest.depth(asset).mid)
        status.trades = state.numTrades
        status.tradedValue = state.tradingValue
        return status
    }
}
