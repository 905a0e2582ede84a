import HBTTypes

extension BinanceConverter {
    /// Keeps the snapshot of the current message until its place in time is known.
    func holdSnapshot() throws {
        let id = try message.integer(message.fields.lastUpdateId, "lastUpdateId")
        let snapshot = SpotSnapshotAlignment.Snapshot(
            lastUpdateId: id, localNs: localNs, bids: (0..<message.bids.count).map { message.bids[$0] },
            asks: (0..<message.asks.count).map { message.asks[$0] })
        if let times = alignment.times(of: snapshot) {
            try write(snapshot, times.exchangeNs, times.localNs)
        } else {
            alignment.pending.append(snapshot)
        }
    }

    /// Called for every depth update, before its own rows are written.
    func alignSnapshot(first: Int64, last: Int64, exchangeNs: Int64) throws(MarketDataError) {
        alignment.remember(.init(first: first, last: last, exchangeNs: exchangeNs, localNs: localNs))
        guard !alignment.pending.isEmpty else { return }
        let waiting = alignment.pending
        alignment.pending = []
        for snapshot in waiting {
            if let times = alignment.times(of: snapshot) {
                try write(snapshot, times.exchangeNs, times.localNs)
            } else {
                alignment.pending.append(snapshot)
            }
        }
    }

    /// At the end of the data: behind the last update, or, without any, at its own receipt.
    func flushPendingSnapshot() throws(MarketDataError) {
        for snapshot in alignment.pending {
            let last = alignment.history.last
            try write(snapshot, last?.exchangeNs ?? snapshot.localNs, last?.localNs ?? snapshot.localNs)
        }
        alignment.pending = []
    }

    private func write(_ snapshot: SpotSnapshotAlignment.Snapshot, _ exchangeNs: Int64, _ localNs: Int64) throws(MarketDataError) {
        spool.beginGroup(exchangeNs: exchangeNs, localNs: localNs)
        for (levels, side) in [(snapshot.bids, EventFlags.buy), (snapshot.asks, EventFlags.sell)] {
            guard let worst = levels.last else { continue }
            try spool.append(MarketEvent(
                ev: side | UInt64(EventKind.depthClear), exchangeNs: exchangeNs, localNs: localNs, price: worst.price, quantity: 0))
            for level in levels {
                try spool.append(MarketEvent(
                    ev: side | UInt64(EventKind.depthSnapshot), exchangeNs: exchangeNs, localNs: localNs, price: level.price,
                    quantity: level.quantity))
            }
        }
    }
}
