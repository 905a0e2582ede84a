import HBTTypes

/// An asset's market rows, venue and local book, over one concrete kind of levels.
///
/// Final and reached through a concrete type (see `AssetReplay.Core`): a method of a generic class
/// that is called through a vtable is never specialised, and costs five times as much.
final class AssetCore<Levels: LevelStore> {
    // Nobody holds on to these while a method of ours runs: no checks of exclusive access a batch.
    @exclusivity(unchecked) var stream: FeedStream
    @exclusivity(unchecked) var exchange: ExchangeSide<Levels>
    @exclusivity(unchecked) var local: LocalSide<Levels>
    @exclusivity(unchecked) private(set) var failure: (any Error)?
    /// The factor graph that watches the local side's rows; nil for none.
    @exclusivity(unchecked) var factors: FactorAttachment?
    private let grid: QuickGrid

    init(input: AssetInput, responseLatency: OrderLatency, isReference: Bool, checksOrder: Bool) {
        let spec = input.spec
        grid = QuickGrid(Grid(tickSize: spec.tickSize, lotSize: spec.lotSize))
        stream = FeedStream(
            source: input.events, grid: Grid(tickSize: spec.tickSize, lotSize: spec.lotSize),
            feedLatencyOffsetNs: spec.feedLatencyOffsetNs, checksOrder: checksOrder)
        exchange = ExchangeSide(spec: spec, latency: responseLatency, isReference: isReference)
        local = LocalSide(spec: spec, isReference: isReference)
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

    var nextLocalFeedNs: Int64 {
        if stream.localRows.isEmpty {
            if let live = directFeed {
                let (ns, isOpen) = live._withUnsafeGuaranteedRef { ($0.nextReadyNs, $0.isOpen) }
                if ns != .max || isOpen { return ns }
            }
            stream.fillLocal()
            noteFailure()
        }
        return stream.localRows.isEmpty ? .max : stream.localRows.first.pointee.localNs
    }

    var nextExchangeFeedNs: Int64 {
        if stream.exchangeRows.isEmpty {
            stream.fillExchange()
            noteFailure()
        }
        return stream.exchangeRows.isEmpty ? .max : stream.exchangeRows.first.pointee.exchangeNs
    }

    /// A factor graph follows rows in its own way.
    @inline(__always) private var directFeed: Unmanaged<LiveFeed>? { factors == nil ? stream.direct : nil }

    func processLocalFeed(upTo limitNs: Int64, isSingle: Bool) {
        if let live = directFeed {
            live._withUnsafeGuaranteedRef { stream.noteTaken(local.process(&$0.rows.ready, grid, upTo: limitNs, isSingle: isSingle)) }
        } else if let factors {
            local.process(&stream.localRows, upTo: limitNs, isSingle: isSingle, factors: factors)
        } else {
            local.process(&stream.localRows, upTo: limitNs, isSingle: isSingle)
        }
    }

    func processExchangeFeed(upTo limitNs: Int64) -> ReturnCode {
        let code = exchange.process(&stream.exchangeRows, upTo: limitNs)
        noteFailure()
        return code
    }

    func handle(_ request: Order, at ns: Int64) -> ReturnCode {
        let code = exchange.handle(request, at: ns)
        noteFailure()
        return code
    }

    private func noteFailure() {
        if failure == nil { failure = stream.failure ?? exchange.failure }
    }

    var depth: DepthView {
        DepthView(
            bestBidTick: local.book.bestBidTick, bestAskTick: local.book.bestAskTick,
            bestBid: local.book.bestBid, bestAsk: local.book.bestAsk,
            bestBidQuantity: local.book.bestBidQuantity, bestAskQuantity: local.book.bestAskQuantity)
    }

    /// Sum over `lower..<upper` from the best price outward; `isSerial` adds one level after the
    /// other, as the reference's strategies do. Otherwise the sum is in whole lots: the same number
    /// whatever the order in which the levels are added.
    func sumBids(from lower: Int64, upTo upper: Int64, isSerial: Bool) -> Double {
        isSerial
            ? local.book.bids.serialSum(from: lower, upTo: upper, isDescending: true)
            : local.book.grid.inWholeLots(local.book.bids.sum(from: lower, upTo: upper))
    }

    func sumAsks(from lower: Int64, upTo upper: Int64, isSerial: Bool) -> Double {
        isSerial
            ? local.book.asks.serialSum(from: lower, upTo: upper, isDescending: false)
            : local.book.grid.inWholeLots(local.book.asks.sum(from: lower, upTo: upper))
    }
}
