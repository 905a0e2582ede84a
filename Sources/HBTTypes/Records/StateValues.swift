/// An asset's account as the local side knows it; cumulative since the start.
@frozen
public struct StateValues: Equatable, Sendable {
    /// Signed, base currency (contracts for inverse instruments).
    public var position: Double = 0
    /// Cash; fees are not deducted from it.
    public var balance: Double = 0
    public var fee: Double = 0
    public var numTrades: Int64 = 0
    public var tradingVolume: Double = 0
    public var tradingValue: Double = 0

    @inlinable public init() {}
}
