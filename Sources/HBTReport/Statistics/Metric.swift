/// A figure of the summary table; raw values are the class names of HftBacktest's `stats.metrics`.
///
/// Formulas: HftBacktest 2.4.4, `py-hftbacktest/hftbacktest/stats/metrics.py`.
public enum Metric: String, Equatable, Sendable, CaseIterable {
    case sr = "SR"
    case sortino = "Sortino"
    case ret = "Ret"
    case annualRet = "AnnualRet"
    case maxDrawdown = "MaxDrawdown"
    case dailyNumberOfTrades = "DailyNumberOfTrades"
    case numberOfTrades = "NumberOfTrades"
    case dailyTradingVolume = "DailyTradingVolume"
    case tradingVolume = "TradingVolume"
    case dailyTradingValue = "DailyTradingValue"
    case tradingValue = "TradingValue"
    case returnOverMDD = "ReturnOverMDD"
    case returnOverTrade = "ReturnOverTrade"
    case maxPositionValue = "MaxPositionValue"
    case meanPositionValue = "MeanPositionValue"
    case medianPositionValue = "MedianPositionValue"
    /// Not a number without a book size.
    case maxLeverage = "MaxLeverage"

    /// What HftBacktest reports when asked for nothing in particular, in its order.
    public static let defaults: [Metric] = [
        .sr, .sortino, .ret, .maxDrawdown, .dailyNumberOfTrades, .dailyTradingValue, .returnOverMDD,
        .returnOverTrade, .maxPositionValue,
    ]

    /// The name in the summary; turnover is trading value in units of the book size.
    public func name(hasBookSize: Bool) -> String {
        switch self {
        case .ret: "Return"
        case .annualRet: "AnnualReturn"
        case .tradingValue: hasBookSize ? "Turnover" : rawValue
        case .dailyTradingValue: hasBookSize ? "DailyTurnover" : rawValue
        default: rawValue
        }
    }
}
