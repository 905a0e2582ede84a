/// One row of market data, in HftBacktest's 64-byte layout (little endian).
///
/// Two clocks: `exchangeNs` is when the venue says it happened, `localNs` when it reached us.
/// `price` is in quote currency, `quantity` in base currency (the new total of a level for depth,
/// the traded size for trades).
@frozen
public struct MarketEvent: Equatable, Sendable {
    /// Type in the low 8 bits plus flag bits; see `EventFlags`.
    public var ev: UInt64
    /// Nanoseconds since the Unix epoch, venue clock.
    public var exchangeNs: Int64
    /// Nanoseconds since the Unix epoch, our clock on receipt.
    public var localNs: Int64
    public var price: Double
    public var quantity: Double
    /// Order id of the venue; order-level (L3) feeds only.
    public var orderId: UInt64
    public var ival: Int64
    public var fval: Double

    @inlinable
    public init(
        ev: UInt64, exchangeNs: Int64, localNs: Int64, price: Double, quantity: Double,
        orderId: UInt64 = 0, ival: Int64 = 0, fval: Double = 0
    ) {
        self.ev = ev
        self.exchangeNs = exchangeNs
        self.localNs = localNs
        self.price = price
        self.quantity = quantity
        self.orderId = orderId
        self.ival = ival
        self.fval = fval
    }

    /// The type alone (low 8 bits of `ev`); one of `EventKind`'s constants or an unknown value.
    @inlinable public var kind: UInt8 { UInt8(truncatingIfNeeded: ev) }

    /// True when all bits of `flags` are set.
    @inlinable public func has(_ flags: UInt64) -> Bool { ev & flags == flags }
}
