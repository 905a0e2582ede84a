import HBTTypes

/// Plain market making on a grid: quotes at fixed distances from the mid price, leaning against the
/// inventory.
///
/// Prices lie on multiples of `grid_interval`, so that an order keeps its place in the queue while
/// the mid price moves within a cell. Source: the high-frequency grid trading tutorial of HftBacktest.
public final class GridMarketMaking: Strategy {
    public static let typeName = "grid_market_making"
    public let wake: StrategyWake

    private let halfSpread: Double
    private let skew: Double
    private let orderQuantityValue: Double
    private let maxPositionValue: Double
    private let gridLevels: Int
    private let gridInterval: Double
    private let grid: Grid
    private var quotes = QuoteGrid()

    public init(settings: SettingsTable, assets: [AssetSpec]) throws(SettingsError) {
        guard assets.count == 1 else {
            throw SettingsError(settings.location, "grid_market_making trades one asset; \(assets.count) are given")
        }
        wake = .every(ns: try settings.intervalNs("interval"))
        halfSpread = try settings.nonNegative("half_spread")
        skew = try settings.number("skew")
        orderQuantityValue = try settings.positive("order_qty_value")
        maxPositionValue = try settings.nonNegative("max_position_value")
        gridLevels = try settings.count("grid_num", upTo: 1_000)
        gridInterval = try settings.positive("grid_interval")
        try settings.finish()
        grid = Grid(tickSize: assets[0].tickSize, lotSize: assets[0].lotSize)
        guard gridInterval >= grid.tickSize else {
            throw settings.error("grid_interval", "= \(gridInterval) is finer than the tick size \(grid.tickSize)")
        }
    }

    public func step(_ market: StrategyContext, reason: WakeReason) {
        market.clearInactiveOrders()
        let depth = market.depth()
        let mid = depth.mid
        let position = market.position()
        let quantity = max((orderQuantityValue / mid / grid.lotSize).rounded(.toNearestOrEven) * grid.lotSize, grid.lotSize)
        quotes.removeAll()
        if depth.isTwoSided {
            let reservation = mid - skew * (position / quantity)
            let bid = (min(reservation - halfSpread, depth.bestBid) / gridInterval).rounded(.down) * gridInterval
            let ask = (max(reservation + halfSpread, depth.bestAsk) / gridInterval).rounded(.up) * gridInterval
            if position * mid < maxPositionValue {
                quotes.want(.buy, from: bid, levels: gridLevels, interval: gridInterval, tickSize: grid.tickSize)
            }
            if position * mid > -maxPositionValue {
                quotes.want(.sell, from: ask, levels: gridLevels, interval: gridInterval, tickSize: grid.tickSize)
            }
        }
        quotes.apply(to: market, asset: 0, quantity: quantity)
    }

    // Every step starts afresh from book, orders and position.
    public func encode(into out: inout StateWriter) {}
    public func restore(from input: inout StateReader) throws(StateError) {}
}
