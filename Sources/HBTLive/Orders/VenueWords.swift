import HBTTypes

/// A line of the venue's user stream about one order, prices in ticks.
public struct ExecutionReport: Equatable, Sendable {
    public enum Kind: Equatable, Sendable { case new, trade, cancelled, rejected, expired, amended }
    public var kind: Kind
    public var clientId: String
    public var asset: Int
    public var priceTick: Int64
    /// Whole quantity of the order.
    public var quantity: Double
    /// Executed so far, as of this report.
    public var executed: Double
    /// Of `trade`.
    public var tradeId: Int64
    public var tradeTick: Int64
    public var tradeQuantity: Double
    public var isMaker: Bool
    /// What the venue charged; nil when it does not say (or in another currency).
    public var fee: Double?
    public var exchangeNs: Int64

    public init(
        kind: Kind, clientId: String, asset: Int, priceTick: Int64, quantity: Double, executed: Double, tradeId: Int64 = 0, tradeTick: Int64 = 0,
        tradeQuantity: Double = 0, isMaker: Bool = false, fee: Double? = nil, exchangeNs: Int64
    ) {
        self.kind = kind
        self.clientId = clientId
        self.asset = asset
        self.priceTick = priceTick
        self.quantity = quantity
        self.executed = executed
        self.tradeId = tradeId
        self.tradeTick = tradeTick
        self.tradeQuantity = tradeQuantity
        self.isMaker = isMaker
        self.fee = fee
        self.exchangeNs = exchangeNs
    }
}

/// An order as the venue describes it in an answer or a list.
public struct VenueOrder: Equatable, Sendable {
    public enum Status: Equatable, Sendable { case new, partiallyFilled, filled, cancelled, rejected, expired }
    public var clientId: String
    public var asset: Int
    public var side: Side
    public var status: Status
    public var priceTick: Int64
    public var quantity: Double
    public var executed: Double
    public var exchangeNs: Int64

    public init(
        clientId: String, asset: Int, side: Side, status: Status, priceTick: Int64, quantity: Double, executed: Double, exchangeNs: Int64
    ) {
        self.clientId = clientId
        self.asset = asset
        self.side = side
        self.status = status
        self.priceTick = priceTick
        self.quantity = quantity
        self.executed = executed
        self.exchangeNs = exchangeNs
    }
}

/// What became of one request.
public enum RequestOutcome: Equatable, Sendable {
    case accepted(VenueOrder)
    /// The venue says no, and means it.
    case refused(String)
    /// The venue took the order and ended it at once: it was to rest only, and would have taken.
    ///
    /// `exchangeNs`: when, 0 for unknown.
    case expired(exchangeNs: Int64)
    /// The venue knows no such order (any more).
    case unknownOrder
    /// Too many requests; nothing was done. Wait until then.
    case limited(untilNs: Int64)
    /// No answer, or one that says that nobody knows: the request may have been executed.
    case lost
}

/// What the venue is asked for.
public enum OrderAction: Equatable, Sendable {
    case place(clientId: String, asset: Int, order: Order)
    case cancel(clientId: String, asset: Int)
    /// `quantity` is the whole of the order, what is executed included.
    case amend(clientId: String, asset: Int, side: Side, priceTick: Int64, quantity: Double)
    /// Several of one of the kinds above, in one call; each has an outcome of its own.
    case batch(RequestKind, asset: Int, [OrderAction])
    case query(clientId: String, asset: Int)
    /// The executions of one order, which come back as `trade` reports.
    case queryTrades(clientId: String, asset: Int)
    case cancelAll(asset: Int)
    case queryOpenOrders(asset: Int)
    case queryPosition(asset: Int)
    /// The venue cancels everything of the asset unless this is renewed in time; 0 switches that off.
    case countdown(asset: Int, milliseconds: Int64)
}

/// What was found to be otherwise than believed, and what was done about it.
public enum Correction: Equatable, Sendable, CustomStringConvertible {
    /// Open at the venue, of this run, believed finished: cancelled.
    case ghostOrder(asset: Int, clientId: String)
    /// Open at the venue, of an earlier run: cancelled.
    case orphan(asset: Int, clientId: String)
    /// Open at the venue, not ours: left alone.
    case foreignOrder(asset: Int, clientId: String)
    /// Believed open, not in the venue's list: asked for.
    case missingOrder(asset: Int, clientId: String)
    /// Executions that the user stream did not report were asked for.
    case missedTrades(asset: Int, clientId: String, quantity: Double)
    case unknownResolved(asset: Int, clientId: String, state: OrderState)
    case position(asset: Int, from: Double, to: Double)

    public var description: String {
        switch self {
        case .ghostOrder(let asset, let id): "asset \(asset): order \(id) was thought finished and is open; cancelled"
        case .orphan(let asset, let id): "asset \(asset): order \(id) of an earlier run is open; cancelled"
        case .foreignOrder(let asset, let id): "asset \(asset): order \(id) is not ours; left alone"
        case .missingOrder(let asset, let id): "asset \(asset): order \(id) is not in the venue's list of open orders; asked for"
        case .missedTrades(let asset, let id, let quantity): "asset \(asset): \(quantity) of order \(id) executed unreported; executions asked for"
        case .unknownResolved(let asset, let id, let state): "asset \(asset): order \(id), of unknown state, is \(state)"
        case .position(let asset, let from, let to): "asset \(asset): position corrected from \(from) to \(to)"
        }
    }
}

/// Where an order stands, as far as we know.
public enum OrderState: Equatable, Sendable {
    case pendingNew, live, partiallyFilled, pendingCancel, pendingReplace
    case filled, cancelled, rejected, expired
    /// A request got no answer; the venue is being asked.
    case unknown
}
