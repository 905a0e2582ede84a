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
    /// What a run resumed from a snapshot starts from; none when no snapshots are taken.
    let journal: OutputJournal?
    private(set) var recordCount: Int64 = 0
    private var recordedSteps: Int64 = 0
    private(set) var span: (firstNs: Int64, lastNs: Int64)?
    /// Spent on statistics and on writing.
    private(set) var elapsed = Duration.zero

    init(folder: String, settings: RunSettings, configText: String, journal: OutputJournal? = nil) throws {
        self.journal = journal
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
        try add(OutputBatch(run, isFinal: isFinal))
    }

    func add(_ batch: OutputBatch) throws {
        let started = ContinuousClock.now
        defer { elapsed += started.duration(to: .now) }
        guard !batch.isEmpty else { return }
        try journal?.append(batch)
        for (asset, rows) in batch.records.enumerated() where !rows.isEmpty {
            try spool.append(rows, asset: asset)
            for row in rows { try report.add(record: row, asset: asset) }
            recordCount += Int64(rows.count)
            if let first = rows.first, let last = rows.last {
                span = (min(span?.firstNs ?? first.timestampNs, first.timestampNs), max(span?.lastNs ?? last.timestampNs, last.timestampNs))
            }
        }
        for fill in batch.fills {
            try fills.add(fill)
            try report.add(fill: fill)
        }
        for order in batch.orders {
            try orders.add(order)
            try report.add(order: order)
        }
        for (asset, latencies) in batch.feedLatencies.enumerated() {
            for ns in latencies { try report.add(feedLatencyNs: ns, asset: asset) }
        }
    }

    /// Completes the files and adds summary and report.
    func finish(folder: String, digest: String) throws {
        let started = ContinuousClock.now
        defer { elapsed += started.duration(to: .now) }
        try journal?.finish()
        try spool.finish()
        try fills.finish()
        try orders.finish()
        try WholeFile.write(report.summaryJSON(digest: digest), to: "\(folder)/\(RunFiles.summary)")
        try WholeFile.write(report.html(digest: digest), to: "\(folder)/\(RunFiles.report)")
    }
}
