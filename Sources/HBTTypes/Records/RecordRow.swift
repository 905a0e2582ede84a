/// One sample of an asset's account: HftBacktest's Recorder row (64 bytes).
@frozen
public struct RecordRow: Equatable, Sendable {
    /// Simulated time, nanoseconds since the Unix epoch.
    public var timestampNs: Int64
    /// (best bid + best ask) / 2 of the local book; NaN when a side is empty.
    public var price: Double
    public var position: Double
    public var balance: Double
    public var fee: Double
    public var numTrades: Int64
    public var tradingVolume: Double
    public var tradingValue: Double

    public init(
        timestampNs: Int64, price: Double, position: Double, balance: Double, fee: Double,
        numTrades: Int64, tradingVolume: Double, tradingValue: Double
    ) {
        self.timestampNs = timestampNs
        self.price = price
        self.position = position
        self.balance = balance
        self.fee = fee
        self.numTrades = numTrades
        self.tradingVolume = tradingVolume
        self.tradingValue = tradingValue
    }
}
