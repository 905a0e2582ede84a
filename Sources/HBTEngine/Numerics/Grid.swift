import HBTTypes

/// The price and quantity grid of one instrument.
///
/// `tick = round(price / tickSize)` by division, never by a reciprocal: the last bit decides ties.
@frozen
public struct Grid: Equatable, Sendable {
    public let tickSize: Double
    public let lotSize: Double

    public init(tickSize: Double, lotSize: Double) {
        self.tickSize = tickSize
        self.lotSize = lotSize
    }

    @inline(__always) public func tick(_ price: Double) -> Int64 { roundedInt(price / tickSize) }
    @inline(__always) public func lots(_ quantity: Double) -> Int64 { roundedInt(quantity / lotSize) }
    /// The nearest multiple of the lot size.
    func inWholeLots(_ quantity: Double) -> Double { LotValue.decimal(lotSize)(lots(quantity)) }
    @inline(__always) public func price(_ tick: Int64) -> Double { Double(tick) * tickSize }
}
