import HBTTypes

/// One asset's market rows on their way to its two sides.
///
/// Reads blocks from the source, decodes each row once into integers and hands it to the exchange
/// side (rows with the exchange flag), the local side (local flag) or both. Each side has its own
/// cursor; a row leaves memory when its side has taken it.
struct FeedStream {
    /// Rows read from the source at a time: 1 MiB.
    static let blockRows = 16_384

    private let source: any EventSource
    /// The source when it may grow: nothing to read is not its end then.
    private let live: LiveFeed?
    private let block: UnsafeMutablePointer<MarketEvent>
    /// `live`, when its rows may be taken as they lie; not counted.
    private let directFeed: Unmanaged<LiveFeed>?
    private var decoder: RowDecoder
    var exchangeRows: RowRing<ExchangeRow>
    var localRows: RowRing<LocalRow>
    private(set) var ended = false
    /// Rows taken from the source so far.
    private(set) var rowsRead: Int64 = 0
    /// Why reading stopped, if it failed.
    private(set) var failure: (any Error)?

    init(source: any EventSource, grid: Grid, feedLatencyOffsetNs: Int64, checksOrder: Bool) {
        self.source = source
        live = source as? LiveFeed
        directFeed = feedLatencyOffsetNs == 0 ? live.flatMap { $0.venue == .outside ? .passUnretained($0) : nil } : nil
        decoder = RowDecoder(grid: grid, offsetNs: feedLatencyOffsetNs, checksOrder: checksOrder)
        block = .allocate(capacity: Self.blockRows)
        exchangeRows = RowRing(capacity: 2 * Self.blockRows)
        localRows = RowRing(capacity: 2 * Self.blockRows)
    }

    func deallocate() {
        block.deallocate()
        exchangeRows.deallocate()
        localRows.deallocate()
    }

    /// Makes sure the exchange side has a row unless the data has ended.
    mutating func fillExchange() {
        while exchangeRows.isEmpty && !ended { if !readBlock() { break } }
    }

    /// Makes sure the local side has a row unless the data has ended.
    mutating func fillLocal() {
        while localRows.isEmpty && !ended { if !readBlock() { break } }
    }

    // MARK: state

    /// Rows taken from the source and not yet by their side travel with the state; the source goes
    /// on at row `rowsRead`.
    func encode(into out: inout StateWriter) {
        out.begin("FEED")
        out.put(rowsRead)
        out.put(ended)
        out.put(decoder.lastExchangeNs)
        out.put(decoder.lastLocalNs)
        out.putRaw(exchangeRows.elements)
        out.putRaw(localRows.elements)
    }

    mutating func restore(from input: inout StateReader) throws {
        try input.expect("FEED")
        rowsRead = try input.int64()
        ended = try input.bool()
        decoder.lastExchangeNs = try input.int64()
        decoder.lastLocalNs = try input.int64()
        let exchange = try input.raw(ExchangeRow.self), local = try input.raw(LocalRow.self)
        exchangeRows.removeFirst(exchangeRows.count)
        localRows.removeFirst(localRows.count)
        exchangeRows.reserve(exchange.count)
        localRows.reserve(local.count)
        for row in exchange { exchangeRows.append(row) }
        for row in local { localRows.append(row) }
        let skipped = try source.skip(rowsRead)
        guard skipped == rowsRead else {
            throw StateError("the data has \(skipped) rows, but the state was taken after \(rowsRead)")
        }
    }

    /// False when there was nothing to read.
    @discardableResult
    mutating func readBlock() -> Bool {
        let count: Int
        do {
            count = try source.read(into: UnsafeMutableBufferPointer(start: block, count: Self.blockRows))
        } catch {
            failure = error
            ended = true
            return false
        }
        guard count > 0 else {
            ended = live.map { !$0.isOpen } ?? true
            return false
        }
        exchangeRows.reserve(count)
        localRows.reserve(count)
        decodeBlock(count)
        rowsRead += Int64(count)
        return true
    }

    /// The rows of the block, up to one that breaks a rule that makes the rest of the data meaningless.
    private mutating func decodeBlock(_ count: Int) {
        // Copies, which the loop keeps in registers; both rings have room.
        var decoder = self.decoder
        var toExchange = exchangeRows, toLocal = localRows
        for i in 0..<count {
            let event = UnsafePointer(block + i)
            guard let row = decoder.decode(event) else {
                failure = decoder.fault(event, row: rowsRead + Int64(i))
                ended = true
                break
            }
            if event.pointee.ev & EventFlags.exchange != 0 { toExchange.append(row.forExchange(event)) }
            if event.pointee.ev & EventFlags.local != 0 { toLocal.append(row.forLocal(event, localNs: event.pointee.localNs &+ decoder.offsetNs)) }
        }
        (exchangeRows, localRows, self.decoder) = (toExchange, toLocal, decoder)
    }

    // MARK: rows of a live feed, taken without a stop

    /// The feed whose rows the local side may take as they lie there; nil for other sources, or when they have to go
    /// through the rings (a simulated venue reads them, too; times are moved).
    @inline(__always) var direct: Unmanaged<LiveFeed>? { localRows.isEmpty ? directFeed : nil }

    mutating func noteTaken(_ rows: Int) { rowsRead += Int64(rows) }
}
