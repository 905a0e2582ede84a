import HBTTypes

/// Fills in, mean markouts out; memory does not grow.
public struct MarkoutBuilder: Sendable {
    /// The moment of the fill, then the horizons of `FillRecord`.
    public static let horizonsNs: [Int64] = [0] + FillRecord.markoutHorizonsNs

    private let tickSize: Double
    /// [maker buy, maker sell, taker buy, taker sell] × horizon.
    private var totals = [[MarkoutTotals]](
        repeating: [MarkoutTotals](repeating: MarkoutTotals(), count: horizonsNs.count), count: 4)

    /// - Parameter tickSize: Quote currency per tick.
    public init(tickSize: Double) { self.tickSize = tickSize }

    public mutating func add(_ fill: FillRecord) {
        guard fill.side == .buy || fill.side == .sell else { return }
        let sign = fill.side == .buy ? 1.0 : -1.0
        let group = (fill.isMaker ? 0 : 2) + (fill.side == .buy ? 0 : 1)
        let mids = [fill.midAtFill, fill.midAfter.0, fill.midAfter.1, fill.midAfter.2, fill.midAfter.3]
        for (horizon, mid) in mids.enumerated() {
            totals[group][horizon].add(
                sign: sign, price: fill.price, quantity: fill.quantity, midAtFill: fill.midAtFill, midAfter: mid)
        }
    }

    /// All nine groups: all, maker and taker, each both sides, buys and sells.
    public var rows: [MarkoutRow] {
        MarkoutRow.Liquidity.allCases.flatMap { liquidity in
            MarkoutRow.Sides.allCases.map { row(liquidity, $0) }
        }
    }

    private func row(_ liquidity: MarkoutRow.Liquidity, _ sides: MarkoutRow.Sides) -> MarkoutRow {
        let groups = (0..<4).filter { group in
            (liquidity == .all || (liquidity == .maker) == (group < 2))
                && (sides == .both || (sides == .buy) == (group % 2 == 0))
        }
        let cells = Self.horizonsNs.indices.map { horizon in
            var sum = MarkoutTotals()
            for group in groups { sum.add(totals[group][horizon]) }
            return MarkoutCell(
                horizonNs: Self.horizonsNs[horizon], count: sum.count, quantity: sum.quantity,
                withSpread: MarkoutMean(sum.withSpread, count: sum.count, quantity: sum.quantity, tickSize: tickSize),
                withoutSpread: MarkoutMean(
                    sum.withoutSpread, count: sum.count, quantity: sum.quantity, tickSize: tickSize))
        }
        return MarkoutRow(liquidity: liquidity, sides: sides, cells: cells)
    }
}
