import HBTTypes

/// Rows decoded for a tape, by the rules of `FeedStream`, whose twin this is: there a row is stored
/// for either side, here some hundred are decoded at a time and used at once.
struct TapeDecoder {
    /// Consecutive rows that differ in price, size and what does not concern the engine: most often one
    /// side of a message.
    struct Run {
        var kind: FeedKind
        var isExchange: Bool
        var isLocal: Bool
        /// All sizes are whole lots by the one rule that is left; only of levels.
        var isWhole: Bool
        /// Where it ends; it starts where the one before does.
        var end: Int32
        var exchangeNs: Int64
        /// With the feed-latency offset.
        var localNs: Int64
    }

    /// Rows decoded at a time at most: they stay in the processor's cache until they are used.
    static let capacity = 512

    /// Rows decoded so far.
    private(set) var rows: Int64 = 0
    /// What the last rows said.
    let runs = UnsafeMutablePointer<Run>.allocate(capacity: capacity)
    private(set) var runCount = 0
    /// Of levels, trades and clears.
    let ticks = UnsafeMutablePointer<Int64>.allocate(capacity: capacity)
    /// Of levels in runs that are whole.
    let lots = UnsafeMutablePointer<Int32>.allocate(capacity: capacity)
    /// Why decoding stopped behind the rows in `runs`.
    private(set) var failure: FeedFault?
    private let grid: QuickGrid
    private let offsetNs: Int64
    private var lastExchangeNs = Int64.min
    private var lastLocalNs = Int64.min

    init(grid: Grid, offsetNs: Int64) {
        self.grid = QuickGrid(grid)
        self.offsetNs = offsetNs
    }

    func deallocate() {
        runs.deallocate()
        ticks.deallocate()
        lots.deallocate()
    }

    /// Decodes `count` rows (no more than `capacity`), or those before the first that breaks a rule which
    /// makes the rest of the data meaningless: `failure` names it.
    ///
    /// - Parameter rule: how lots become sizes; without one no run is whole.
    mutating func decode(_ events: UnsafePointer<MarketEvent>, count: Int, rule: LotValue?) {
        runCount = 0
        var start = 0
        while start < count {
            let first = events + start
            let ev = first.pointee.ev, exchangeNs = first.pointee.exchangeNs, localNs = first.pointee.localNs
            var end = start + 1
            while end < count, events[end].ev == ev, events[end].exchangeNs == exchangeNs, events[end].localNs == localNs { end += 1 }
            var run = Run(
                kind: Self.kind(ev), isExchange: ev & EventFlags.exchange != 0, isLocal: ev & EventFlags.local != 0, isWhole: false,
                end: Int32(truncatingIfNeeded: end), exchangeNs: exchangeNs, localNs: localNs)
            // Rows of one time keep the rules when their first one does.
            if let fault = check(&run, row: rows + Int64(start)) {
                failure = fault
                break
            }
            switch run.kind {
            case .bidLevel, .askLevel:
                if let rule { run.isWhole = levels(events, start, end, rule) } else { prices(events, start, end) }
            case .buyTrade, .sellTrade, .sidelessTrade, .clearBids, .clearAsks, .clearBoth: prices(events, start, end)
            case .other: break
            }
            runs[runCount] = run
            runCount += 1
            start = end
        }
        rows += Int64(start)
    }

    private static func kind(_ ev: UInt64) -> FeedKind {
        let isBuy = ev & EventFlags.buy != 0, isSell = ev & EventFlags.sell != 0
        return switch UInt8(truncatingIfNeeded: ev) {
        case EventKind.depth, EventKind.depthSnapshot: isBuy ? .bidLevel : isSell ? .askLevel : .other
        case EventKind.trade: isBuy ? .buyTrade : isSell ? .sellTrade : .sidelessTrade
        case EventKind.depthClear: isBuy ? .clearBids : isSell ? .clearAsks : .clearBoth
        default: .other
        }
    }

    private mutating func check(_ run: inout Run, row: Int64) -> FeedFault? {
        if offsetNs != 0 {
            run.localNs &+= offsetNs
            if run.localNs <= run.exchangeNs { return .latencyNotPositive(row: row, offsetNs: offsetNs) }
        }
        if run.isExchange {
            guard run.exchangeNs >= lastExchangeNs else {
                return .timeWentBackwards(clock: "exch_ts", row: row, previousNs: lastExchangeNs, ns: run.exchangeNs)
            }
            lastExchangeNs = run.exchangeNs
        }
        if run.isLocal {
            guard run.localNs >= lastLocalNs else {
                return .timeWentBackwards(clock: "local_ts", row: row, previousNs: lastLocalNs, ns: run.localNs)
            }
            lastLocalNs = run.localNs
        }
        return nil
    }

    private func prices(_ events: UnsafePointer<MarketEvent>, _ start: Int, _ end: Int) {
        for i in start..<end { ticks[i] = grid.tick(events[i].price) }
    }

    /// False when a size is not what `rule` makes of its lots.
    private func levels(_ events: UnsafePointer<MarketEvent>, _ start: Int, _ end: Int, _ rule: LotValue) -> Bool {
        var differences: UInt64 = 0
        for i in start..<end {
            ticks[i] = grid.tick(events[i].price)
            let quantity = events[i].quantity
            let size = grid.smallLots(quantity)
            lots[i] = size
            differences |= (rule(Int64(size)).bitPattern ^ quantity.bitPattern) | UInt64(bitPattern: Int64(size)) >> 63
        }
        return differences == 0
    }

    func exchangeRow(_ run: Run, _ event: UnsafePointer<MarketEvent>, tick: Int64) -> ExchangeRow {
        let sign: Int8 = switch run.kind {
        case .bidLevel, .askLevel: Int8(grid.lots(event.pointee.quantity).signum())
        case .clearBids, .clearAsks, .clearBoth: event.pointee.price.isFinite ? 1 : 0
        default: 0
        }
        return ExchangeRow(exchangeNs: run.exchangeNs, tick: tick, quantity: event.pointee.quantity, kind: run.kind, sign: sign)
    }
}
