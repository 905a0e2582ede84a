import HBTBinance

/// An order and what belongs to it on our side of the wire.
struct PaperOrder {
    var wire: WireOrder
    let account: Int
    let book: Int
    var priceTick: Int64
    var lots: Int64
    var filledLots: Int64 = 0
    /// Sum of price × lots over its executions, in ticks.
    var filledTickLots: Int64 = 0
    /// Inverse contracts: sum of lots ÷ price.
    var filledBase = 0.0
    /// Spot: what the order still holds, in the asset it gives.
    var held = Money.zero
    /// Executions, for the answer to a spot order.
    var fills: [SpotFill] = []

    var isOpen: Bool { !wire.status.isFinal }
    var isBuy: Bool { wire.side == .buy }
}

/// An execution as `userTrades` and `myTrades` list it.
struct PaperFill {
    var account: Int
    var book: Int
    var id: Int64
    var orderId: Int64
    var side: WireSide
    var price: WireDecimal
    var quantity: WireDecimal
    var quote: Money
    var commission: Money
    var commissionAsset: String
    var realized: Money
    var isMaker: Bool
    var timeMs: Int64
}
