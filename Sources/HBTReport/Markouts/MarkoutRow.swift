/// Mean markouts of one group of fills, one cell a horizon.
public struct MarkoutRow: Equatable, Sendable {
    public enum Liquidity: String, Sendable, CaseIterable { case all, maker, taker }
    public enum Sides: String, Sendable, CaseIterable { case both, buy, sell }

    public var liquidity: Liquidity
    public var sides: Sides
    /// At the fill, then `FillRecord.markoutHorizonsNs`.
    public var cells: [MarkoutCell]
}

/// Mean markouts at one horizon; NaN when no fill has one.
public struct MarkoutCell: Equatable, Sendable {
    /// 0 is the moment of the fill.
    public var horizonNs: Int64
    /// Fills whose mid prices were known.
    public var count: Int64
    /// Their quantity, base currency.
    public var quantity: Double
    /// side × (mid after − fill price).
    public var withSpread: MarkoutMean
    /// side × (mid after − mid at the fill).
    public var withoutSpread: MarkoutMean
}

/// One mean in three units, each fill alike and weighted by quantity.
public struct MarkoutMean: Equatable, Sendable {
    /// Quote currency.
    public var price: Double
    /// Of the fill price.
    public var bps: Double
    public var ticks: Double
    public var weightedPrice: Double
    public var weightedBps: Double
    public var weightedTicks: Double

    init(_ sums: MarkoutTotals.Sums, count: Int64, quantity: Double, tickSize: Double) {
        price = sums.price / Double(count)
        bps = sums.bps / Double(count)
        ticks = price / tickSize
        weightedPrice = sums.priceQuantity / quantity
        weightedBps = sums.bpsQuantity / quantity
        weightedTicks = weightedPrice / tickSize
    }
}
