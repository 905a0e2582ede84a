import HBTTypes

/// An asset replayed through one concrete kind of book; the only generic class of the engine.
final class AssetReplayOf<Levels: LevelStore>: AssetReplay {
    private var stream: FeedStream
    private var exchange: ExchangeSide<Levels>
    private var local: LocalSide<Levels>

    init(
        index: Int, input: AssetInput, entryLatency: OrderLatency, responseLatency: OrderLatency,
        isReference: Bool, checksOrder: Bool, journal: RunJournal
    ) {
        let spec = input.spec
        stream = FeedStream(
            source: input.events, grid: Grid(tickSize: spec.tickSize, lotSize: spec.lotSize),
            feedLatencyOffsetNs: spec.feedLatencyOffsetNs, checksOrder: checksOrder)
        exchange = ExchangeSide(spec: spec, latency: responseLatency, isReference: isReference)
        local = LocalSide(spec: spec, isReference: isReference)
        super.init(index: index, spec: spec, entryLatency: entryLatency, isReference: isReference, journal: journal)
        if !input.initialSnapshot.isEmpty {
            exchange.book.load(snapshot: input.initialSnapshot)
            local.book.load(snapshot: input.initialSnapshot)
        }
    }

    deinit {
        stream.deallocate()
        exchange.deallocate()
        local.deallocate()
    }

    override var nextLocalFeedNs: Int64 {
        if stream.localRows.isEmpty { stream.fillLocal() }
        noteFailure()
        return stream.localRows.isEmpty ? .max : stream.localRows.first.pointee.localNs
    }

    override var nextExchangeFeedNs: Int64 {
        if stream.exchangeRows.isEmpty { stream.fillExchange() }
        noteFailure()
        return stream.exchangeRows.isEmpty ? .max : stream.exchangeRows.first.pointee.exchangeNs
    }

    override var nextResponseNs: Int64 { exchange.responses.nextNs }

    override func processLocalFeed(upTo limitNs: Int64, isSingle: Bool) {
        local.process(&stream.localRows, upTo: limitNs, isSingle: isSingle)
    }

    override func processExchangeFeed(upTo limitNs: Int64) -> ReturnCode {
        let code = exchange.process(&stream.exchangeRows, upTo: limitNs)
        noteFailure()
        return code
    }

    override func processResponses(at ns: Int64, awaited: UInt64?) -> Bool {
        var isAwaited = false
        while exchange.responses.nextNs == ns {
            let message = exchange.responses.removeFirst()
            if awaited == nil || awaited == message.orderId { isAwaited = true }
            receive(message, at: ns)
        }
        return isAwaited
    }

    override func processRequests(at ns: Int64) -> ReturnCode {
        while requests.nextNs == ns {
            let code = exchange.handle(requests.removeFirst(), at: ns)
            noteFailure()
            if code != .ok { return code }
        }
        return .ok
    }

    override func bounce(_ message: Order, at ns: Int64) { exchange.responses.append(message, at: ns) }

    private func noteFailure() {
        if failure == nil { failure = stream.failure ?? exchange.failure }
    }

    // MARK: what we see

    override var depth: DepthView {
        DepthView(
            bestBidTick: local.book.bestBidTick, bestAskTick: local.book.bestAskTick,
            bestBid: local.book.bestBid, bestAsk: local.book.bestAsk,
            bestBidQuantity: local.book.bestBidQuantity, bestAskQuantity: local.book.bestAskQuantity)
    }
    override func bidQuantity(atTick tick: Int64) -> Double { local.book.bidQuantity(tick) }
    override func askQuantity(atTick tick: Int64) -> Double { local.book.askQuantity(tick) }
    // From the best price outward; the reference adds one level after the other.
    override func sumBids(from lower: Int64, upTo upper: Int64) -> Double {
        isReference
            ? local.book.bids.serialSum(from: lower, upTo: upper, isDescending: true)
            : local.book.bids.sum(from: lower, upTo: upper)
    }
    override func sumAsks(from lower: Int64, upTo upper: Int64) -> Double {
        isReference
            ? local.book.asks.serialSum(from: lower, upTo: upper, isDescending: false)
            : local.book.asks.sum(from: lower, upTo: upper)
    }
    override var feedLatency: (exchangeNs: Int64, localNs: Int64)? { local.feedLatency }
    override var lastTrades: [MarketEvent] { local.lastTrades }
    override func clearLastTrades() { local.lastTrades.removeAll(keepingCapacity: true) }
    override func snapshotRows() -> [MarketEvent] { local.book.snapshotRows() }
    override var rowsRead: Int64 { stream.rowsRead }
    override func markout(of execution: UInt64) -> (entry: MarkoutTracker.Entry, isComplete: Bool)? {
        exchange.markouts.lookUp(execution)
    }
}
