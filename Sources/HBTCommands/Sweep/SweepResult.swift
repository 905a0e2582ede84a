import HBTEngine
import HBTReport

/// What came of one parameter set.
struct SweepResult {
    /// Names and values of the figures of an asset, as the report has them.
    struct Figures {
        var symbol: String
        var values: [(name: String, value: Double)]
    }
    /// In the order of the grid's keys.
    var parameters: [String]
    var figures: [Figures]
    var steps: Int64
    var fills: Int64
    var digest: String

    /// Columns of figures, the asset's name in front when there are several.
    var columns: [(name: String, value: Double)] {
        figures.flatMap { asset in
            asset.values.map { (figures.count > 1 ? "\(asset.symbol).\($0.name)" : $0.name, $0.value) }
        }
    }
}

/// Statistics of one run, in flat memory.
struct SweepStatistics {
    static let metrics: [Metric] = [.ret, .sr, .sortino, .maxDrawdown, .tradingValue, .dailyTradingValue, .numberOfTrades, .maxPositionValue]
    private let hasBookSize: Bool
    private let symbols: [String]
    private var builders: [StatisticsBuilder]

    init(_ plan: RunPlan) {
        let settings = plan.settings
        hasBookSize = settings.report.bookSize != nil
        symbols = settings.assets.map(\.spec.symbol)
        builders = settings.assets.map {
            StatisticsBuilder(settings: StatisticsSettings(contract: $0.spec.contract, report: settings.report, metrics: Self.metrics))
        }
    }

    mutating func add(_ run: StrategyRun) throws {
        try run.drainRecords { asset, rows in for row in rows { try builders[asset].add(row) } }
        _ = run.takeFeedLatencies()
    }

    func finish() -> [SweepResult.Figures] {
        zip(symbols, builders).map { symbol, builder in
            let whole = builder.finish().whole
            return SweepResult.Figures(symbol: symbol, values: Self.metrics.map { metric in
                let name = metric.name(hasBookSize: hasBookSize)
                return (name, whole?[name] ?? .nan)
            })
        }
    }
}
