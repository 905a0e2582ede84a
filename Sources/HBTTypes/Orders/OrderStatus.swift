/// State of an order, and also the kind of its pending request (`Order.request`).
/// Raw values are HftBacktest's.
@frozen
public enum OrderStatus: UInt8, Sendable {
    case none = 0
    case new = 1
    case expired = 2
    case filled = 3
    case canceled = 4
    case partiallyFilled = 5
    case rejected = 6
    /// As a request: a modify is pending.
    case replaced = 7
    case unsupported = 255
}
