import HBTTypes

/// An asset's market rows, venue and local book, replayed from a tape; the twin of `AssetCore`.
final class TapeCore {
    let header: TapeHeader
    let source: any TapeSource
    let keepsTrades: Bool
    private let isOpen: Bool
    // Nobody else has these in hand while a method of ours runs: no checks of exclusive access a wake.
    @exclusivity(unchecked) private var cursor: TapeExchangeCursor
    @exclusivity(unchecked) var exchange: ExchangeSide<TapeLevels>
    @exclusivity(unchecked) var plane: TapePlane
    @exclusivity(unchecked) private(set) var failure: (any Error)? { didSet { hasFailed = failure != nil } }
    @exclusivity(unchecked) private(set) var hasFailed = false
    /// The factor graph that watches our side; nil for none.
    @exclusivity(unchecked) var factors: FactorAttachment?
    @exclusivity(unchecked) var venue: TapeVenueBook {
        didSet { unretainedVenue = .passUnretained(venue) }
    }
    @exclusivity(unchecked) private var unretainedVenue: Unmanaged<TapeVenueBook>
    let watches: UnsafeMutablePointer<TapeWatches>

    /// - Throws: `TapeRefusal` when the tape was made for other settings, `TapeFault` when it is damaged.
    init(tape: any TapeSource, input: AssetInput, responseLatency: OrderLatency, isReference: Bool, mode: ReplayMode) throws {
        var header = TapeHeader(spec: input.spec, isReference: isReference, snapshot: input.initialSnapshot)
        try header.read(tape.header)
        self.header = header
        isOpen = header.isOpen
        venue = TapeVenueBook(memory: TapeBookMemory(header: header, hasSums: false), source: tape, header: header)
        unretainedVenue = .passUnretained(venue)
        source = tape
        keepsTrades = input.spec.lastTradesCapacity > 0
        let mode: ReplayMode = mode == .full || mode == .scan ? mode : .index
        watches = .allocate(capacity: 1)
        watches.initialize(to: TapeWatches())
        do {
            cursor = try TapeExchangeCursor(source: tape, header: header, mode: mode, watches: watches)
        } catch {
            Self.free(watches)
            throw error
        }
        exchange = ExchangeSide(
            spec: input.spec, latency: responseLatency, book: venue.memory.book(header, watches: mode == .index ? watches : nil))
        plane = try TapePlane(source: tape, header: header, keepsTrades: keepsTrades)
    }

    var local: TapeLocal {
        _read { yield plane.local }
        _modify { yield &plane.local }
    }
    var cursorMode: ReplayMode { cursor.mode }

    deinit {
        exchange.deallocate()
        Self.free(watches)
    }

    private static func free(_ watches: UnsafeMutablePointer<TapeWatches>) {
        watches.pointee.deallocate()
        watches.deinitialize(count: 1)
        watches.deallocate()
    }

    var nextLocalFeedNs: Int64 { local.nextNs }
    var nextExchangeFeedNs: Int64 { cursor.nextNs }
    var nextResponseNs: Int64 { exchange.responses.nextNs }
    var isAtEnd: Bool { local.nextNs == .max && cursor.nextNs == .max }

    func processLocalFeed(upTo limitNs: Int64, isSingle: Bool) {
        let limitNs = isSingle ? local.nextNs : limitNs
        if let factors, factors.core.pointee.followsRows {
            attempt { try local.process(upTo: limitNs, factors: factors) }
            return
        }
        if local.nextNs <= limitNs {
            plane.version &+= 1
            attempt { try local.process(upTo: limitNs) }
        }
        guard let factors else { return }
        // Another run of a sweep may have brought the book along.
        let probe = factors.core.pointee.probes + factors.asset
        if probe.pointee.seenVersion != plane.version {
            probe.pointee.seenVersion = plane.version
            probe.pointee.isStale = true
        }
    }

    func processExchangeFeed(upTo limitNs: Int64) -> ReturnCode {
        do {
            let code = try exchange.process(&cursor, upTo: limitNs)
            noteFailure()
            return code
        } catch {
            note(error)
            return .dataError
        }
    }

    func handle(_ request: Order, at ns: Int64) -> ReturnCode {
        do {
            let code = try exchange.handle(request, at: ns, &cursor, unretainedVenue)
            noteFailure()
            return code
        } catch {
            note(error)
            return .dataError
        }
    }

    @inline(__always) private func noteFailure() { if exchange.failure != nil { note(exchange.failure) } }

    @inline(never) private func note(_ error: (any Error)?) { if failure == nil { failure = error } }

    private func attempt(_ body: () throws -> Void) {
        do {
            try body()
            noteFailure()
        } catch {
            note(error)
        }
    }

    var rowsRead: Int64 { max(cursor.rowsEnd, local.rowsEnd) }

    var depth: DepthView {
        // Not by way of a copy of the book, which is larger than all that is read of it.
        let isEmptyOpen = isOpen && plane.local.book.bestAskTick == .max
        return DepthView(
            bestBidTick: plane.local.book.bestBidTick, bestAskTick: plane.local.book.bestAskTick,
            bestBid: plane.local.book.bestBid, bestAsk: plane.local.book.bestAsk,
            bestBidQuantity: plane.local.book.bestBidQuantity,
            bestAskQuantity: isEmptyOpen ? 0 : plane.local.book.bestAskQuantity)
    }

    func sumBids(from lower: Int64, upTo upper: Int64, isSerial: Bool) -> Double {
        isSerial
            ? serial.bids.serialSum(from: lower, upTo: upper, isDescending: true)
            : summed.bids.sum(from: lower, upTo: upper)
    }

    func sumAsks(from lower: Int64, upTo upper: Int64, isSerial: Bool) -> Double {
        isSerial
            ? serial.asks.serialSum(from: lower, upTo: upper, isDescending: false)
            : summed.asks.sum(from: lower, upTo: upper)
    }

    /// The local book with its sums.
    private var summed: DepthBook<TapeLevels> {
        plane.local.keepSums()
        return plane.local.book
    }

    /// The same where levels are added one by one.
    private var serial: DepthBook<TapeLevels> {
        plane.local.keepSerialSums()
        return plane.local.book
    }

    // MARK: state

    func encode(into out: inout StateWriter) {
        attempt { try exchange.catchUp(&cursor) }
        let segment = cursor.segment, row = cursor.bestRow
        if cursor.mode == .index {
            // The state is that of the other modes: a book that has seen every row before the cursor.
            attempt { try venue.withBook(at: segment, try cursor.index(), before: row) { encodeAll(into: &out) } }
        } else {
            encodeAll(into: &out)
        }
    }

    private func encodeAll(into out: inout StateWriter) {
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
        venue.settle(in: cursor.segment)
        for entry in exchange.buys.entries { exchange.book.bids.markOwn(entry.tick, true) }
        for entry in exchange.sells.entries { exchange.book.asks.markOwn(entry.tick, true) }
        try local.restore(from: &input, venue: exchange.book)
    }
}
