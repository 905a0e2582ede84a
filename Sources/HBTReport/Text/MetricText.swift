import HBTTypes

/// A metric as people call it and read it.
struct MetricText {
    let metric: Metric
    let settings: ReportSettings
    let moneyUnit: String

    private var inBooks: Bool { settings.bookSize != nil }

    var label: String {
        switch metric {
        case .sr: "Sharpe ratio"
        case .sortino: "Sortino ratio"
        case .ret: "Return"
        case .annualRet: "Annual return"
        case .maxDrawdown: "Max drawdown"
        case .dailyNumberOfTrades: "Trades per day"
        case .numberOfTrades: "Trades"
        case .dailyTradingVolume: "Volume per day"
        case .tradingVolume: "Volume"
        case .dailyTradingValue: inBooks ? "Turnover per day" : "Traded value per day"
        case .tradingValue: inBooks ? "Turnover" : "Traded value"
        case .returnOverMDD: "Return / max drawdown"
        case .returnOverTrade: "Return / traded value"
        case .maxPositionValue: "Max position value"
        case .meanPositionValue: "Mean position value"
        case .medianPositionValue: "Median position value"
        case .maxLeverage: "Max leverage"
        }
    }

    /// For the heads of narrow columns.
    var shortLabel: String {
        switch metric {
        case .sr: "SR"
        case .sortino: "Sortino"
        case .maxDrawdown: "Max DD"
        case .dailyNumberOfTrades: "Trades/d"
        case .dailyTradingValue: inBooks ? "Turnover/d" : "Value/d"
        case .returnOverMDD: "Ret/MDD"
        case .returnOverTrade: "Ret/value bps"
        case .maxPositionValue: "Max position"
        default: label
        }
    }

    /// What the number is counted in; empty for pure ratios.
    var unit: String {
        switch metric {
        case .sr, .sortino: "annualised, \(NumberText.trimmed(settings.tradingDaysPerYear, 2)) d"
        case .ret, .annualRet, .maxDrawdown: inBooks ? "of book" : moneyUnit
        case .dailyNumberOfTrades, .numberOfTrades, .returnOverMDD: ""
        case .dailyTradingVolume, .tradingVolume: "base"
        case .dailyTradingValue, .tradingValue: inBooks ? "books" : moneyUnit
        case .returnOverTrade: "bps"
        case .maxPositionValue, .meanPositionValue, .medianPositionValue: "position × price"
        case .maxLeverage: "books"
        }
    }

    func text(_ value: Double) -> String {
        switch metric {
        case .ret, .annualRet, .maxDrawdown: inBooks ? NumberText.percent(value) : NumberText.readable(value)
        case .numberOfTrades: NumberText.fixed(value, 0)
        case .returnOverTrade: NumberText.readable(value * 1e4)
        case .maxLeverage: NumberText.readable(value) + "×"
        default: NumberText.readable(value)
        }
    }
}
