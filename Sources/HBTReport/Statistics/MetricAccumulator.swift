import HBTTypes

/// Running state behind every metric of one stretch of samples.
///
/// Nothing is kept per sample except, when the median is asked for, one number: everything else
/// needs only sums and extremes.
struct MetricAccumulator {
    private let keepsPositionValues: Bool
    private(set) var count = 0
    private(set) var firstNs: Int64 = 0
    private(set) var lastNs: Int64 = 0
    private var secondNs: Int64 = 0

    private var previousEquity = Double.nan
    private var firstEquity = Double.nan
    private var lastEquity = Double.nan
    private var peakEquity = Double.nan
    /// Most negative equity − peak; NaN until there is an equity.
    private var deepest = Double.nan

    private var changeCount = 0
    /// First equity change: the others are summed relative to it, so that a constant change has
    /// exactly no deviation (and the Sharpe ratio is infinite, as upstream says).
    private var firstChange = 0.0
    private var shiftedChanges = CompensatedSum()
    private var shiftedSquares = CompensatedSum()
    private var changes = CompensatedSum()
    private var downsideSquares = CompensatedSum()

    private var numTrades: Int64 = 0
    private var tradingVolume = CompensatedSum()
    private var tradingValue = CompensatedSum()
    private var maxPositionValue = Double.nan
    private var positionValues = CompensatedSum()
    private var hasUnknownPositionValue = false
    private var keptPositionValues: [Double] = []

    init(metrics: [Metric]) { keepsPositionValues = metrics.contains(.medianPositionValue) }

    mutating func add(_ sample: ResampledSample) {
        if count == 0 { firstNs = sample.timestampNs }
        if count == 1 { secondNs = sample.timestampNs }
        lastNs = sample.timestampNs
        count += 1
        addEquity(sample.equity)
        numTrades &+= sample.windowNumTrades
        tradingVolume.add(sample.windowTradingVolume)
        tradingValue.add(sample.windowTradingValue)

        let positionValue = abs(sample.position) * sample.price
        maxPositionValue = Double.maximum(maxPositionValue, positionValue)
        if positionValue.isNaN { hasUnknownPositionValue = true } else { positionValues.add(positionValue) }
        if keepsPositionValues { keptPositionValues.append(positionValue) }
    }

    private mutating func addEquity(_ equity: Double) {
        let change = equity - previousEquity
        previousEquity = equity
        if !change.isNaN {
            if changeCount == 0 { firstChange = change }
            changeCount += 1
            let shifted = change - firstChange
            changes.add(change)
            shiftedChanges.add(shifted)
            shiftedSquares.add(product: shifted, shifted)
            if change < 0 { downsideSquares.add(product: change, change) }
        }
        guard !equity.isNaN else { return }
        if firstEquity.isNaN { firstEquity = equity }
        lastEquity = equity
        peakEquity = Double.maximum(peakEquity, equity)
        deepest = Double.minimum(deepest, equity - peakEquity)
    }

    func row(_ settings: StatisticsSettings) -> SummaryRow {
        SummaryRow(
            startNs: firstNs, endNs: lastNs, sampleCount: count,
            values: settings.metrics.map {
                .init(name: $0.name(hasBookSize: settings.bookSize != nil), value: value(of: $0, settings))
            })
    }

    private func value(of metric: Metric, _ settings: StatisticsSettings) -> Double {
        let book = settings.bookSize ?? 1
        switch metric {
        case .sr: return meanChange / deviation * annualisation(settings)
        case .sortino: return meanChange / downsideDeviation * annualisation(settings)
        case .ret: return profit / book
        case .annualRet: return profit / book / days * settings.tradingDaysPerYear
        case .maxDrawdown: return abs(deepest / book)
        case .dailyNumberOfTrades: return Double(numTrades) / days
        case .numberOfTrades: return Double(numTrades)
        case .dailyTradingVolume: return tradingVolume.value / days
        case .tradingVolume: return tradingVolume.value
        case .dailyTradingValue: return tradingValue.value / book / days
        case .tradingValue: return tradingValue.value / book
        case .returnOverMDD: return profit / abs(deepest)
        case .returnOverTrade: return profit / tradingValue.value
        case .maxPositionValue: return maxPositionValue
        case .meanPositionValue: return hasUnknownPositionValue ? .nan : positionValues.value / Double(count)
        case .medianPositionValue: return medianPositionValue
        case .maxLeverage: return settings.bookSize.map { maxPositionValue / $0 } ?? .nan
        }
    }

    private var profit: Double { lastEquity - firstEquity }
    private var meanChange: Double { changes.value / Double(changeCount) }
    private var downsideDeviation: Double { (downsideSquares.value / Double(changeCount)).squareRoot() }

    /// Sample standard deviation; NaN below two changes, where upstream raises.
    private var deviation: Double {
        guard changeCount > 1 else { return .nan }
        let n = Double(changeCount), sum = shiftedChanges.value
        return (max(0, shiftedSquares.value - sum / n * sum) / (n - 1)).squareRoot()
    }

    /// √(samples a day × days a year). The first interval stands for all of them, as upstream.
    private func annualisation(_ settings: StatisticsSettings) -> Double {
        guard count > 1 else { return .nan }
        let samplesPerDay = 86_400 / Self.seconds(from: firstNs, to: secondNs)
        return (samplesPerDay * settings.tradingDaysPerYear).squareRoot()
    }

    private var days: Double { Self.seconds(from: firstNs, to: lastNs) / 86_400 }

    /// Upstream's clock here is Python's, which counts whole microseconds.
    private static func seconds(from start: Int64, to end: Int64) -> Double {
        Double(CalendarUTC.floorDivide(end, 1_000) - CalendarUTC.floorDivide(start, 1_000)) / 1e6
    }

    /// Upper half of the values includes those that are NaN, as in polars' sort order.
    private var medianPositionValue: Double {
        guard !keptPositionValues.isEmpty else { return .nan }
        let sorted = keptPositionValues.sorted { $1.isNaN ? !$0.isNaN : $0 < $1 }
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }
}
