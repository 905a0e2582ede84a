/// Which levels of a side a node looks at, from the best price outward.
enum DepthRange: Equatable, Sendable {
    /// Up to a share of the mid price: asks below ⌊mid·(1+d)/tick⌋, bids above ⌈mid·(1−d)/tick⌉.
    case share(Double)
    /// So many ticks, the best one included.
    case ticks(Int64)
    /// So many levels that hold quantity.
    case levels(Int)
    /// Until price × quantity has reached this much quote currency; the last level counts by its fraction.
    case notional(Double)
}
