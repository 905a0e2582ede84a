import HBTTypes

extension Backtest {
    /// Rolling digest of every request, answer, fill and record so far.
    public var digest: Digest { journal.digest }
    public var fillCount: Int64 { journal.fillCount }
    public var requestCount: Int64 { journal.requestCount }
    public var responseCount: Int64 { journal.responseCount }

    /// Keep requests and answers (fills) until they are taken; off by default.
    public var keepsOrders: Bool {
        get { journal.keepsOrders }
        set { journal.keepsOrders = newValue }
    }
    public var keepsFills: Bool {
        get { journal.keepsFills }
        set {
            journal.keepsFills = newValue
            for asset in assets { asset.followsMarkouts(newValue) }
        }
    }

    /// Account row of an asset at this moment; counts in the digest.
    public func record(_ asset: Int) -> RecordRow {
        let (state, value) = with(asset) { replay in
            let mark = replay.spec.marksToMarket ? replay.marks?.markPrice ?? .nan : .nan
            return (replay.account.state, mark.isNaN ? replay.depth.mid : mark)
        }
        let row = RecordRow(
            timestampNs: nowNs, price: value, position: state.position, balance: state.balance,
            fee: state.fee, numTrades: state.numTrades, tradingVolume: state.tradingVolume,
            tradingValue: state.tradingValue)
        journal.recorded(row, asset: asset)
        return row
    }

    /// Requests and answers since the last call.
    public func takeOrders() -> [OrderRecord] {
        defer { journal.orders.removeAll(keepingCapacity: true) }
        return journal.orders
    }

    /// The same one by one; keeps the memory.
    public func drainOrders(_ body: (OrderRecord) -> Void) {
        for i in journal.orders.indices { body(journal.orders[i]) }
        journal.orders.removeAll(keepingCapacity: true)
    }

    /// Fills whose markouts are known, in the order in which they were booked; all when `isFinal`.
    public func takeFills(isFinal: Bool) -> [FillRecord] {
        var taken: [FillRecord] = []
        var count = 0
        for (fill, execution) in journal.pendingFills {
            var fill = fill
            if execution != 0, let (entry, isComplete) = assets[fill.assetIndex].markout(of: execution) {
                if !isComplete && !isFinal { break }
                fill.midAtFill = entry.mid
                fill.midAfter = (entry.after[0], entry.after[1], entry.after[2], entry.after[3])
            }
            taken.append(fill)
            count += 1
        }
        journal.pendingFills.removeFirst(count)
        return taken
    }
}
