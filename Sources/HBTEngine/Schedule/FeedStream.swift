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
    private let grid: Grid
    private let offsetNs: Int64
    private let checksOrder: Bool
    var exchangeRows: RowRing<ExchangeRow>
    var localRows: RowRing<LocalRow>
    private(set) var ended = false
    /// Rows taken from the source so far.
    private(set) var rowsRead: Int64 = 0
    /// Why reading stopped, if it failed.
    private(set) var failure: (any Error)?
    private var lastExchangeNs = Int64.min
    private var lastLocalNs = Int64.min

    init(source: any EventSource, grid: Grid, feedLatencyOffsetNs: Int64, checksOrder: Bool) {
        self.source = source
        live = source as? LiveFeed
        self.grid = grid
        offsetNs = feedLatencyOffsetNs
        self.checksOrder = checksOrder
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
        out.put(lastExchangeNs)
        out.put(lastLocalNs)
        out.putRaw(exchangeRows.elements)
        out.putRaw(localRows.elements)
    }

    mutating func restore(from input: inout StateReader) throws {
        try input.expect("FEED")
        rowsRead = try input.int64()
        ended = try input.bool()
        lastExchangeNs = try input.int64()
        lastLocalNs = try input.int64()
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
        for i in 0..<count where !decode(block + i, row: rowsRead + Int64(i)) {
            ended = true
            break
        }
        rowsRead += Int64(count)
        return true
    }

    /// False when the row breaks a rule that makes the rest of the data meaningless.
    @inline(__always)
    private mutating func decode(_ event: UnsafePointer<MarketEvent>, row: Int64) -> Bool {
        let ev = event.pointee.ev
        let exchangeNs = event.pointee.exchangeNs
        var localNs = event.pointee.localNs
        if offsetNs != 0 {
            localNs &+= offsetNs
            if localNs <= exchangeNs {
                failure = FeedFault.latencyNotPositive(row: row, offsetNs: offsetNs)
                return false
            }
        }
        let toExchange = ev & EventFlags.exchange != 0
        let toLocal = ev & EventFlags.local != 0
        if checksOrder {
            if toExchange {
                guard exchangeNs >= lastExchangeNs else {
                    failure = FeedFault.timeWentBackwards(clock: "exch_ts", row: row, previousNs: lastExchangeNs, ns: exchangeNs)
                    return false
                }
                lastExchangeNs = exchangeNs
            }
            if toLocal {
                guard localNs >= lastLocalNs else {
                    failure = FeedFault.timeWentBackwards(clock: "local_ts", row: row, previousNs: lastLocalNs, ns: localNs)
                    return false
                }
                lastLocalNs = localNs
            }
        }

        let price = event.pointee.price
        let quantity = event.pointee.quantity
        var kind = FeedKind.other
        var tick: Int64 = 0
        var sign: Int8 = 0
        switch UInt8(truncatingIfNeeded: ev) {
        case EventKind.depth, EventKind.depthSnapshot:
            if ev & EventFlags.buy != 0 { kind = .bidLevel } else if ev & EventFlags.sell != 0 { kind = .askLevel } else { break }
            tick = grid.tick(price)
            let lots = grid.lots(quantity)
            sign = lots > 0 ? 1 : (lots == 0 ? 0 : -1)
        case EventKind.trade:
            if ev & EventFlags.buy != 0 { kind = .buyTrade } else if ev & EventFlags.sell != 0 { kind = .sellTrade } else { kind = .sidelessTrade }
            tick = grid.tick(price)
        case EventKind.depthClear:
            if ev & EventFlags.buy != 0 { kind = .clearBids } else if ev & EventFlags.sell != 0 { kind = .clearAsks } else { kind = .clearBoth }
            sign = price.isFinite ? 1 : 0
            tick = grid.tick(price)
        default:
            break
        }
        if toExchange {
            exchangeRows.append(ExchangeRow(exchangeNs: exchangeNs, tick: tick, quantity: quantity, kind: kind, sign: sign))
        }
        if toLocal {
            localRows.append(LocalRow(
                localNs: localNs, exchangeNs: exchangeNs, tick: tick, quantity: quantity, price: price,
                ev: UInt32(truncatingIfNeeded: ev), kind: kind, sign: sign))
        }
        return true
    }
}
