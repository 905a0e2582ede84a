/// Raw values are HftBacktest's.
@frozen
public enum TimeInForce: UInt8, Sendable {
    /// Good till cancelled.
    case gtc = 0
    /// Post only: expires instead of taking.
    case gtx = 1
    /// Fill or kill.
    case fok = 2
    /// Immediate or cancel.
    case ioc = 3
    case unsupported = 255
}
