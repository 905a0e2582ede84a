import HBTTypes

/// Everything reported about one asset, built row by row.
struct AssetReport {
    let spec: AssetSpec
    private(set) var statistics: StatisticsBuilder
    private(set) var series: SeriesThinner
    private(set) var inventory: InventoryHistogram
    private(set) var fillMarks: FillThinner
    private(set) var markouts: MarkoutBuilder
    private(set) var orders = OrderFlow()
    private(set) var feedLatency = LatencyHistogram()
    /// [maker buy, maker sell, taker buy, taker sell]
    private(set) var fillTotals = [FillTotals](repeating: FillTotals(), count: 4)
    private(set) var rowCount: Int64 = 0
    private(set) var firstRow: RecordRow?
    private(set) var lastRow: RecordRow?

    init(spec: AssetSpec, settings: ReportSettings, assetCount: Int) {
        self.spec = spec
        statistics = StatisticsBuilder(
            settings: StatisticsSettings(
                contract: spec.contract, report: settings, metrics: Self.metrics(settings)))
        // One file for all assets: the places are shared.
        let share = max(1, assetCount)
        series = SeriesThinner(capacity: max(64, min(4_096, 8_192 / share)), contract: spec.contract)
        fillMarks = FillThinner(limit: max(100, 20_000 / share))
        inventory = InventoryHistogram(width: spec.lotSize)
        markouts = MarkoutBuilder(tickSize: spec.tickSize)
    }

    /// The defaults first, then the rest. The median keeps a number per sample, so it is left out
    /// when every row is a sample.
    private static func metrics(_ settings: ReportSettings) -> [Metric] {
        let rest = Metric.allCases.filter { metric in
            switch metric {
            case .maxLeverage: settings.bookSize != nil
            case .medianPositionValue: (settings.resampleNs ?? 0) > 0
            default: true
            }
        }
        return Metric.defaults + rest.filter { !Metric.defaults.contains($0) }
    }

    mutating func add(_ row: RecordRow) throws(ReportError) {
        try statistics.add(row)
        if let lastRow {
            inventory.add(position: lastRow.position, heldNs: row.timestampNs &- lastRow.timestampNs)
        }
        series.add(row)
        if firstRow == nil { firstRow = row }
        lastRow = row
        rowCount += 1
    }

    mutating func add(_ fill: FillRecord) {
        guard fill.side == .buy || fill.side == .sell else { return }
        fillTotals[(fill.isMaker ? 0 : 2) + (fill.side == .buy ? 0 : 1)].add(
            quantity: fill.quantity, value: spec.contract.value(price: fill.price, quantity: fill.quantity),
            fee: fill.fee)
        fillMarks.add(fill)
        markouts.add(fill)
    }

    mutating func add(_ order: OrderRecord) { orders.add(order) }

    mutating func add(feedLatencyNs: Int64) { feedLatency.add(ns: feedLatencyNs) }

    var makerFills: FillTotals { fillTotals[0] + fillTotals[1] }
    var takerFills: FillTotals { fillTotals[2] + fillTotals[3] }
    var allFills: FillTotals { makerFills + takerFills }

    /// What money is counted in.
    var moneyUnit: String {
        if case .inverse = spec.contract { "base" } else { "quote" }
    }
}

extension ContractSpec {
    /// Money that changes hands: quote currency for linear, base currency for inverse contracts.
    func value(price: Double, quantity: Double) -> Double {
        switch self {
        case .linear(let size): size * price * quantity
        case .inverse(let size): size * quantity / price
        }
    }
}
