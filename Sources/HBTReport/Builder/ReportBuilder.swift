import HBTTypes

/// A run's records, fills and orders in; statistics, `summary.json`, terminal table and HTML out.
///
/// Feed it while the run goes or from files afterwards; order matters within each stream only.
/// Memory does not grow with the length of the run, except by one number per resampled window (for
/// the median position) and one line per partition. Equal input gives equal bytes.
public final class ReportBuilder {
    let run: RunDescription
    let settings: ReportSettings
    private(set) var assets: [AssetReport]
    /// The stretch in which the strategy was not called yet, local time; `untilNs` nil when it never was.
    /// nil when the run did not wait.
    public var warmUp: (fromNs: Int64, untilNs: Int64?)?
    /// What took the place of the warm start that was asked for; nil when that was had.
    public var warmStart: (instead: String, reasons: [String])?

    public init(run: RunDescription, settings: ReportSettings) {
        self.run = run
        self.settings = settings
        assets = run.assets.map { AssetReport(spec: $0, settings: settings, assetCount: run.assets.count) }
    }

    /// The next account row of an asset, in time order.
    ///
    /// - Throws: `ReportError` when the asset does not exist or time went back; the row is not counted.
    public func add(record: RecordRow, asset: Int) throws(ReportError) {
        try check(asset)
        try assets[asset].add(record)
    }

    /// A fill, once what happened after it is known.
    public func add(fill: FillRecord) throws(ReportError) {
        try check(fill.assetIndex)
        assets[fill.assetIndex].add(fill)
    }

    /// The next line of the order log, in the order it happened.
    public func add(order: OrderRecord) throws(ReportError) {
        try check(order.assetIndex)
        assets[order.assetIndex].add(order)
    }

    /// A measured feed latency (local − exchange time of a market row); optional.
    public func add(feedLatencyNs: Int64, asset: Int) throws(ReportError) {
        try check(asset)
        assets[asset].add(feedLatencyNs: feedLatencyNs)
    }

    /// Statistics of what has been added so far.
    public func statistics(asset: Int) throws(ReportError) -> Statistics {
        try check(asset)
        return assets[asset].statistics.finish()
    }

    /// Mean markouts of the fills so far.
    public func markouts(asset: Int) throws(ReportError) -> [MarkoutRow] {
        try check(asset)
        return assets[asset].markouts.rows
    }

    /// The report as one HTML file that opens offline.
    ///
    /// - Parameter digest: The run's digest as text.
    public func html(digest: String) -> String { ReportPage(report: self, digest: digest).html }

    /// `summary.json`: fixed key order, doubles shortest round-trip, NaN and ±∞ as strings.
    public func summaryJSON(digest: String) -> String { SummaryWriter(report: self, digest: digest).json }

    /// The summary as aligned text for a terminal; no newline at the end.
    public func table() -> String { SummaryTable(report: self).text }

    private func check(_ asset: Int) throws(ReportError) {
        guard assets.indices.contains(asset) else { throw .unknownAsset(index: asset, count: assets.count) }
    }
}
