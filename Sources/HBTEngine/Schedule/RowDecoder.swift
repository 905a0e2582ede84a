import HBTTypes

/// What a row says in integers, the same for both sides.
struct DecodedRow {
    var kind: FeedKind
    var sign: Int8
    var tick: Int64

    @inline(__always)
    func forExchange(_ event: UnsafePointer<MarketEvent>) -> ExchangeRow {
        ExchangeRow(exchangeNs: event.pointee.exchangeNs, tick: tick, quantity: event.pointee.quantity, kind: kind, sign: sign)
    }

    @inline(__always)
    func forLocal(_ event: UnsafePointer<MarketEvent>, localNs: Int64) -> LocalRow {
        LocalRow(
            localNs: localNs, exchangeNs: event.pointee.exchangeNs, tick: tick, quantity: event.pointee.quantity, price: event.pointee.price,
            ev: UInt32(truncatingIfNeeded: event.pointee.ev), kind: kind, sign: sign)
    }
}

/// Makes integers of rows, each once, and looks whether their clocks go on.
struct RowDecoder {
    let grid: QuickGrid
    let offsetNs: Int64
    private let checksOrder: Bool
    var lastExchangeNs = Int64.min
    var lastLocalNs = Int64.min

    init(grid: Grid, offsetNs: Int64, checksOrder: Bool) {
        self.grid = QuickGrid(grid)
        self.offsetNs = offsetNs
        self.checksOrder = checksOrder
    }

    /// nil when the row breaks a rule (`fault`).
    @inline(__always)
    mutating func decode(_ event: UnsafePointer<MarketEvent>) -> DecodedRow? {
        let ev = event.pointee.ev
        if offsetNs != 0 { guard event.pointee.localNs &+ offsetNs > event.pointee.exchangeNs else { return nil } }
        if checksOrder {
            if ev & EventFlags.exchange != 0 {
                guard event.pointee.exchangeNs >= lastExchangeNs else { return nil }
                lastExchangeNs = event.pointee.exchangeNs
            }
            if ev & EventFlags.local != 0 {
                guard event.pointee.localNs &+ offsetNs >= lastLocalNs else { return nil }
                lastLocalNs = event.pointee.localNs &+ offsetNs
            }
        }
        return Self.integers(event, grid)
    }

    @inline(__always)
    static func integers(_ event: UnsafePointer<MarketEvent>, _ grid: QuickGrid) -> DecodedRow {
        let ev = event.pointee.ev
        let kind = UInt8(truncatingIfNeeded: ev)
        // Nearly every row.
        if kind == EventKind.depth || kind == EventKind.depthSnapshot, ev & (EventFlags.buy | EventFlags.sell) != 0 {
            return DecodedRow(
                kind: ev & EventFlags.buy != 0 ? .bidLevel : .askLevel, sign: grid.sign(event.pointee.quantity), tick: grid.tick(event.pointee.price))
        }
        switch kind {
        case EventKind.trade:
            let kind: FeedKind = ev & EventFlags.buy != 0 ? .buyTrade : (ev & EventFlags.sell != 0 ? .sellTrade : .sidelessTrade)
            return DecodedRow(kind: kind, sign: 0, tick: grid.tick(event.pointee.price))
        case EventKind.depthClear:
            let kind: FeedKind = ev & EventFlags.buy != 0 ? .clearBids : (ev & EventFlags.sell != 0 ? .clearAsks : .clearBoth)
            return DecodedRow(kind: kind, sign: event.pointee.price.isFinite ? 1 : 0, tick: grid.tick(event.pointee.price))
        default: break
        }
        return DecodedRow(kind: .other, sign: 0, tick: 0)
    }

    /// What is wrong with the row that `decode` refused.
    func fault(_ event: UnsafePointer<MarketEvent>, row: Int64) -> FeedFault {
        let exchangeNs = event.pointee.exchangeNs, localNs = event.pointee.localNs &+ offsetNs
        if offsetNs != 0, localNs <= exchangeNs { return .latencyNotPositive(row: row, offsetNs: offsetNs) }
        if event.pointee.ev & EventFlags.exchange != 0, exchangeNs < lastExchangeNs {
            return .timeWentBackwards(clock: "exch_ts", row: row, previousNs: lastExchangeNs, ns: exchangeNs)
        }
        return .timeWentBackwards(clock: "local_ts", row: row, previousNs: lastLocalNs, ns: localNs)
    }
}
