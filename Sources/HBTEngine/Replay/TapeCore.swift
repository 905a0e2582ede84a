import HBTTypes

/// An asset's market rows, venue and local book, replayed from a tape; the twin of `AssetCore`.
final class TapeCore {
    let header: TapeHeader
    // Nobody else has these in hand while a method of ours runs: no checks of exclusive access a wake.
    @exclusivity(unchecked) private var cursor: TapeExchangeCursor
    @exclusivity(unchecked) var exchange: ExchangeSide<TapeLevels>
    @exclusivity(unchecked) var local: TapeLocal
    @exclusivity(unchecked) private(set) var failure: (any Error)?
    /// The factor graph that watches our side; nil for none.
    @exclusivity(unchecked) var factors: FactorAttachment?
    private let exchangeMemory: TapeBookMemory
    private let localMemory: TapeBookMemory

    /// - Throws: `TapeRefusal` when the tape was made for other settings, `TapeFault` when it is damaged.
    init(tape: any TapeSource, input: AssetInput, responseLatency: OrderLatency, isReference: Bool) throws {
        var header = TapeHeader(spec: input.spec, isReference: isReference, snapshot: input.initialSnapshot)
        try header.read(tape.header)
        self.header = header
        exchangeMemory = TapeBookMemory(header: header, hasSums: false)
        localMemory = TapeBookMemory(header: header, hasSums: true)
        cursor = try TapeExchangeCursor(source: tape, header: header)
        exchange = ExchangeSide(spec: input.spec, latency: responseLatency, book: exchangeMemory.book(header))
        local = try TapeLocal(source: tape, header: header, memory: localMemory, keepsTrades: input.spec.lastTradesCapacity > 0)
    }

    var nextLocalFeedNs: Int64 { local.nextNs }
    var nextExchangeFeedNs: Int64 { cursor.nextNs }

    func processLocalFeed(upTo limitNs: Int64, isSingle: Bool) {
        let limitNs = isSingle ? local.nextNs : limitNs
        guard let factors else {
            attempt { try local.process(upTo: limitNs) }
            return
        }
        if factors.core.pointee.followsRows {
            attempt { try local.process(upTo: limitNs, factors: factors) }
        } else if local.nextNs <= limitNs {
            factors.core.pointee.probes[factors.asset].isStale = true
            attempt { try local.process(upTo: limitNs) }
        }
    }

    func processExchangeFeed(upTo limitNs: Int64) -> ReturnCode {
        attempt { try exchange.process(&cursor, upTo: limitNs) } ?? .dataError
    }

    func handle(_ request: Order, at ns: Int64) -> ReturnCode {
        if request.request != .canceled {
            guard attempt({ try exchange.catchUp(&cursor) }) != nil else { return .dataError }
        }
        return attempt { exchange.handle(request, at: ns) } ?? .dataError
    }

    @discardableResult
    private func attempt<T>(_ body: () throws -> T) -> T? {
        do {
            let result = try body()
            if failure == nil { failure = exchange.failure }
            return result
        } catch {
            if failure == nil { failure = error }
            return nil
        }
    }

    var rowsRead: Int64 { max(cursor.rowsEnd, local.rowsEnd) }

    var depth: DepthView {
        let book = local.book
        let isEmptyOpen = header.isOpen && book.bestAskTick == .max
        return DepthView(
            bestBidTick: book.bestBidTick, bestAskTick: book.bestAskTick, bestBid: book.bestBid, bestAsk: book.bestAsk,
            bestBidQuantity: book.bestBidQuantity, bestAskQuantity: isEmptyOpen ? 0 : book.bestAskQuantity)
    }

    func sumBids(from lower: Int64, upTo upper: Int64, isSerial: Bool) -> Double {
        isSerial
            ? local.book.bids.serialSum(from: lower, upTo: upper, isDescending: true)
            : local.book.bids.sum(from: lower, upTo: upper)
    }

    func sumAsks(from lower: Int64, upTo upper: Int64, isSerial: Bool) -> Double {
        isSerial
            ? local.book.asks.serialSum(from: lower, upTo: upper, isDescending: false)
            : local.book.asks.sum(from: lower, upTo: upper)
    }

    // MARK: state

    func encode(into out: inout StateWriter) {
        attempt { try exchange.catchUp(&cursor) }
        out.begin("TCOR")
        out.put(header.settingsDigest)
        out.put(header.rows)
        out.put(cursor.segment)
        out.put(cursor.batch)
        out.put(cursor.depth)
        out.put(cursor.special)
        out.put(cursor.failedRow)
        exchange.encode(into: &out)
        local.encode(into: &out, venue: exchange.book)
    }

    func restore(from input: inout StateReader) throws {
        try input.expect("TCOR")
        guard try input.word() == header.settingsDigest, try input.int64() == header.rows else {
            throw StateError("the state was taken with other data or settings")
        }
        try cursor.seek(
            segment: try input.int(), batch: try input.int(), depth: try input.int(), special: try input.int(), failedRow: try input.int())
        try exchange.restore(from: &input)
        for entry in exchange.buys.entries { exchange.book.bids.markOwn(entry.tick, true) }
        for entry in exchange.sells.entries { exchange.book.asks.markOwn(entry.tick, true) }
        try local.restore(from: &input, venue: exchange.book)
    }
}
