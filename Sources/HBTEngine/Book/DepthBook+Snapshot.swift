import HBTTypes

extension DepthBook {
    /// Starts from a snapshot: side flag and level are all that counts of a row.
    ///
    /// In compatibility with the reference zero quantities take part in the best-price search.
    mutating func load(snapshot rows: [MarketEvent]) {
        clearBoth()
        for row in rows {
            let tick = grid.tick(row.price)
            guard isInRange(tick), isReference || grid.lots(row.quantity) > 0 else { continue }
            if row.has(EventFlags.buy) {
                bids.set(tick, row.quantity)
                bestBidTick = max(bestBidTick, tick)
                lowBidTick = min(lowBidTick, tick)
            } else if row.has(EventFlags.sell) {
                asks.set(tick, row.quantity)
                bestAskTick = min(bestAskTick, tick)
                highAskTick = max(highAskTick, tick)
            }
        }
    }

    /// The visible book as snapshot rows: bids from the best down, then asks from the best up.
    func snapshotRows() -> [MarketEvent] {
        var rows: [MarketEvent] = []
        let both = EventFlags.exchange | EventFlags.local | UInt64(EventKind.depthSnapshot)
        func append(_ tick: Int64, _ quantity: Double, _ side: UInt64) {
            rows.append(MarketEvent(ev: both | side, exchangeNs: 0, localNs: 0, price: grid.price(tick), quantity: quantity))
        }
        var tick = bestBidTick == Self.noBid ? nil : bids.highest(from: bestBidTick, downTo: lowBidTick)
        while let t = tick {
            append(t, bids.quantity(t), EventFlags.buy)
            tick = t == .min ? nil : bids.highest(from: t - 1, downTo: lowBidTick)
        }
        tick = bestAskTick == Self.noAsk ? nil : asks.lowest(from: bestAskTick, upTo: highAskTick)
        while let t = tick {
            append(t, asks.quantity(t), EventFlags.sell)
            tick = t == .max ? nil : asks.lowest(from: t + 1, upTo: highAskTick)
        }
        return rows
    }
}
