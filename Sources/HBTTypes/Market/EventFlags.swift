/// Flag bits of `MarketEvent.ev` (HftBacktest's values).
public enum EventFlags {
    /// Processed by the exchange side at `exchangeNs`.
    public static let exchange: UInt64 = 0x8000_0000
    /// Processed by the local side at `localNs`.
    public static let local: UInt64 = 0x4000_0000
    /// Bid side (depth) or buyer-initiated (trade).
    public static let buy: UInt64 = 0x2000_0000
    /// Ask side (depth) or seller-initiated (trade).
    public static let sell: UInt64 = 0x1000_0000
}

/// Event types: the low 8 bits of `MarketEvent.ev`.
public enum EventKind {
    /// A level is set to the given total quantity; 0 deletes it.
    public static let depth: UInt8 = 1
    public static let trade: UInt8 = 2
    /// A side is cleared up to the price, or both sides.
    public static let depthClear: UInt8 = 3
    /// One level of a snapshot; handled like `depth`.
    public static let depthSnapshot: UInt8 = 4
    /// Best bid or offer update; ignored by the backtest.
    public static let depthBBO: UInt8 = 5
    public static let addOrder: UInt8 = 10
    public static let cancelOrder: UInt8 = 11
    public static let modifyOrder: UInt8 = 12
    public static let fill: UInt8 = 13
    /// Written by the Binance converter's options; ignored by the engine.
    public static let indexPrice: UInt8 = 100
    public static let markPrice: UInt8 = 101
    public static let fundingRate: UInt8 = 102
    public static let bestBid: UInt8 = 103
    public static let bestAsk: UInt8 = 104
}
