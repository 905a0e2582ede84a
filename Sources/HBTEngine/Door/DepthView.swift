import HBTTypes

/// The top of a book as the local side sees it.
public struct DepthView: Equatable, Sendable {
    /// `Int64.min` when there is no bid.
    public var bestBidTick: Int64
    /// `Int64.max` when there is no ask.
    public var bestAskTick: Int64
    /// Quote currency; NaN when the side is empty.
    public var bestBid: Double
    public var bestAsk: Double
    public var bestBidQuantity: Double
    public var bestAskQuantity: Double

    /// (best bid + best ask) / 2, quote currency; NaN when a side is empty.
    public var mid: Double { (bestBid + bestAsk) / 2.0 }
    /// Both sides hold a level.
    public var isTwoSided: Bool { bestBidTick != .min && bestAskTick != .max }
}
