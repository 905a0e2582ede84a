/// One settings file, typed: what a backtest or a live run is.
public struct RunSettings: Sendable {
    public var name: String
    public var compatibility: Compatibility
    public var assets: [AssetSettings]
    /// The strategy's registered type name.
    public var strategyType: String
    /// The `[strategy]` table without `type`; read by the strategy itself, which refuses unknown keys.
    public var strategy: SettingsTable
    public var record: RecordSettings
    public var report: ReportSettings
    /// The settings file itself.
    public var file: String
    /// `[graph]` with `[[nodes]]`, or `[factor_engine]`, as the root of a file with nothing else; read by
    /// the factor engine, which refuses unknown keys. nil for none.
    public var factors: SettingsTable?
    /// What the strategy waits for before its first step.
    public var warmup: WarmupSettings?
    /// `[venue]` and `[risk]`, for live runs; read there, and unknown keys refused.
    public var venue: SettingsTable?
    public var risk: SettingsTable?

    public init(
        name: String, compatibility: Compatibility, assets: [AssetSettings], strategyType: String,
        strategy: SettingsTable, record: RecordSettings, report: ReportSettings, file: String,
        factors: SettingsTable? = nil, warmup: WarmupSettings? = nil
    ) {
        self.factors = factors
        self.warmup = warmup
        self.name = name
        self.compatibility = compatibility
        self.assets = assets
        self.strategyType = strategyType
        self.strategy = strategy
        self.record = record
        self.report = report
        self.file = file
    }
}

/// One `[[asset]]` table.
public struct AssetSettings: Sendable {
    /// What the engine needs. For feed-derived latency the model is `.interpolated` and
    /// `latencySource` says how its rows are made.
    public var spec: AssetSpec
    /// Data files in order; absolute paths.
    public var dataFiles: [String]
    public var initialSnapshotFile: String?
    /// Mark prices and funding, in order; absolute paths.
    public var markFiles: [String] = []
    public var latencySource: LatencySettings
    /// Where `data` stands, for messages.
    public var dataLocation: SourceLocation

    public init(
        spec: AssetSpec, dataFiles: [String], initialSnapshotFile: String?, latencySource: LatencySettings,
        dataLocation: SourceLocation
    ) {
        self.spec = spec
        self.dataFiles = dataFiles
        self.initialSnapshotFile = initialSnapshotFile
        self.latencySource = latencySource
        self.dataLocation = dataLocation
    }
}

/// Where order latency rows come from.
public enum LatencySettings: Equatable, Sendable {
    case constant
    /// Order-latency files in order; absolute paths.
    case files([String])
    /// Made from the feed's own latency, per data file (semantics: synthetic order latency):
    /// f = local − exchange of the last row in each window; entry = f × entryMultiplier + entryOffsetNs,
    /// response likewise.
    case feed(FeedLatencySettings)
}

public struct FeedLatencySettings: Equatable, Sendable {
    public var entryMultiplier: Double
    public var entryOffsetNs: Int64
    public var responseMultiplier: Double
    public var responseOffsetNs: Int64
    public var resamplingNs: Int64

    public init(
        entryMultiplier: Double = 1, entryOffsetNs: Int64 = 0, responseMultiplier: Double = 1,
        responseOffsetNs: Int64 = 0, resamplingNs: Int64 = 1_000_000_000
    ) {
        self.entryMultiplier = entryMultiplier
        self.entryOffsetNs = entryOffsetNs
        self.responseMultiplier = responseMultiplier
        self.responseOffsetNs = responseOffsetNs
        self.resamplingNs = resamplingNs
    }
}

/// The `[record]` table: when an account row is written.
public enum RecordSettings: Equatable, Sendable {
    /// After every strategy step.
    case step
    /// Every so many nanoseconds of simulated time, at the first strategy step on or after each multiple.
    case every(ns: Int64)
}

/// The `[report]` table: how statistics are taken.
public struct ReportSettings: Equatable, Sendable {
    public enum Partition: String, Equatable, Sendable, CaseIterable {
        case hourly, daily, monthly
    }
    /// Sampling window of the statistics; nil takes every row.
    public var resampleNs: Int64?
    public var partition: Partition?
    /// Capital, quote currency (base currency for inverse contracts); nil reports raw money.
    public var bookSize: Double?
    /// Days per year in annualised figures; crypto trades on all 365, HftBacktest's default is 252.
    public var tradingDaysPerYear: Double

    public init(
        resampleNs: Int64? = 10_000_000_000, partition: Partition? = nil, bookSize: Double? = nil,
        tradingDaysPerYear: Double = 252
    ) {
        self.resampleNs = resampleNs
        self.partition = partition
        self.bookSize = bookSize
        self.tradingDaysPerYear = tradingDaysPerYear
    }
}
