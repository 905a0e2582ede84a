/// An order as one side of the wire knows it; also the message on both buses.
///
/// Prices are tick numbers (`price = priceTick × tickSize`), quantities base currency
/// (contracts for inverse instruments).
@frozen
public struct Order: Equatable, Sendable {
    public var orderId: UInt64
    public var priceTick: Int64
    /// Quantity asked for.
    public var quantity: Double
    /// Quantity still open.
    public var leavesQuantity: Double
    /// Price tick of the last execution.
    public var executedPriceTick: Int64
    /// Quantity of the last execution.
    public var executedQuantity: Double
    /// Venue time of the last change; 0 before the venue has answered.
    public var exchangeNs: Int64
    /// When the request this order answers was sent, our clock.
    public var localNs: Int64
    /// Quantity estimated ahead of us in the queue (simulated exchange only).
    public var queueAhead: Double
    /// Traded at our price since the last depth change (simulated exchange only).
    public var queueTraded: Double
    /// Number of the simulated execution this message reports; 0 when it reports none.
    public var executionId: UInt64
    public var side: Side
    public var type: OrderType
    public var timeInForce: TimeInForce
    public var status: OrderStatus
    /// Pending request: `.none`, `.new`, `.canceled`, `.replaced`, or `.rejected` in a message.
    public var request: OrderStatus
    /// True when the last execution was passive.
    public var isMaker: Bool

    public init(
        orderId: UInt64, side: Side, type: OrderType = .limit, timeInForce: TimeInForce = .gtc,
        priceTick: Int64, quantity: Double, localNs: Int64 = 0
    ) {
        self.orderId = orderId
        self.side = side
        self.type = type
        self.timeInForce = timeInForce
        self.priceTick = priceTick
        self.quantity = quantity
        self.leavesQuantity = quantity
        self.executedPriceTick = 0
        self.executedQuantity = 0
        self.exchangeNs = 0
        self.localNs = localNs
        self.queueAhead = 0
        self.queueTraded = 0
        self.executionId = 0
        self.status = .none
        self.request = .none
        self.isMaker = false
    }

    /// Live at the venue as far as we know, with no request pending: may be cancelled.
    @inlinable public var isCancellable: Bool {
        (status == .new || status == .partiallyFilled) && request == .none
    }

    /// Finished: expired, filled or cancelled.
    @inlinable public var isInactive: Bool {
        status == .expired || status == .filled || status == .canceled
    }
}
