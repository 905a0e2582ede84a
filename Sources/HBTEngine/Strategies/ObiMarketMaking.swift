import HBTTypes

/// Market making that leans with the imbalance of the order book.
///
/// At each interval: x = bid quantity − ask quantity within `looking_depth` of the mid price;
/// alpha = (x − mean)/deviation over the last `window` values; fair price = mid + c1·alpha; quotes
/// lie `half_spread` from the fair price less `skew` a unit of inventory, never through the best
/// price. Source: the order-book-imbalance tutorial of HftBacktest; imbalance as a predictor of the
/// next price move: Cont, Kukanov and Stoikov, "The price impact of order book events", 2014.
public final class ObiMarketMaking: Strategy {
    public static let typeName = "obi_market_making"
    public let wake: StrategyWake

    /// Share of the mid price on each side within which the book counts.
    private let lookingDepth: Double
    /// Quote currency: half spread, shift a unit of alpha, shift a unit of inventory.
    private let halfSpread: Double
    private let c1: Double
    private let skew: Double
    /// Quote currency.
    private let orderQuantityValue: Double
    private let maxPositionValue: Double
    private let gridLevels: Int
    private let gridInterval: Double
    /// Quote currency; fair price less or plus the half spread is rounded to a multiple of it.
    private let priceRounding: Double
    private let window: Int
    /// First and last tick that count: the range of interest, or everything.
    private let lowerTick: Int64
    private let upperTick: Int64
    private let grid: Grid
    private var imbalance: RollingDeviation?
    private var quotes = QuoteGrid()

    public init(settings: SettingsTable, assets: [AssetSpec]) throws(SettingsError) {
        guard assets.count == 1 else {
            throw SettingsError(settings.location, "obi_market_making trades one asset; \(assets.count) are given")
        }
        wake = .every(ns: try settings.intervalNs("interval"))
        lookingDepth = try settings.positive("looking_depth")
        window = try settings.count("window", upTo: 100_000_000)
        halfSpread = try settings.nonNegative("half_spread")
        skew = try settings.number("skew")
        c1 = try settings.number("c1")
        orderQuantityValue = try settings.positive("order_qty_value")
        maxPositionValue = try settings.nonNegative("max_position_value")
        gridLevels = try settings.count("grid_num", default: 1, upTo: 1_000)
        gridInterval = try settings.positive("grid_interval", default: assets[0].tickSize)
        priceRounding = try settings.positive("price_rounding", default: 1)
        try settings.finish()
        grid = Grid(tickSize: assets[0].tickSize, lotSize: assets[0].lotSize)
        if case .roi(let lower, let upper) = assets[0].book {
            lowerTick = grid.tick(lower)
            upperTick = grid.tick(upper)
        } else {
            lowerTick = .min
            upperTick = .max
        }
    }

    public func step(_ market: StrategyContext, reason: WakeReason) {
        market.clearInactiveOrders()
        let depth = market.depth()
        let mid = depth.mid
        var statistics = imbalance.take() ?? RollingDeviation(window: window, isExact: market.isReference)
        let x = depthImbalance(market, depth, mid)
        statistics.append(x)
        let (mean, deviation) = statistics.meanAndDeviation
        imbalance = statistics
        let alpha = (x - mean) / deviation

        let quantity = max((orderQuantityValue / mid / grid.lotSize).rounded(.toNearestOrEven) * grid.lotSize, grid.lotSize)
        let position = market.position()
        quotes.removeAll()
        if alpha.isFinite && depth.isTwoSided {
            let reservation = mid + c1 * alpha - skew * (position / quantity)
            let bid = (min(rounded(reservation - halfSpread), depth.bestBid) / grid.tickSize).rounded(.down) * grid.tickSize
            let ask = (max(rounded(reservation + halfSpread), depth.bestAsk) / grid.tickSize).rounded(.up) * grid.tickSize
            if position * mid < maxPositionValue {
                quotes.want(.buy, from: bid, levels: gridLevels, interval: gridInterval, tickSize: grid.tickSize)
            }
            if position * mid > -maxPositionValue {
                quotes.want(.sell, from: ask, levels: gridLevels, interval: gridInterval, tickSize: grid.tickSize)
            }
        }
        quotes.apply(to: market, asset: 0, quantity: quantity)
    }

    /// Bid less ask quantity within reach. On a one-sided book the mid price is undefined, the ask
    /// window is empty and the bid window ends at the range of interest.
    private func depthImbalance(_ market: StrategyContext, _ depth: DepthView, _ mid: Double) -> Double {
        let askEnd = mid.isNaN ? Int64.min : saturatingInt((mid * (1 + lookingDepth) / grid.tickSize).rounded(.down))
        let bidEnd = mid.isNaN ? Int64.min : saturatingInt((mid * (1 - lookingDepth) / grid.tickSize).rounded(.up))
        let asks = market.sumAsks(from: max(depth.bestAskTick, lowerTick), upTo: min(askEnd, upperTick))
        let bids = sumBids(market, from: min(depth.bestBidTick, upperTick), downTo: max(bidEnd, lowerTick))
        return bids - asks
    }

    /// Sum over ticks from `upper` (included) down to `lower` (excluded).
    private func sumBids(_ market: StrategyContext, from upper: Int64, downTo lower: Int64) -> Double {
        guard upper > lower else { return 0 }
        return market.sumBids(from: lower + 1, upTo: upper == .max ? .max : upper + 1)
    }

    private func rounded(_ price: Double) -> Double {
        priceRounding == 1 ? price.rounded(.toNearestOrEven) : (price / priceRounding).rounded(.toNearestOrEven) * priceRounding
    }

    public func encode(into out: inout StateWriter) {
        out.put(imbalance != nil)
        out.put(imbalance?.isExact ?? false)
        imbalance?.encode(into: &out)
    }

    public func restore(from input: inout StateReader) throws(StateError) {
        imbalance = nil
        let isStarted = try input.bool()
        let isExact = try input.bool()
        guard isStarted else { return }
        var statistics = RollingDeviation(window: window, isExact: isExact)
        try statistics.restore(from: &input)
        imbalance = statistics
    }
}
