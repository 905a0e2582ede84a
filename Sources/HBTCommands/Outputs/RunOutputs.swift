import HBTEngine
import HBTMarketData
import HBTReport
import HBTTypes

/// Everything a run leaves behind, written while it goes on.
final class RunOutputs {
    /// Fast rather than small: the records of a day compress in a fraction of a second.
    private static let compression = 1

    let report: ReportBuilder
    private let spool: RecordSpool
    private let fills: FillsFile
    private let orders: OrdersFile
    private(set) var recordCount: Int64 = 0
    private var recordedSteps: Int64 = 0
    private(set) var span: (firstNs: Int64, lastNs: Int64)?
    /// Spent on statistics and on writing.
    private(set) var elapsed = Duration.zero

    init(folder: String, settings: RunSettings, configText: String) throws {
        let assets = settings.assets.map(\.spec)
        report = ReportBuilder(
            run: RunDescription(
                name: settings.name, strategyType: settings.strategyType, compatibility: settings.compatibility,
                assets: assets, settingsText: configText),
            settings: settings.report)
        spool = try RecordSpool(path: "\(folder)/\(RunFiles.records)", assetCount: assets.count, level: Self.compression)
        fills = try FillsFile(path: "\(folder)/\(RunFiles.fills)", assets: assets)
        orders = try OrdersFile(path: "\(folder)/\(RunFiles.orders)", assets: assets)
    }

    /// Takes what the run has produced since the last call.
    func drain(_ run: StrategyRun, isFinal: Bool = false) throws {
        let started = ContinuousClock.now
        defer { elapsed += started.duration(to: .now) }
        let isNews = recordedSteps < run.steps
        recordedSteps = run.steps
        try run.drainRecords { asset, rows in
            try spool.append(rows, asset: asset)
            for row in rows { try report.add(record: row, asset: asset) }
            recordCount += Int64(rows.count)
            if let first = rows.first, let last = rows.last {
                span = (min(span?.firstNs ?? first.timestampNs, first.timestampNs), max(span?.lastNs ?? last.timestampNs, last.timestampNs))
            }
        }
        for fill in run.backtest.takeFills(isFinal: isFinal) {
            try fills.add(fill)
            try report.add(fill: fill)
        }
        for order in run.backtest.takeOrders() {
            try orders.add(order)
            try report.add(order: order)
        }
        for asset in 0..<run.backtest.assetCount where isNews {
            // One sample a slice: enough for quantiles, and no work a row.
            guard let feed = run.backtest.feedLatency(asset) else { continue }
            try report.add(feedLatencyNs: feed.localNs &- feed.exchangeNs, asset: asset)
        }
    }

    /// Completes the files and adds summary and report.
    func finish(folder: String, digest: String) throws {
        let started = ContinuousClock.now
        defer { elapsed += started.duration(to: .now) }
        try spool.finish()
        try fills.finish()
        try orders.finish()
        try WholeFile.write(report.summaryJSON(digest: digest), to: "\(folder)/\(RunFiles.summary)")
        try WholeFile.write(report.html(digest: digest), to: "\(folder)/\(RunFiles.report)")
    }
}
