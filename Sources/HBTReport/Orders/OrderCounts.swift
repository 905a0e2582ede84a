/// How many requests were made and how they ended.
public struct OrderCounts: Equatable, Sendable {
    public var submits: Int64 = 0
    public var cancels: Int64 = 0
    public var modifies: Int64 = 0
    /// Orders confirmed cancelled.
    public var canceled: Int64 = 0
    /// Orders that ended unfilled without a cancel: post-only that would cross, unfillable FOK or IOC.
    public var expired: Int64 = 0
    public var rejectedSubmits: Int64 = 0
    /// Cancels that came too late, mostly: the order had been filled.
    public var rejectedCancels: Int64 = 0
    public var rejectedModifies: Int64 = 0
    public var rejected: Int64 { rejectedSubmits + rejectedCancels + rejectedModifies }

    public init() {}
}

/// Executions of one kind.
public struct FillTotals: Equatable, Sendable {
    public var count: Int64 = 0
    /// Base currency (contracts for inverse instruments).
    public var quantity: Double = 0
    /// Quote currency (base currency for inverse instruments).
    public var value: Double = 0
    public var fee: Double = 0

    public init() {}

    mutating func add(quantity: Double, value: Double, fee: Double) {
        count += 1
        self.quantity += quantity
        self.value += value
        self.fee += fee
    }

    static func + (a: FillTotals, b: FillTotals) -> FillTotals {
        var sum = a
        sum.count += b.count
        sum.quantity += b.quantity
        sum.value += b.value
        sum.fee += b.fee
        return sum
    }
}
