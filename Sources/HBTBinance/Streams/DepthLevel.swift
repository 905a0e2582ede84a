/// One level of a depth message as the doubles nearest to its text: what goes into a book.
@frozen
public struct DepthLevel: Equatable, Sendable {
    /// Quote currency.
    public var price: Double
    /// New total at this price, base currency or contracts; 0 deletes the level.
    public var quantity: Double

    @inlinable public init(price: Double, quantity: Double) {
        self.price = price
        self.quantity = quantity
    }
}
