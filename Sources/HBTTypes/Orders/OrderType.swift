/// Raw values are HftBacktest's.
@frozen
public enum OrderType: UInt8, Sendable {
    case limit = 0
    case market = 1
    case unsupported = 255
}
