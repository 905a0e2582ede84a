import HBTTypes

/// A request on its way to a venue outside the engine.
public struct LiveRequest: Equatable, Sendable {
    /// `.submit`, `.cancel` or `.modify`.
    public var kind: OrderRecord.Kind
    public var assetIndex: Int
    /// The order as it is asked for; `order.localNs` is when the strategy decided.
    public var order: Order

    public init(kind: OrderRecord.Kind, assetIndex: Int, order: Order) {
        self.kind = kind
        self.assetIndex = assetIndex
        self.order = order
    }
}

/// What one asset of a live run has asked for, and what its answers cost.
final class LiveOutbox {
    @exclusivity(unchecked) var requests: [LiveRequest] = []
    /// Fees as the venue charged them, one for each execution under way to the strategy; NaN: by the settings.
    @exclusivity(unchecked) var fees: [Double] = []

    func takeFee() -> Double? {
        guard let fee = fees.first else { return nil }
        fees.removeFirst()
        return fee.isNaN ? nil : fee
    }
}
