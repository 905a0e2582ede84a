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
    var positionSide: PositionSide { PositionSide(rawValue: wire.positionSide) ?? .both }
}

/// The price at which a conditional order comes to life.
struct PaperTrigger {
    /// Of a trailing stop: where it starts to follow.
    let tick: Int64
    /// Fires at this price and above; otherwise at it and below.
    let isAbove: Bool
    let isByMark: Bool
    let timeInForce: TimeInForce
    /// It becomes a market order.
    let isMarket: Bool
    /// Of a trailing stop, as a share of the price; nil for any other.
    var trail: Double?
    /// Of a trailing stop: the best price since it follows; nil before it does.
    private(set) var best: Double?

    init(tick: Int64, isAbove: Bool, isByMark: Bool, timeInForce: TimeInForce, isMarket: Bool, trail: Double? = nil) {
        self.tick = tick
        self.isAbove = isAbove
        self.isByMark = isByMark
        self.timeInForce = timeInForce
        self.isMarket = isMarket
        self.trail = trail
    }

    /// A trailing stop looks at a price: it starts to follow, or follows.
    mutating func follow(_ price: Double, tickSize: Double) {
        guard trail != nil else { return }
        let level = Double(tick) * tickSize
        // A stop that buys follows the price down, and starts at its level or below.
        if let known = best { best = isAbove ? min(known, price) : max(known, price) } else if isAbove ? price <= level : price >= level { best = price }
    }

    func fires(at price: Double, tickSize: Double) -> Bool {
        if let trail {
            guard let best else { return false }
            return isAbove ? price >= best * (1 + trail) : price <= best * (1 - trail)
        }
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
    var positionSide: PositionSide
    var price: WireDecimal
    var quantity: WireDecimal
    var quote: Money
    var commission: Money
    var commissionAsset: String
    var realized: Money
    var isMaker: Bool
    var timeMs: Int64
}
