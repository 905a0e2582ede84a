/// What a call on the engine came to; raw values are HftBacktest's.
@frozen
public enum ReturnCode: Int64, Sendable {
    case ok = 0
    /// No rows and no messages are left; the clock has not moved.
    case endOfData = 1
    case marketFeed = 2
    case orderResponse = 3
    case orderIdExists = 10
    case requestInProcess = 11
    case orderNotFound = 12
    case invalidOrderRequest = 13
    case invalidOrderStatus = 14
    /// What is known so far does not decide what comes next; call again with more (live feeds only).
    case pending = 101
    /// The data could not be read; see `Backtest.dataError`.
    case dataError = 100
}
