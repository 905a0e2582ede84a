import HBTTypes

extension DepthBook {
    /// Starts from a snapshot: side flag and level are all that counts of a row.
    ///
    /// In compatibility with the reference levels are stored as they are: zero quantities take part
    /// in the best-price search, and a crossed snapshot stays crossed. Otherwise rows are updates.
    mutating func load(snapshot rows: [MarketEvent]) {
        clearBoth()
        for row in rows {
            let tick = grid.tick(row.price)
            let lots = grid.lots(row.quantity)
            if row.has(EventFlags.buy) {
                if isReference { store(bid: tick, row.quantity) } else { _ = setBid(tick, row.quantity, sign: Int8(lots.signum())) }
            } else if row.has(EventFlags.sell) {
                if isReference { store(ask: tick, row.quantity) } else { _ = setAsk(tick, row.quantity, sign: Int8(lots.signum())) }
            }
        }
    }

    private mutating func store(bid tick: Int64, _ quantity: Double) {
        guard isInRange(tick) else { return }
        bids.set(tick, quantity)
        bestBidTick = max(bestBidTick, tick)
        lowBidTick = min(lowBidTick, tick)
    }

    private mutating func store(ask tick: Int64, _ quantity: Double) {
        guard isInRange(tick) else { return }
        asks.set(tick, quantity)
        bestAskTick = min(bestAskTick, tick)
        highAskTick = max(highAskTick, tick)
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
