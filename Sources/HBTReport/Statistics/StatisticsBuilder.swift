import HBTTypes

/// Records in, statistics out, one row at a time.
///
/// Memory does not grow with the rows: samples are kept only with `keepSamples`, and one number per
/// sample for the median, when it is asked for.
public struct StatisticsBuilder: Sendable {
    private let settings: StatisticsSettings
    private let keepSamples: Bool

    private var whole: MetricAccumulator
    private var part: MetricAccumulator
    private var partKey: Int64?
    private var parts: [SummaryRow] = []
    private var samples: [ResampledSample] = []

    /// The open window; closed by the first row after it.
    private var window: ResampledSample?
    private var previous: RecordRow?
    private var rowCount = 0

    public init(settings: StatisticsSettings, keepSamples: Bool = false) {
        self.settings = settings
        self.keepSamples = keepSamples
        whole = MetricAccumulator(metrics: settings.metrics)
        part = whole
    }

    /// Takes the next row of the record, in time order.
    ///
    /// - Throws: `ReportError.timeWentBackwards` when it is earlier than the one before; the row is not counted.
    public mutating func add(_ row: RecordRow) throws(ReportError) {
        if let previous, row.timestampNs < previous.timestampNs {
            throw .timeWentBackwards(row: rowCount, previousNs: previous.timestampNs, currentNs: row.timestampNs)
        }
        rowCount += 1
        // The cumulative values of the first row belong to whatever went before the record.
        let before = previous ?? row
        previous = row
        let label = label(row.timestampNs)
        var next = ResampledSample(
            timestampNs: label, price: row.price, position: row.position, balance: row.balance, fee: row.fee,
            numTrades: row.numTrades, tradingVolume: row.tradingVolume, tradingValue: row.tradingValue,
            windowNumTrades: row.numTrades &- before.numTrades,
            windowTradingVolume: row.tradingVolume - before.tradingVolume,
            windowTradingValue: row.tradingValue - before.tradingValue,
            equityWithoutFee: settings.contract.equityWithoutFee(
                balance: row.balance, position: row.position, price: row.price))
        if let window {
            if resampled && window.timestampNs == label {
                next.windowNumTrades &+= window.windowNumTrades
                next.windowTradingVolume += window.windowTradingVolume
                next.windowTradingValue += window.windowTradingValue
            } else {
                close(window)
            }
        }
        window = next
    }

    /// The statistics of all rows so far; more rows may follow.
    public func finish() -> Statistics {
        var copy = self
        if let window { copy.close(window) }
        guard copy.whole.count > 0 else { return Statistics(settings: settings, summary: [], samples: []) }
        if copy.partKey != nil { copy.parts.append(copy.part.row(settings)) }
        return Statistics(
            settings: settings, summary: copy.parts + [copy.whole.row(settings)], samples: copy.samples)
    }

    private var resampled: Bool { (settings.resampleNs ?? 0) > 0 }

    private func label(_ ns: Int64) -> Int64 {
        guard let width = settings.resampleNs, width > 0 else { return ns }
        return CalendarUTC.floorDivide(ns, width) &* width
    }

    private mutating func close(_ sample: ResampledSample) {
        if let partition = settings.partition {
            let key = CalendarUTC.key(ns: sample.timestampNs, partition: partition)
            if let partKey, partKey != key {
                parts.append(part.row(settings))
                part = MetricAccumulator(metrics: settings.metrics)
            }
            partKey = key
            part.add(sample)
        }
        whole.add(sample)
        if keepSamples { samples.append(sample) }
    }
}
