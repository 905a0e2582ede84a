import HBTTypes

/// The queue ahead of one resting order, by the rules of the simulated exchange: for whoever compares a model with
/// what really happened.
public struct QueueEstimate {
    private let rule: QueueRule
    private var order: Order
    /// Σ Δ² p (1 − p) over the decreases Δ of the level, p being the share that the model puts ahead of the order: the
    /// variance of the estimate, were each decrease one order that left either ahead or behind.
    public private(set) var spread = 0.0

    /// - Parameter ahead: quantity of the level when the order joined it.
    public init(model: QueueModel, lotSize: Double, ahead: Double) {
        rule = QueueRule(model: model, lotSize: lotSize, isReference: false)
        order = Order(orderId: 0, side: .buy, timeInForce: .gtc, priceTick: 0, quantity: lotSize, localNs: 0)
        order.queueAhead = ahead
    }

    /// Negative when trades have gone further than the estimate.
    public var ahead: Double { order.queueAhead }

    /// `size` traded at the order's price.
    public mutating func trade(_ size: Double) { rule.trade(&order, size: size) }

    /// The level changed from `previous` to `now`.
    public mutating func depth(previous: Double, now: Double) {
        let decrease = (previous - now) - order.queueTraded, before = order.queueAhead
        rule.depth(&order, previous: previous, now: now)
        let moved = before - order.queueAhead
        if before > 0 && decrease > 0 { spread += max(0, min(moved, decrease)) * max(0, decrease - moved) }
    }
}
