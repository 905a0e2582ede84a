import HBTTypes

/// Rows decoded for a tape, by the rules of `FeedStream`, whose twin this is: there a row is stored
/// for either side, here it is used at once.
struct TapeDecoder {
    /// What a row says, as far as it takes arithmetic.
    struct Row {
        var isExchange: Bool
        var isLocal: Bool
        var exchangeNs: Int64
        /// With the feed-latency offset.
        var localNs: Int64
        var kind = FeedKind.other
        var tick: Int64 = 0
        /// Of a depth row.
        var lots: Int64 = 0
        /// Of a clear: 1 up to `tick`, 0 the whole side.
        var isRanged = false

        func exchangeRow(_ event: UnsafePointer<MarketEvent>) -> ExchangeRow {
            let isLevel = kind == .bidLevel || kind == .askLevel
            return ExchangeRow(
                exchangeNs: exchangeNs, tick: tick, quantity: event.pointee.quantity, kind: kind,
                sign: isLevel ? Int8(lots.signum()) : isRanged ? 1 : 0)
        }
    }

    /// Rows decoded so far.
    private(set) var rows: Int64 = 0
    private let grid: QuickGrid
    private let offsetNs: Int64
    private var lastExchangeNs = Int64.min
    private var lastLocalNs = Int64.min

    init(grid: Grid, offsetNs: Int64) {
        self.grid = QuickGrid(grid)
        self.offsetNs = offsetNs
    }

    /// - Throws: `FeedFault` when the row breaks a rule that makes the rest of the data meaningless.
    @inline(__always) mutating func decode(_ event: UnsafePointer<MarketEvent>) throws -> Row {
        let ev = event.pointee.ev
        var row = Row(
            isExchange: ev & EventFlags.exchange != 0, isLocal: ev & EventFlags.local != 0,
            exchangeNs: event.pointee.exchangeNs, localNs: event.pointee.localNs)
        if offsetNs != 0 {
            row.localNs &+= offsetNs
            if row.localNs <= row.exchangeNs { throw FeedFault.latencyNotPositive(row: rows, offsetNs: offsetNs) }
        }
        if row.isExchange {
            guard row.exchangeNs >= lastExchangeNs else {
                throw FeedFault.timeWentBackwards(clock: "exch_ts", row: rows, previousNs: lastExchangeNs, ns: row.exchangeNs)
            }
            lastExchangeNs = row.exchangeNs
        }
        if row.isLocal {
            guard row.localNs >= lastLocalNs else {
                throw FeedFault.timeWentBackwards(clock: "local_ts", row: rows, previousNs: lastLocalNs, ns: row.localNs)
            }
            lastLocalNs = row.localNs
        }
        rows += 1
        let isBuy = ev & EventFlags.buy != 0, isSell = ev & EventFlags.sell != 0
        switch UInt8(truncatingIfNeeded: ev) {
        case EventKind.depth, EventKind.depthSnapshot:
            guard isBuy || isSell else { break }
            row.kind = isBuy ? .bidLevel : .askLevel
            row.tick = grid.tick(event.pointee.price)
            row.lots = grid.lots(event.pointee.quantity)
        case EventKind.trade:
            row.kind = isBuy ? .buyTrade : isSell ? .sellTrade : .sidelessTrade
            row.tick = grid.tick(event.pointee.price)
        case EventKind.depthClear:
            row.kind = isBuy ? .clearBids : isSell ? .clearAsks : .clearBoth
            row.isRanged = event.pointee.price.isFinite
            row.tick = grid.tick(event.pointee.price)
        default:
            break
        }
        return row
    }
}
