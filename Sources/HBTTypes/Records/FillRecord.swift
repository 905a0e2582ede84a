/// One execution as it was booked, with what happened afterwards.
@frozen
public struct FillRecord: Equatable, Sendable {
    public static let markoutHorizonsNs: [Int64] = [100_000_000, 1_000_000_000, 10_000_000_000, 60_000_000_000]

    public var assetIndex: Int
    public var orderId: UInt64
    public var side: Side
    public var isMaker: Bool
    public var priceTick: Int64
    /// Quote currency.
    public var price: Double
    public var quantity: Double
    /// Quote currency for linear, base currency for inverse contracts.
    public var fee: Double
    /// When it happened, venue clock.
    public var exchangeNs: Int64
    /// When we learnt of it, our clock.
    public var localNs: Int64
    /// When the order it belongs to was sent, our clock.
    public var orderNs: Int64
    /// Position after booking it.
    public var position: Double
    /// Mid price of the venue's book when it happened; NaN when one-sided.
    public var midAtFill: Double
    /// Mid price 100 ms, 1 s, 10 s and 60 s after, venue clock; NaN when unknown.
    public var midAfter: (Double, Double, Double, Double)

    public init(
        assetIndex: Int, orderId: UInt64, side: Side, isMaker: Bool, priceTick: Int64, price: Double,
        quantity: Double, fee: Double, exchangeNs: Int64, localNs: Int64, orderNs: Int64, position: Double,
        midAtFill: Double = .nan, midAfter: (Double, Double, Double, Double) = (.nan, .nan, .nan, .nan)
    ) {
        self.assetIndex = assetIndex
        self.orderId = orderId
        self.side = side
        self.isMaker = isMaker
        self.priceTick = priceTick
        self.price = price
        self.quantity = quantity
        self.fee = fee
        self.exchangeNs = exchangeNs
        self.localNs = localNs
        self.orderNs = orderNs
        self.position = position
        self.midAtFill = midAtFill
        self.midAfter = midAfter
    }

    public static func == (a: FillRecord, b: FillRecord) -> Bool {
        a.assetIndex == b.assetIndex && a.orderId == b.orderId && a.side == b.side && a.isMaker == b.isMaker
            && a.priceTick == b.priceTick && a.price == b.price && a.quantity == b.quantity && a.fee == b.fee
            && a.exchangeNs == b.exchangeNs && a.localNs == b.localNs && a.orderNs == b.orderNs
            && a.position == b.position && a.midAtFill == b.midAtFill && a.midAfter == b.midAfter
    }
}
