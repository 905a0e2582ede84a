import HBTBinance
import HBTTypes

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

    /// What a conditional order waits for; nil when it waits for nothing.
    var trigger: PaperTrigger?

    var isOpen: Bool { !wire.status.isFinal }
    var isBuy: Bool { wire.side == .buy }
}

/// The price at which a conditional order comes to life.
struct PaperTrigger {
    let tick: Int64
    /// Fires at this price and above; otherwise at it and below.
    let isAbove: Bool
    let isByMark: Bool
    let timeInForce: TimeInForce
    /// It becomes a market order.
    let isMarket: Bool

    func fires(at price: Double, tickSize: Double) -> Bool {
        let level = Double(tick) * tickSize
        return isAbove ? price >= level : price <= level
    }
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
