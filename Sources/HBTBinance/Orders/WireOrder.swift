/// An order as the venue shows it, in responses of all markets and in user-data events.
///
/// Words that strategies never branch on stay text; quantities are base currency (contracts on COIN-M).
public struct WireOrder: Equatable, Sendable {
    public var symbol: String
    /// COIN-M only.
    public var pair: String?
    public var orderId: Int64
    public var clientOrderId: String
    public var side: WireSide
    /// "LIMIT", "MARKET", "LIMIT_MAKER", "STOP_MARKET", …
    public var type: String
    /// What a conditional order was before its trigger; nil when that is `type`.
    public var originalType: String?
    public var timeInForce: String
    public var status: WireOrderStatus
    public var price: WireDecimal
    /// Average price of its executions; 0 before the first. Futures only.
    public var averagePrice: WireDecimal
    public var originalQuantity: WireDecimal
    public var executedQuantity: WireDecimal
    /// Executed value: quote currency, on COIN-M base currency.
    public var cumulativeQuote: WireDecimal
    public var stopPrice: WireDecimal
    /// Trailing stops only: the price from which they follow, and how far behind, in percent.
    public var activatePrice: WireDecimal?
    public var callbackRate: WireDecimal?
    /// Spot: the list that the order belongs to; -1 for none.
    public var listId: Int64
    public var positionSide: String
    public var isReduceOnly: Bool
    public var isClosePosition: Bool
    public var workingType: String
    public var selfTradePrevention: String
    public var goodTillMs: Int64
    /// When the venue accepted it.
    public var timeMs: Int64
    public var updateMs: Int64
    /// Spot: the order is in the book.
    public var isWorking: Bool

    public init(
        symbol: String, pair: String? = nil, orderId: Int64, clientOrderId: String, side: WireSide, type: String = "LIMIT",
        timeInForce: String = "GTC", status: WireOrderStatus = .new, price: WireDecimal, originalQuantity: WireDecimal, timeMs: Int64 = 0
    ) {
        self.symbol = symbol
        self.pair = pair
        self.orderId = orderId
        self.clientOrderId = clientOrderId
        self.side = side
        self.type = type
        self.timeInForce = timeInForce
        self.status = status
        self.price = price
        self.originalQuantity = originalQuantity
        self.timeMs = timeMs
        averagePrice = WireDecimal(mantissa: 0, digits: 2)
        executedQuantity = WireDecimal(mantissa: 0, digits: Int(originalQuantity.digits))
        cumulativeQuote = .zero
        stopPrice = .zero
        activatePrice = nil
        callbackRate = nil
        listId = -1
        positionSide = "BOTH"
        isReduceOnly = false
        isClosePosition = false
        workingType = "CONTRACT_PRICE"
        selfTradePrevention = "NONE"
        goodTillMs = 0
        updateMs = timeMs
        isWorking = true
    }
}

public enum WireSide: String, Sendable {
    case buy = "BUY"
    case sell = "SELL"
}

public enum WireOrderStatus: String, Sendable {
    case new = "NEW"
    case partiallyFilled = "PARTIALLY_FILLED"
    case filled = "FILLED"
    case canceled = "CANCELED"
    case pendingCancel = "PENDING_CANCEL"
    case pendingNew = "PENDING_NEW"
    case rejected = "REJECTED"
    case expired = "EXPIRED"
    case expiredInMatch = "EXPIRED_IN_MATCH"

    /// Nothing more will happen to the order.
    public var isFinal: Bool {
        switch self {
        case .new, .partiallyFilled, .pendingNew, .pendingCancel: false
        case .filled, .canceled, .rejected, .expired, .expiredInMatch: true
        }
    }
}
