import HBTTypes

/// One streaming pass over rows; memory is two books and a histogram.
public struct FeedInspector {
    public struct Settings: Sendable, Equatable {
        /// Grid on which prices are compared; nil takes 10⁻⁸.
        public var tickSize: Double?
        /// Silences longer than this are counted.
        public var silenceNs: Int64

        public init(tickSize: Double? = nil, silenceNs: Int64 = 10_000_000_000) {
            self.tickSize = tickSize
            self.silenceNs = silenceNs
        }
    }

    private var report = FeedReport()
    private var counts = [(buy: Int, sell: Int, none: Int)](repeating: (0, 0, 0), count: 256)
    private var latencies = LatencyHistogram()
    private var negativeLatencies = 0
    private var exchange: SideInspector
    private var local: SideInspector
    private var previous: MarketEvent?
    private var previousTrade: MarketEvent?

    public init(settings: Settings = Settings(), initialSnapshot: [MarketEvent] = []) {
        var book = InspectedBook(tickSize: settings.tickSize)
        for row in initialSnapshot {
            var level = row
            level.ev = (row.ev & ~0xFF) | UInt64(EventKind.depthSnapshot)
            book.apply(level)
        }
        exchange = SideInspector(book: book, silenceNs: settings.silenceNs)
        local = SideInspector(book: book, silenceNs: settings.silenceNs)
        report.hasInitialSnapshot = !initialSnapshot.isEmpty
    }

    /// Inspects everything that `source` still has.
    public static func inspect(
        _ source: any EventSource, settings: Settings = Settings(), initialSnapshot: [MarketEvent] = []
    ) throws -> FeedReport {
        var inspector = FeedInspector(settings: settings, initialSnapshot: initialSnapshot)
        let block = UnsafeMutableBufferPointer<MarketEvent>.allocate(capacity: 8192)
        defer { block.deallocate() }
        while true {
            let n = try source.read(into: block)
            if n == 0 { break }
            for i in 0..<n { inspector.add(block[i]) }
        }
        var report = inspector.finish()
        report.conversion = (source as? CollectorEventSource)?.report
        return report
    }

    public mutating func add(_ row: MarketEvent) {
        let index = report.rows
        report.rows += 1
        count(row, index)
        checkValues(row, index)
        if row.has(EventFlags.exchange) { exchange.add(row, timeNs: row.exchangeNs, row: index) }
        if row.has(EventFlags.local) {
            local.add(row, timeNs: row.localNs, row: index)
            let latency = row.localNs.subtractingReportingOverflow(row.exchangeNs)
            if !latency.overflow {
                latencies.add(latency.partialValue)
                if latency.partialValue < 0 { negativeLatencies += 1 }
            }
        }
        if !row.has(EventFlags.exchange), !row.has(EventFlags.local) { report.unflagged.add(index) }
    }

    private mutating func count(_ row: MarketEvent, _ index: Int) {
        let kind = Int(row.kind)
        if row.has(EventFlags.buy) { counts[kind].buy += 1 } else if row.has(EventFlags.sell) { counts[kind].sell += 1 } else { counts[kind].none += 1 }
        switch row.kind {
        case EventKind.depthClear: report.clears += 1
        case EventKind.depthSnapshot:
            report.snapshotRows += 1
            if report.firstSnapshotRow == nil { report.firstSnapshotRow = index }
        default: break
        }
    }

    private mutating func checkValues(_ row: MarketEvent, _ index: Int) {
        if row.kind != EventKind.trade, let previous, sameBits(previous, row) { report.duplicates.add(index) }
        previous = row
        if row.kind == EventKind.trade {
            if let previousTrade, sameBits(previousTrade, row) { report.repeatedTrades.add(index) }
            previousTrade = row
        }
        if row.quantity < 0 { report.negativeQuantities.add(index) }
        let isClear = row.kind == EventKind.depthClear
        if !row.quantity.isFinite || (!row.price.isFinite && !isClear) { report.notFinite.add(index) }
        if row.kind == EventKind.depth || row.kind == EventKind.depthSnapshot, !row.has(EventFlags.buy), !row.has(EventFlags.sell) {
            report.sideless.add(index)
        }
    }

    private func sameBits(_ a: MarketEvent, _ b: MarketEvent) -> Bool {
        a.ev == b.ev && a.exchangeNs == b.exchangeNs && a.localNs == b.localNs && a.price.bitPattern == b.price.bitPattern
            && a.quantity.bitPattern == b.quantity.bitPattern && a.orderId == b.orderId && a.ival == b.ival
            && a.fval.bitPattern == b.fval.bitPattern
    }

    /// The report on all rows added.
    public func finish() -> FeedReport {
        var result = report
        for kind in 0..<256 {
            let c = counts[kind]
            if c.buy + c.sell + c.none > 0 {
                result.kinds.append(.init(kind: Self.name(ofKind: UInt8(kind)), buy: c.buy, sell: c.sell, noSide: c.none))
            }
        }
        result.exchange = exchange.finish()
        result.local = local.finish()
        if latencies.count > 0, let p1 = latencies.quantile(0.01), let p50 = latencies.quantile(0.5), let p90 = latencies.quantile(0.9),
            let p99 = latencies.quantile(0.99)
        {
            result.latency = .init(
                minNs: latencies.minimum, p1Ns: p1, p50Ns: p50, p90Ns: p90, p99Ns: p99, maxNs: latencies.maximum,
                negativeRows: negativeLatencies)
        }
        return result
    }

    static func name(ofKind kind: UInt8) -> String {
        switch kind {
        case EventKind.depth: "depth"
        case EventKind.trade: "trade"
        case EventKind.depthClear: "clear"
        case EventKind.depthSnapshot: "snapshot"
        case EventKind.depthBBO: "bbo"
        case EventKind.addOrder: "add order"
        case EventKind.cancelOrder: "cancel order"
        case EventKind.modifyOrder: "modify order"
        case EventKind.fill: "fill"
        case EventKind.indexPrice: "index price"
        case EventKind.markPrice: "mark price"
        case EventKind.fundingRate: "funding rate"
        case EventKind.bestBid: "best bid"
        case EventKind.bestAsk: "best ask"
        default: "type \(kind)"
        }
    }
}
