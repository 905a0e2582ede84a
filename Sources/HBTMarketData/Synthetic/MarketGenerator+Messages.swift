import HBTTypes

/// What the feed says about the simulated book.
extension MarketGenerator {
    private static let depthStream = 0, tradeStream = 1

    /// Fills the book and says all of it: a clear and a snapshot per side.
    func open() {
        for d in 1..<book.reach {
            for isBid in [true, false] where random.uniform() < occupancy(d) {
                let tick = isBid ? book.bestBid - d : book.bestAsk + d
                set(tick, isBid: isBid, levelSize(tick, distance: d, isBid: isBid))
            }
        }
        var rows: [MarketEvent] = []
        for (isBid, side) in [(true, EventFlags.buy), (false, EventFlags.sell)] {
            let levels = book.levels(isBid: isBid)
            if let worst = levels.last { rows.append(row(side | UInt64(EventKind.depthClear), worst.tick, 0)) }
            for level in levels { rows.append(row(side | UInt64(EventKind.depthSnapshot), level.tick, level.lots)) }
        }
        book.publish(into: &changes)
        send(rows, stream: Self.depthStream)
        scheduleMessage()
    }

    /// One depth message: everything changed near the touch, and far levels to keep the row rate.
    func publishDepth() {
        let far = Int(rowBudget) - book.dirty.count
        if far > 0 {
            // A share of the changes finds nothing to delete; the budget carries over.
            for _ in 0..<min(far + far / 3, 400) { changeLevel(distance: farDistance()) }
        }
        book.publish(into: &changes)
        hasUnpublishedTouch = false
        scheduleMessage()
        guard !changes.isEmpty else { return }
        rowBudget = max(rowBudget - Double(changes.count), -200)
        send(changes.map { row(($0.isBid ? EventFlags.buy : EventFlags.sell) | UInt64(EventKind.depth), $0.tick, $0.lots) }, stream: Self.depthStream)
    }

    /// Mostly near, with a tail over the whole reach.
    private func farDistance() -> Int {
        let d = 1 + Int(min(25 * (1 / (1 - random.uniform()) - 1), 1e9))
        return d < book.reach ? d : 1 + random.below(book.reach - 1)
    }

    /// The prints of one order at one price, split over the resting orders it meets.
    func publishTrades(tick: Int, lots: Int, isBuy: Bool) {
        guard lots > 0 else { return }
        var parts: [Int] = [], left = lots
        while left > 0 {
            let part = parts.count == 3 || random.uniform() < 0.6 ? left : 1 + random.below(left)
            left -= part
            // Two equal prints in a row would look like a doubled feed.
            if parts.last == part { parts[parts.count - 1] += part } else { parts.append(part) }
        }
        rowBudget -= Double(parts.count)
        let ev = (isBuy ? EventFlags.buy : EventFlags.sell) | UInt64(EventKind.trade)
        send(parts.map { row(ev, tick, $0) }, stream: Self.tradeStream)
    }

    private func scheduleMessage() {
        let mean = parameters.depthIntervalNs / 1_000_000
        nextMessageMs = nowMs + mean / 2 + Int64(random.below(Int(mean) + 1))
    }

    private func row(_ ev: UInt64, _ tick: Int, _ lots: Int) -> MarketEvent {
        MarketEvent(ev: ev, exchangeNs: exchangeNs, localNs: 0, price: tickRate.value(tick), quantity: lotRate.value(lots))
    }

    private func send(_ rows: [MarketEvent], stream: Int) {
        let localNs = delay.localNs(exchangeNs: exchangeNs, stream: stream, &random)
        merger.add(exchangeNs: exchangeNs, localNs: localNs, stream: stream, rows: rows)
    }
}
