/// When a position is taken away: isolated margin, a simplification of what venues do (docs/formats.md says how).
public struct MarginSpec: Equatable, Sendable {
    /// Value of a position per its margin; at least 1.
    public var leverage: Double
    /// Share of the position's value that its margin, profit included, must not fall to.
    public var maintenance: Double
    /// Charged on the value at which it is taken away.
    public var fee: Double

    public init(leverage: Double, maintenance: Double, fee: Double = 0) {
        self.leverage = leverage
        self.maintenance = maintenance
        self.fee = fee
    }

    /// The order id of fills by which a position was taken away.
    public static let liquidationOrderId = UInt64.max
}
