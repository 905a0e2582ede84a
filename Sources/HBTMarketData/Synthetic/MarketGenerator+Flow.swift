/// Orders that change the simulated book.
extension MarketGenerator {
    /// Lots for a new quantity at the touch; `lean` in −1…1 is positive when the side is favoured.
    func touchSize(lean: Double) -> Int {
        max(1, Int(touchLots * (0.1 + random.exponential() * (1 + 0.8 * lean))))
    }

    /// Lots for a level away from the touch: heavy-tailed, thicker at round prices and further out.
    func levelSize(_ tick: Int, distance: Int, isBid: Bool) -> Int {
        var size = levelLots * (0.15 + 0.35 * random.heavyTail(limit: 20))
        let share = Double(distance) / Double(book.reach)
        size *= 0.5 + 6 * share * (1 - 0.7 * share)
        if tick % 100 == 0 { size *= 4 } else if tick % 10 == 0 { size *= 1.6 }
        size *= 1 + 0.4 * min(max(isBid ? fair.pressure : -fair.pressure, -2), 2)
        return max(1, Int(size))
    }

    /// The share of ticks at a distance that hold a level.
    func occupancy(_ distance: Int) -> Double {
        max(0.04, distance < 100 ? 0.75 : 75 / Double(distance))
    }

    func set(_ tick: Int, isBid: Bool, _ size: Int) {
        if isBid { book.setBid(tick, size) } else { book.setAsk(tick, size) }
    }

    /// Market orders of this millisecond.
    func orderFlow(lean: Double) {
        // Each order brings about another half: the rate doubles the base (branching ratio 0.5).
        let base = parameters.ordersPerSecond * 0.0005 / 2
        if random.uniform() < base * (1 + 0.7 * lean) + buyExcitement { marketOrder(isBuy: true) }
        if random.uniform() < base * (1 - 0.7 * lean) + sellExcitement { marketOrder(isBuy: false) }
    }

    func excite(isBuy: Bool) {
        if isBuy {
            buyExcitement += 0.004
            sellExcitement += 0.001
        } else {
            sellExcitement += 0.004
            buyExcitement += 0.001
        }
    }

    /// A market order against the best level; what it cannot get there is cancelled.
    private func marketOrder(isBuy: Bool) {
        if hasUnpublishedTouch { publishDepth() }
        excite(isBuy: isBuy)
        let tick = isBuy ? book.bestAsk : book.bestBid
        let size = book.size(tick)
        let wanted = max(1, Int(orderLots * 0.5 * random.heavyTail(limit: 60)))
        let filled = min(wanted, size)
        publishTrades(tick: tick, lots: filled, isBuy: isBuy)
        set(tick, isBid: !isBuy, size - filled)
        if filled == size, random.uniform() < 0.95 {
            // The queue behind the price refills it.
            set(tick, isBid: !isBuy, max(1, touchSize(lean: 0) / 3))
            hasUnpublishedTouch = true
        }
    }

    /// New and cancelled limit orders of this millisecond at and near the touch.
    func quoteFlow(lean: Double) {
        if random.uniform() < 0.05 {
            let isBid = random.uniform() < 0.5
            if book.bestAsk - book.bestBid > 1 { narrow() }
            set(isBid ? book.bestBid : book.bestAsk, isBid: isBid, touchSize(lean: isBid ? lean : -lean))
            hasUnpublishedTouch = true
        }
        if random.uniform() < 0.08 {
            changeLevel(distance: 1 + random.below(min(30, book.reach)))
            hasUnpublishedTouch = true
        }
    }

    /// Closes the spread by one tick from the side the fair value favours.
    private func narrow() {
        let isBid = fair.value > mid
        set(isBid ? book.bestBid + 1 : book.bestAsk - 1, isBid: isBid, touchSize(lean: 0))
    }

    /// Sets or deletes a level somewhere behind the best price.
    func changeLevel(distance: Int) {
        let isBid = random.uniform() < 0.5
        let tick = isBid ? book.bestBid - distance : book.bestAsk + distance
        guard tick >= window.lowest, tick <= window.highest else { return }
        let stays = random.uniform() < occupancy(distance)
        set(tick, isBid: isBid, stays ? levelSize(tick, distance: distance, isBid: isBid) : 0)
    }

    /// The touch follows the fair value: part of the way is bought or sold, the rest is cancelled,
    /// and quotes move up behind.
    func moveTouch() {
        let target = Int(fair.value.rounded(.down))
        let isUp = fair.value > mid
        // Up: asks at and below `target` go, the best bid becomes `target`. Down: bids above it go.
        let last = isUp ? target : target + 1
        guard isUp ? last >= book.bestAsk : last <= book.bestBid else { return }
        if random.uniform() < 0.6 { sweep(isBuy: isUp, through: last) }
        if isUp {
            while book.bestAsk <= last { book.setAsk(book.bestAsk, 0) }
            if book.bestAsk > last + 1 { book.setAsk(last + 1, touchSize(lean: 0)) }
        } else {
            while book.bestBid >= last { book.setBid(book.bestBid, 0) }
            if book.bestBid < last - 1 { book.setBid(last - 1, touchSize(lean: 0)) }
        }
        let old = isUp ? book.bestBid : book.bestAsk
        let gap = abs(last - old)
        for d in stride(from: gap - 1, to: 0, by: -1) where random.uniform() < min(0.5, 20 / Double(gap)) {
            let tick = isUp ? last - d : last + d
            set(tick, isBid: isUp, levelSize(tick, distance: d, isBid: isUp))
        }
        set(last, isBid: isUp, touchSize(lean: 0))
        moveWindow()
        hasUnpublishedTouch = true
        nextMessageMs = min(nextMessageMs, nowMs + 1 + Int64(random.below(4)))
    }

    /// A market order that takes several levels, at most as far as `last`.
    private func sweep(isBuy: Bool, through last: Int) {
        if hasUnpublishedTouch { publishDepth() }
        excite(isBuy: isBuy)
        var left = max(1, Int(touchLots * (0.2 + random.exponential())))
        while left > 0 {
            let tick = isBuy ? book.bestAsk : book.bestBid
            guard isBuy ? tick <= last : tick >= last else { return }
            let filled = min(left, book.size(tick))
            publishTrades(tick: tick, lots: filled, isBuy: isBuy)
            set(tick, isBid: !isBuy, book.size(tick) - filled)
            left -= filled
        }
    }

    private func moveWindow() {
        let next = (lowest: book.bestBid - book.reach, highest: book.bestAsk + book.reach)
        book.trim(lowest: next.lowest, highest: next.highest, from: window)
        // What comes into reach is populated like the rest of the edge.
        if next.highest > window.highest { populate((window.highest + 1)...next.highest, isBid: false) }
        if next.lowest < window.lowest { populate(next.lowest...(window.lowest - 1), isBid: true) }
        window = next
    }

    private func populate(_ ticks: ClosedRange<Int>, isBid: Bool) {
        for tick in ticks where random.uniform() < occupancy(book.reach) {
            set(tick, isBid: isBid, levelSize(tick, distance: book.reach, isBid: isBid))
        }
    }
}
