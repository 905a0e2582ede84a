import HBTBinance
import HBTEngine
import HBTTypes

extension PaperBook {
    /// Applies one row at venue time `ns`, noting what the public streams will have to say about it.
    ///
    /// - Returns: the trade, when the row is one.
    func apply(_ event: MarketEvent, at ns: Int64) -> TradeLog.Row? {
        var row = event
        row.exchangeNs = ns
        lastRowNs = ns
        switch row.kind {
        case EventKind.depth, EventKind.depthSnapshot: noteLevel(row)
        case EventKind.depthClear: noteClear(row)
        default: break
        }
        venue.apply(row)
        guard row.kind == EventKind.trade, row.has(EventFlags.buy) || row.has(EventFlags.sell) else { return nil }
        let isBuy = row.has(EventFlags.buy)
        let tick = venue.tick(row.price)
        let trade = trades.add(tick: tick, quantity: row.quantity, isBuy: isBuy, ns: ns)
        candles.add(
            tick: tick, quantity: row.quantity, quote: value(lots: venue.lots(row.quantity), price: row.price), isBuy: isBuy, tradeId: trade.id, ms: trade.ms)
        return trade
    }

    /// Whether what has not been said yet has to be said before this row: a follower of trades and of depth at full speed
    /// then sees changes in the order in which they happened, even within one instant. (A message has bids before asks,
    /// each level once.)
    func isOutOfTurn(_ row: MarketEvent, after trades: [TradeLog.Row]) -> Bool {
        guard let window = depthWindows.first(where: { $0.everyMs == 0 }) else { return false }
        guard row.kind != EventKind.trade else { return !window.isEmpty }
        guard trades.isEmpty, row.kind == EventKind.depth || row.kind == EventKind.depthSnapshot else { return true }
        let tick = venue.tick(row.price)
        if row.has(EventFlags.buy) { return !window.asks.isEmpty || window.bids.contains(tick) }
        return window.asks.contains(tick)
    }

    private func noteLevel(_ row: MarketEvent) {
        updateId += 1
        guard !depthWindows.isEmpty else { return }
        let tick = venue.tick(row.price), depth = venue.depth
        let isAlive = venue.lots(row.quantity) > 0
        if row.has(EventFlags.buy) {
            note(bids: [tick], asks: [])
            // The book drops what the new level crosses; the stream must say so.
            if isAlive, tick >= depth.bestAskTick { note(bids: [], asks: levels(asksUpTo: tick)) }
        } else if row.has(EventFlags.sell) {
            note(bids: [], asks: [tick])
            if isAlive, tick <= depth.bestBidTick { note(bids: levels(bidsDownTo: tick), asks: []) }
        }
    }

    private func noteClear(_ row: MarketEvent) {
        updateId += 1
        guard !depthWindows.isEmpty else { return }
        let isRanged = row.price.isFinite
        let tick = isRanged ? venue.tick(row.price) : 0
        if row.has(EventFlags.buy) {
            note(bids: levels(bidsDownTo: isRanged ? tick : .min), asks: [])
        } else if row.has(EventFlags.sell) {
            note(bids: [], asks: levels(asksUpTo: isRanged ? tick : .max))
        } else {
            note(bids: levels(bidsDownTo: .min), asks: levels(asksUpTo: .max))
        }
    }

    private func levels(bidsDownTo tick: Int64) -> [Int64] { venue.bids(limit: .max).map(\.tick).filter { $0 >= tick } }
    private func levels(asksUpTo tick: Int64) -> [Int64] { venue.asks(limit: .max).map(\.tick).filter { $0 <= tick } }

    private func note(bids: [Int64], asks: [Int64]) {
        for i in depthWindows.indices {
            depthWindows[i].bids += bids
            depthWindows[i].asks += asks
        }
    }

    /// The changes since the window's last message, as one message; nil when there are none.
    func takeDepth(_ window: Int, eventMs: Int64) -> [UInt8]? {
        let changes = depthWindows[window]
        guard !changes.isEmpty else { return nil }
        let bids = Self.distinct(changes.bids).reversed().map { level($0, venue.bidQuantity($0)) }
        let asks = Self.distinct(changes.asks).map { level($0, venue.askQuantity($0)) }
        let isFutures = rules.market.isFutures
        let message = DepthMessage(
            symbol: rules.symbol, pair: pair, eventMs: eventMs, transactionMs: isFutures ? lastRowNs / 1_000_000 : nil,
            firstUpdateId: changes.previousId + 1, finalUpdateId: updateId, previousFinalUpdateId: isFutures ? changes.previousId : nil)
        depthWindows[window].previousId = updateId
        depthWindows[window].bids.removeAll(keepingCapacity: true)
        depthWindows[window].asks.removeAll(keepingCapacity: true)
        var out = JSONWriter()
        message.encode(into: &out, bids: bids, asks: asks)
        return out.bytes
    }

    private static func distinct(_ ticks: [Int64]) -> [Int64] {
        var out: [Int64] = []
        for tick in ticks.sorted() where out.last != tick { out.append(tick) }
        return out
    }

    /// COIN-M messages name the pair.
    var pair: String? { rules.market == .coinMargined ? rules.baseAsset + rules.quoteAsset : nil }

    /// The top of the book, as partial-depth streams give it.
    func partialDepth(levels: Int, eventMs: Int64) -> [UInt8] {
        let bids = venue.bids(limit: levels).map { level($0.tick, $0.quantity) }
        let asks = venue.asks(limit: levels).map { level($0.tick, $0.quantity) }
        var out = JSONWriter()
        if rules.market.isFutures {
            DepthMessage(
                symbol: rules.symbol, pair: pair, eventMs: eventMs, transactionMs: lastRowNs / 1_000_000, firstUpdateId: updateId,
                finalUpdateId: updateId, previousFinalUpdateId: updateId - 1
            ).encode(into: &out, bids: bids, asks: asks)
        } else {
            SnapshotMessage(lastUpdateId: updateId).encode(into: &out, bids: bids, asks: asks)
        }
        return out.bytes
    }

    /// The answer to `depth`.
    func snapshot(limit: Int, nowMs: Int64) -> [UInt8] {
        let bids = venue.bids(limit: limit).map { level($0.tick, $0.quantity) }
        let asks = venue.asks(limit: limit).map { level($0.tick, $0.quantity) }
        var message = SnapshotMessage(lastUpdateId: updateId)
        if rules.market.isFutures {
            message.eventMs = nowMs
            message.transactionMs = lastRowNs / 1_000_000
        }
        if rules.market == .coinMargined {
            message.symbol = rules.symbol
            message.pair = pair
        }
        var out = JSONWriter(capacity: 64 * (bids.count + asks.count) + 128)
        message.encode(into: &out, bids: bids, asks: asks)
        return out.bytes
    }

    /// The best bid and offer when they differ from the last call's; nil otherwise or while a side is empty.
    func takeTop(eventMs: Int64) -> BookTickerMessage? {
        let depth = venue.depth
        guard depth != lastTop else { return nil }
        lastTop = depth
        return top(eventMs: eventMs)
    }

    func top(eventMs: Int64) -> BookTickerMessage? {
        let depth = venue.depth
        guard depth.isTwoSided else { return nil }
        let isFutures = rules.market.isFutures
        return BookTickerMessage(
            symbol: rules.symbol, pair: pair, updateId: updateId, bid: level(depth.bestBidTick, depth.bestBidQuantity),
            ask: level(depth.bestAskTick, depth.bestAskQuantity), transactionMs: isFutures ? lastRowNs / 1_000_000 : nil,
            eventMs: isFutures ? eventMs : nil)
    }

    func message(_ trade: TradeLog.Row, eventMs: Int64) -> TradeMessage {
        TradeMessage(
            symbol: rules.symbol, eventMs: eventMs, transactionMs: trade.ms, tradeId: trade.id, price: rules.price(tick: trade.tick),
            quantity: rules.quantity(lots: venue.lots(trade.quantity)), kind: rules.market.isFutures ? "MARKET" : nil, isBuyerMaker: !trade.isBuy)
    }

    func message(_ trade: TradeLog.Aggregate, eventMs: Int64) -> AggTradeMessage {
        AggTradeMessage(
            symbol: rules.symbol, eventMs: eventMs, transactionMs: trade.row.ms, aggTradeId: trade.id, firstTradeId: trade.firstId,
            lastTradeId: trade.lastId, price: rules.price(tick: trade.row.tick), quantity: rules.quantity(lots: venue.lots(trade.row.quantity)),
            isBuyerMaker: !trade.row.isBuy)
    }

    func markPrice(eventMs: Int64, _ funding: PaperSettings.Funding) -> MarkPriceMessage {
        let mark = WireDecimal(rounding: markPrice, digits: 8) ?? .zero
        return MarkPriceMessage(
            symbol: rules.symbol, eventMs: eventMs, markPrice: mark, indexPrice: mark, settlePrice: mark,
            fundingRate: funding.rate, nextFundingMs: funding.nextMs(after: eventMs))
    }
}
