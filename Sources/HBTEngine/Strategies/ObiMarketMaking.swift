import HBTTypes

/// Market making that leans with the imbalance of the order book, or with any factor.
///
/// At each interval: x = bid quantity − ask quantity within `looking_depth` of the mid price;
/// alpha = (x − mean)/deviation over the last `window` values; fair price = mid + c1·alpha; quotes
/// lie `half_spread` from the fair price less `skew` a unit of inventory, never through the best
/// price. With `alpha = "id"` the alpha is that node of the run's factor graph instead; the built-in
/// one is such a node, too (`OBI`, clock `step`, population deviation, no guard).
/// Source: the order-book-imbalance tutorial of HftBacktest; imbalance as a predictor of the
/// next price move: Cont, Kukanov and Stoikov, "The price impact of order book events", 2014.
public final class ObiMarketMaking: Strategy {
    public static let typeName = "obi_market_making"
    public let wake: StrategyWake

    /// Share of the mid price on each side within which the book counts; nil when another node gives alpha.
    private let lookingDepth: Double?
    private let alphaId: String
    private let alphaLocation: SourceLocation
    private var alphaNode: FactorHandle?
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
    private let symbol: String
    private let grid: Grid
    @exclusivity(unchecked) private var quotes = QuoteGrid()

    public init(settings: SettingsTable, assets: [AssetSpec]) throws(SettingsError) {
        guard assets.count == 1 else {
            throw SettingsError(settings.location, "obi_market_making trades one asset; \(assets.count) are given")
        }
        wake = .every(ns: try settings.intervalNs("interval"))
        alphaLocation = settings.entries.first { $0.key == "alpha" }?.location ?? settings.location
        if let id = try settings.string("alpha") {
            for key in ["looking_depth", "window"] where settings.entry(key) != nil {
                throw settings.error(key, "is a setting of the built-in imbalance; remove it, or alpha")
            }
            alphaId = id
            lookingDepth = nil
            window = 1
        } else {
            alphaId = Self.builtInId
            lookingDepth = try settings.positive("looking_depth")
            window = try settings.count("window", upTo: 100_000_000)
        }
        halfSpread = try settings.nonNegative("half_spread")
        skew = try settings.number("skew")
        c1 = try settings.number("c1")
        orderQuantityValue = try settings.positive("order_qty_value")
        maxPositionValue = try settings.nonNegative("max_position_value")
        gridLevels = try settings.count("grid_num", default: 1, upTo: 1_000)
        gridInterval = try settings.positive("grid_interval", default: assets[0].tickSize)
        priceRounding = try settings.positive("price_rounding", default: 1)
        try settings.finish()
        symbol = assets[0].symbol
        grid = Grid(tickSize: assets[0].tickSize, lotSize: assets[0].lotSize)
    }

    // MARK: alpha

    /// Ids that no file's node is likely to have.
    private static let builtInId = "built-in imbalance of obi_market_making"
    private static let sourceId = "depth source of obi_market_making"

    public func builtInFactors(isReference: Bool) -> FactorDefinition? {
        guard let lookingDepth else { return nil }
        let score = ScoreWindow(span: .count(window), ddof: 0, guardBand: 0, sampling: Sampling(clock: .step))
        let source = FactorNode(
            id: Self.sourceId, typeName: "DepthSource", kind: .source(.depth), dependencies: [], asset: symbol, location: alphaLocation,
            isOutput: false)
        let node = FactorNode(
            id: Self.builtInId, typeName: "OBI", kind: .imbalance(depth: lookingDepth, score: score, isSerial: isReference),
            dependencies: [FactorNode.Dependency(id: Self.sourceId, location: alphaLocation)], location: alphaLocation, isOutput: false)
        return FactorDefinition(name: Self.typeName, symbol: symbol, location: alphaLocation, nodes: [source, node])
    }

    public func bind(_ factors: FactorGraph?) throws(SettingsError) {
        guard let factors else {
            throw SettingsError(alphaLocation, "alpha = \"\(alphaId)\" needs a factor graph; write [graph] and [[nodes]] in the same file")
        }
        alphaNode = try factors.handle(alphaId, location: alphaLocation)
    }

    public func step(_ market: StrategyContext, reason: WakeReason) {
        market.clearInactiveOrders()
        let depth = market.depth()
        let mid = depth.mid
        let quantity = max((orderQuantityValue / mid / grid.lotSize).rounded(.toNearestOrEven) * grid.lotSize, grid.lotSize)
        let position = market.position()
        quotes.removeAll()
        if let prices = prices(market, depth, lean: skew * (position / quantity)) {
            if position * mid < maxPositionValue {
                quotes.want(.buy, from: prices.bid, levels: gridLevels, interval: gridInterval, tickSize: grid.tickSize)
            }
            if position * mid > -maxPositionValue {
                quotes.want(.sell, from: prices.ask, levels: gridLevels, interval: gridInterval, tickSize: grid.tickSize)
            }
        }
        quotes.apply(to: market, asset: 0, quantity: quantity)
    }

    private typealias Prices = (bid: Double, ask: Double)

    /// Best quotes; nil without an alpha, or without a price.
    ///
    /// Quotes move with alpha in one direction, so where both of its bounds ask for the same, its last
    /// bits are not looked for.
    private func prices(_ market: StrategyContext, _ depth: DepthView, lean: Double) -> Prices? {
        guard let alphaNode, depth.isTwoSided else { return nil }
        if let bounds = market.factorBounds(alphaNode) {
            let low = prices(depth, alpha: bounds.low, lean: lean), high = prices(depth, alpha: bounds.high, lean: lean)
            let isSame = low.bid.bitPattern == high.bid.bitPattern && low.ask.bitPattern == high.ask.bitPattern
            if isSame && low.bid.isFinite && low.ask.isFinite { return low }
        }
        let alpha = market.factor(alphaNode)
        return alpha.isFinite ? prices(depth, alpha: alpha, lean: lean) : nil
    }

    private func prices(_ depth: DepthView, alpha: Double, lean: Double) -> Prices {
        let reservation = depth.mid + c1 * alpha - lean
        return (
            (min(rounded(reservation - halfSpread), depth.bestBid) / grid.tickSize).rounded(.down) * grid.tickSize,
            (max(rounded(reservation + halfSpread), depth.bestAsk) / grid.tickSize).rounded(.up) * grid.tickSize
        )
    }

    private func rounded(_ price: Double) -> Double {
        priceRounding == 1 ? price.rounded(.toNearestOrEven) : (price / priceRounding).rounded(.toNearestOrEven) * priceRounding
    }

    // Alpha's window belongs to the factor graph; everything else starts afresh at every step.
    public func encode(into out: inout StateWriter) {}
    public func restore(from input: inout StateReader) throws(StateError) {}
}
