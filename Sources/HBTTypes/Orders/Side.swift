/// Side of an order or a trade; raw values are HftBacktest's.
@frozen
public enum Side: Int8, Sendable {
    case buy = 1
    case sell = -1
    case none = 0
    case unsupported = 127
}
