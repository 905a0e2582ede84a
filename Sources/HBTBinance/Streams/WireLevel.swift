/// One price level of a depth message.
@frozen
public struct WireLevel: Equatable, Sendable {
    public var price: WireDecimal
    /// The level's new total; 0 deletes it.
    public var quantity: WireDecimal

    @inlinable
    public init(price: WireDecimal, quantity: WireDecimal) {
        self.price = price
        self.quantity = quantity
    }
}
