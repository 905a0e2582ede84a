import HBTTypes

/// The simulated exchange of one instrument alone, without a strategy's side: rows and requests go in at
/// their times, answers come out at once. What a server needs that lets others trade against recorded data.
///
/// The rules are those of a backtest: orders of ours take nothing from the book and do not meet each other.
/// Time must not go back over all calls.
public final class SimulatedVenue {
    private var exchange: ExchangeSide<PagedLevels>
    private var rows: RowRing<ExchangeRow>
    private let grid: Grid
    public let spec: AssetSpec
    /// Venue time of the last row or request.
    public private(set) var nowNs = Int64.min

    /// - Parameter spec: its latency is ignored; a server's latency is that of its sockets.
    /// - Throws: for a tick or lot size that is no positive number.
    public init(spec: AssetSpec) throws {
        guard spec.tickSize > 0, spec.tickSize.isFinite, spec.lotSize > 0, spec.lotSize.isFinite else {
            throw EngineError("\(spec.symbol): tick size and lot size must be positive numbers")
        }
        self.spec = spec
        grid = Grid(tickSize: spec.tickSize, lotSize: spec.lotSize)
        var whole = spec
        whole.book = .hash
        let latency = try OrderLatency(.constant(entryNs: 0, responseNs: 0), rows: nil, direction: .response, isReference: false)
        exchange = ExchangeSide(spec: whole, latency: latency, isReference: false)
        rows = RowRing(capacity: 64)
    }

    deinit {
        rows.deallocate()
        exchange.deallocate()
    }

    /// Starts both sides of the book from snapshot rows.
    public func load(snapshot: [MarketEvent]) { exchange.book.load(snapshot: snapshot) }

    /// Applies one market row; rows that are not the exchange's are passed over.
    ///
    /// - Returns: false when the row is not for the exchange side.
    @discardableResult
    public func apply(_ event: MarketEvent) -> Bool {
        guard event.has(EventFlags.exchange), let row = ExchangeRow(event, grid: grid) else { return false }
        nowNs = max(nowNs, event.exchangeNs)
        rows.reserve(1)
        rows.append(row)
        while !rows.isEmpty {
            // Answers interrupt the exchange side; it goes on when asked again. A row that breaks a rule of
            // the matching would stay for ever, so it is dropped.
            if exchange.process(&rows, upTo: .max) != .ok { rows.removeFirst() }
        }
        return true
    }

    /// Acts on a request at `ns`: `order.request` is `.new`, `.canceled` or `.replaced`.
    ///
    /// - Returns: a code other than `.ok` when there will be no answer.
    public func handle(_ order: Order, at ns: Int64) -> ReturnCode {
        nowNs = max(nowNs, ns)
        return exchange.handle(order, at: nowNs)
    }

    /// The next answer or execution, in order; nil when all have been taken.
    public func nextAnswer() -> Order? { exchange.responses.isEmpty ? nil : exchange.responses.removeFirst() }

    /// An order that rests in the book, as it is now.
    public func restingOrder(_ id: UInt64) -> Order? { exchange.orders.slot(id).map { exchange.orders[$0] } }

    public var depth: DepthView {
        DepthView(
            bestBidTick: exchange.book.bestBidTick, bestAskTick: exchange.book.bestAskTick, bestBid: exchange.book.bestBid,
            bestAsk: exchange.book.bestAsk, bestBidQuantity: exchange.book.bestBidQuantity, bestAskQuantity: exchange.book.bestAskQuantity)
    }

    /// Up to `limit` bids from the best down, as tick and quantity in base currency.
    public func bids(limit: Int) -> [(tick: Int64, quantity: Double)] {
        var levels: [(tick: Int64, quantity: Double)] = []
        var next = exchange.book.bestBidTick == .min ? nil : Optional(exchange.book.bestBidTick)
        while let tick = next, levels.count < limit {
            levels.append((tick, exchange.book.bids.quantity(tick)))
            next = tick == .min ? nil : exchange.book.bids.highest(from: tick - 1, downTo: exchange.book.lowBidTick)
        }
        return levels
    }

    /// Up to `limit` asks from the best up.
    public func asks(limit: Int) -> [(tick: Int64, quantity: Double)] {
        var levels: [(tick: Int64, quantity: Double)] = []
        var next = exchange.book.bestAskTick == .max ? nil : Optional(exchange.book.bestAskTick)
        while let tick = next, levels.count < limit {
            levels.append((tick, exchange.book.asks.quantity(tick)))
            next = tick == .max ? nil : exchange.book.asks.lowest(from: tick + 1, upTo: exchange.book.highAskTick)
        }
        return levels
    }

    /// Displayed quantity at a tick.
    public func bidQuantity(_ tick: Int64) -> Double { exchange.book.bidQuantity(tick) }
    public func askQuantity(_ tick: Int64) -> Double { exchange.book.askQuantity(tick) }

    public func tick(_ price: Double) -> Int64 { grid.tick(price) }
    public func lots(_ quantity: Double) -> Int64 { grid.lots(quantity) }
}

extension ExchangeRow {
    /// nil for a row that says nothing to the exchange side.
    fileprivate init?(_ event: MarketEvent, grid: Grid) {
        let isBuy = event.has(EventFlags.buy), isSell = event.has(EventFlags.sell)
        let kind: FeedKind
        var sign: Int8 = 0
        switch event.kind {
        case EventKind.depth, EventKind.depthSnapshot:
            guard isBuy || isSell else { return nil }
            kind = isBuy ? .bidLevel : .askLevel
            sign = Int8(grid.lots(event.quantity).signum())
        case EventKind.trade:
            guard isBuy || isSell else { return nil }
            kind = isBuy ? .buyTrade : .sellTrade
        case EventKind.depthClear:
            kind = isBuy ? .clearBids : isSell ? .clearAsks : .clearBoth
            sign = event.price.isFinite ? 1 : 0
        default: return nil
        }
        self.init(exchangeNs: event.exchangeNs, tick: grid.tick(event.price), quantity: event.quantity, kind: kind, sign: sign)
    }
}
