/// One window of the resampled account: the last row in it, and what was traded in it.
public struct ResampledSample: Equatable, Sendable {
    /// Column names and order of HftBacktest's resampled frame; see `columns`.
    public static let columnNames = [
        "timestamp", "price", "position", "balance", "fee", "num_trades", "trading_volume", "trading_value",
        "num_trades_", "trading_volume_", "equity_wo_fee", "trading_value_",
    ]

    /// Start of the window; the row's own time when nothing is resampled.
    public var timestampNs: Int64
    public var price: Double
    public var position: Double
    public var balance: Double
    public var fee: Double
    /// Cumulative since the start of the run, as in the record.
    public var numTrades: Int64
    public var tradingVolume: Double
    public var tradingValue: Double
    /// Within the window.
    public var windowNumTrades: Int64
    public var windowTradingVolume: Double
    public var windowTradingValue: Double
    public var equityWithoutFee: Double

    public var equity: Double { equityWithoutFee - fee }

    /// The values under `columnNames` after the timestamp.
    public var columns: [Double] {
        [
            price, position, balance, fee, Double(numTrades), tradingVolume, tradingValue,
            Double(windowNumTrades), windowTradingVolume, equityWithoutFee, windowTradingValue,
        ]
    }
}
