import HBTEngine
import HBTTypes

extension LiveEngine {
    // MARK: market data

    /// A depth diff, as received at `diff.localNs`.
    public func depth(_ diff: DepthDiff, bids: UnsafeBufferPointer<DepthLevel>, asks: UnsafeBufferPointer<DepthLevel>, asset: Int) {
        enter(diff.localNs)
        var diff = diff
        diff.localNs = nowNs
        rows.removeAll()
        let before = books[asset].bookId
        books[asset].add(diff, bids: bids, asks: asks, to: &rows)
        // What has been seen before, or waits behind a gap, makes the book no fresher.
        if books[asset].state == .synchronised, books[asset].bookId != before { health[asset].depth(exchangeNs: diff.exchangeNs, localNs: nowNs) }
        pass(asset)
    }

    public func snapshot(
        lastId: Int64, exchangeNs: Int64?, bids: UnsafeBufferPointer<DepthLevel>, asks: UnsafeBufferPointer<DepthLevel>, asset: Int, at ns: Int64
    ) {
        enter(ns)
        rows.removeAll()
        books[asset].addSnapshot(lastId: lastId, exchangeNs: exchangeNs, localNs: nowNs, bids: bids, asks: asks, to: &rows)
        pass(asset)
    }

    /// The snapshot that was asked for did not come.
    public func snapshotFailed(asset: Int, at ns: Int64) {
        enter(ns)
        books[asset].snapshotFailed()
        noteBook(asset)
        leave()
    }

    /// The last connection with this asset's depth is gone.
    public func disconnected(asset: Int, at ns: Int64) {
        enter(ns)
        books[asset].disconnected()
        noteBook(asset)
        leave()
    }

    /// A trade of the market.
    public func trade(id: Int64, price: Double, quantity: Double, buyerIsMaker: Bool, exchangeNs: Int64, asset: Int, at ns: Int64) {
        guard trades[asset].accepts(id) else { return }
        enter(ns)
        rows.removeAll()
        rows.append(FeedRows.trade(price: price, quantity: quantity, buyerIsMaker: buyerIsMaker, exchangeNs: exchangeNs, localNs: nowNs))
        pass(asset)
    }

    private func pass(_ asset: Int) {
        if !rows.isEmpty { loop.rows(rows.rows, asset: asset) }
        noteBook(asset)
        leave()
    }

    // MARK: orders

    /// Whether the account is known (`AccountHealth.fault`); without that its orders are cancelled and none goes out.
    public func account(fault: String?, at ns: Int64) {
        guard fault != accountFault else { return }
        enter(ns)
        accountFault = fault
        leave()
    }

    public func report(_ report: ExecutionReport, at ns: Int64) {
        enter(ns)
        orders.report(report, at: nowNs)
        leave()
    }

    public func outcome(_ outcome: RequestOutcome, of kind: RequestKind, clientId: String, at ns: Int64) {
        enter(ns)
        orders.outcome(outcome, of: kind, clientId: clientId, at: nowNs)
        leave()
    }

    public func queryAnswer(_ found: VenueOrder?, clientId: String, at ns: Int64) {
        enter(ns)
        orders.queryAnswer(found, clientId: clientId, at: nowNs)
        leave()
    }

    public func openOrders(_ list: [VenueOrder], asset: Int, askedNs: Int64, at ns: Int64) {
        enter(ns)
        orders.openOrders(list, asset: asset, askedNs: askedNs, at: nowNs)
        leave()
    }

    public func position(_ quantity: Double, asset: Int, at ns: Int64) {
        enter(ns)
        if let corrected = orders.position(quantity, asset: asset, at: nowNs) {
            let before = loop.run.backtest.state(asset)
            unpriced[asset] += corrected - before.position
            loop.correct(asset: asset, position: corrected, balance: before.balance, at: nowNs)
            priceCorrection(asset)
        }
        leave()
    }

    /// At today's price a corrected position is worth what it is: profit starts from here. Without a price it waits for one.
    func priceCorrection(_ asset: Int) {
        guard unpriced[asset] != 0 else { return }
        let mid = loop.run.backtest.depth(asset).mid
        guard mid.isFinite, mid > 0 else { return }
        let now = loop.run.backtest.state(asset), change = unpriced[asset]
        let balance = now.balance - specs[asset].contract.value(of: change, at: mid)
        unpriced[asset] = 0
        loop.correct(asset: asset, position: now.position, balance: balance, at: nowNs)
        loss.rebase(equity(asset), asset: asset)
    }
}
