/// Finds the moments of funding in mark price messages: each names the next time and the rate that will be paid then.
///
/// When a message names a later time, the former one has been reached, and the rate and price that stood last before it
/// were paid.
public struct FundingWatch: Sendable {
    private var next: (fundingMs: Int64, rate: Double, price: Double)?

    public init() {}

    /// - Returns: what was paid since the message before; nil when nothing was.
    public mutating func paid(price: Double, rate: Double, nextFundingMs: Int64) -> (price: Double, rate: Double)? {
        defer { next = nextFundingMs > 0 ? (nextFundingMs, rate, price) : nil }
        guard let past = next, nextFundingMs > past.fundingMs else { return nil }
        return (past.price, past.rate)
    }
}
