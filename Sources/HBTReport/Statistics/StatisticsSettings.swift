import HBTTypes

/// How one asset's records become statistics.
public struct StatisticsSettings: Equatable, Sendable {
    public var contract: ContractSpec
    /// Sampling window, nanoseconds, aligned to the epoch; nil takes every row. Values below 1 count as nil.
    public var resampleNs: Int64?
    public var partition: ReportSettings.Partition?
    /// Capital; nil reports raw money.
    public var bookSize: Double?
    public var tradingDaysPerYear: Double
    /// In the order in which they are reported.
    public var metrics: [Metric]

    public init(
        contract: ContractSpec, resampleNs: Int64? = 10_000_000_000, partition: ReportSettings.Partition? = nil,
        bookSize: Double? = nil, tradingDaysPerYear: Double = 252, metrics: [Metric] = Metric.defaults
    ) {
        self.contract = contract
        self.resampleNs = resampleNs
        self.partition = partition
        self.bookSize = bookSize
        self.tradingDaysPerYear = tradingDaysPerYear
        self.metrics = metrics
    }

    public init(contract: ContractSpec, report: ReportSettings, metrics: [Metric] = Metric.defaults) {
        self.init(
            contract: contract, resampleNs: report.resampleNs, partition: report.partition,
            bookSize: report.bookSize, tradingDaysPerYear: report.tradingDaysPerYear, metrics: metrics)
    }
}

extension ContractSpec {
    /// Account value of a record row before fees: what the position would fetch at `price`.
    ///
    /// The order of the operations is HftBacktest's, so that the last bit agrees.
    func equityWithoutFee(balance: Double, position: Double, price: Double) -> Double {
        switch self {
        case .linear(let size): balance + position * price * size
        case .inverse(let size): -balance - position / price * size
        }
    }
}
