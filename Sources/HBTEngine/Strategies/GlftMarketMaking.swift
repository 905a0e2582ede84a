import HBTTypes

/// Optimal market making after Guéant, Lehalle and Fernandez-Tapia, calibrated as it runs.
///
/// The closed-form approximation gives, for intensity λ(δ) = A·e^(−kδ), volatility σ and risk
/// aversion γ:
///   c1 = ln(1 + γ/k)/γ,   c2 = √( γ/(2Ak) · (1 + γ/k)^(k/γ + 1) ),
///   half spread = c1 + c2·σ/2,   skew = c2·σ a unit of inventory,
/// all in ticks (σ in ticks per √second). Source: "Dealing with the inventory risk", Mathematics
/// and Financial Economics 7(4), 2013, §4. Intensity is fitted to the trades of the last
/// `calibration_window`, volatility to the changes of the mid price in it.
public final class GlftMarketMaking: Strategy {
    public static let typeName = "glft_market_making"
    public let wake: StrategyWake

    private let gamma: Double
    /// Factors on the model's half spread and skew.
    private let spreadFactor: Double
    private let skewFactor: Double
    private let orderQuantityValue: Double
    private let maxPositionValue: Double
    private let gridLevels: Int
    private let calibrationSteps: Int
    private let stepSeconds: Double
    private let grid: Grid
    private var intensity: TradingIntensity
    private var changes: RollingDeviation
    private var quotes = QuoteGrid()
    private var previousMid = Double.nan
    private var steps = 0
    /// Ticks; NaN until calibrated.
    private var halfSpreadTicks = Double.nan
    private var skewTicks = Double.nan

    public init(settings: SettingsTable, assets: [AssetSpec]) throws(SettingsError) {
        guard assets.count == 1 else {
            throw SettingsError(settings.location, "glft_market_making trades one asset; \(assets.count) are given")
        }
        guard assets[0].lastTradesCapacity > 0 else {
            throw SettingsError(settings.location, "glft_market_making learns from trades: set last_trades_capacity = 1000 in [[asset]]")
        }
        let interval = try settings.intervalNs("interval")
        wake = .every(ns: interval)
        stepSeconds = Double(interval) / 1e9
        gamma = try settings.positive("gamma")
        spreadFactor = try settings.positive("spread_factor", default: 1)
        skewFactor = try settings.nonNegative("skew_factor", default: 1)
        orderQuantityValue = try settings.positive("order_qty_value")
        maxPositionValue = try settings.nonNegative("max_position_value")
        gridLevels = try settings.count("grid_num", default: 1, upTo: 1_000)
        let window = try settings.intervalNs("calibration_window")
        let every = try settings.intervalNs("calibration_every", default: 5_000_000_000)
        let levels = try settings.count("intensity_ticks", default: 70, upTo: 100_000)
        guard window >= 2 * interval, window / interval <= 100_000_000 else {
            throw settings.error("calibration_window", "must hold between 2 and 100,000,000 intervals")
        }
        try settings.finish()
        calibrationSteps = Int(max(1, every / interval))
        intensity = TradingIntensity(window: Int(window / interval), levels: 2 * levels)
        changes = RollingDeviation(window: Int(window / interval))
        grid = Grid(tickSize: assets[0].tickSize, lotSize: assets[0].lotSize)
    }

    public func step(_ market: StrategyContext, reason: WakeReason) {
        market.clearInactiveOrders()
        let depth = market.depth()
        let mid = depth.mid
        learn(market.lastTrades(), mid: mid)
        market.clearLastTrades()

        let quantity = max((orderQuantityValue / mid / grid.lotSize).rounded(.toNearestOrEven) * grid.lotSize, grid.lotSize)
        let position = market.position()
        quotes.removeAll()
        if depth.isTwoSided && halfSpreadTicks.isFinite && skewTicks.isFinite {
            let reservation = mid / grid.tickSize - skewTicks * (position / quantity)
            // The grid is as wide as the half spread, in whole ticks.
            let interval = max(halfSpreadTicks.rounded(), 1) * grid.tickSize
            let bid = min(((reservation - halfSpreadTicks) * grid.tickSize), depth.bestBid)
            let ask = max(((reservation + halfSpreadTicks) * grid.tickSize), depth.bestAsk)
            if position * mid < maxPositionValue {
                quotes.want(.buy, from: (bid / interval).rounded(.down) * interval, levels: gridLevels, interval: interval, tickSize: grid.tickSize)
            }
            if position * mid > -maxPositionValue {
                quotes.want(.sell, from: (ask / interval).rounded(.up) * interval, levels: gridLevels, interval: interval, tickSize: grid.tickSize)
            }
        }
        quotes.apply(to: market, asset: 0, quantity: quantity)
    }

    /// Takes in one step's trades and mid price; every `calibration_every` the model is fitted anew.
    private func learn(_ trades: [MarketEvent], mid: Double) {
        if !previousMid.isNaN {
            var furthest: Double?
            for trade in trades {
                let ticks = abs(trade.price - previousMid) / grid.tickSize
                if ticks.isFinite { furthest = max(furthest ?? 0, ticks) }
            }
            intensity.append(depthTicks: furthest)
            if !mid.isNaN { changes.append((mid - previousMid) / grid.tickSize) }
        }
        if !mid.isNaN { previousMid = mid }
        steps += 1
        guard steps % calibrationSteps == 0, let (a, k) = intensity.fit(stepSeconds: stepSeconds) else { return }
        let sigma = changes.meanAndDeviation.deviation / stepSeconds.squareRoot()
        let c1 = naturalLog(1 + gamma / k) / gamma
        let c2 = (gamma / (2 * a * k) * power(1 + gamma / k, k / gamma + 1)).squareRoot()
        halfSpreadTicks = (c1 + c2 * sigma / 2) * spreadFactor
        skewTicks = c2 * sigma * skewFactor
    }

    public func encode(into out: inout StateWriter) {
        intensity.encode(into: &out)
        changes.encode(into: &out)
        out.put(previousMid)
        out.put(steps)
        out.put(halfSpreadTicks)
        out.put(skewTicks)
    }

    public func restore(from input: inout StateReader) throws(StateError) {
        try intensity.restore(from: &input)
        try changes.restore(from: &input)
        previousMid = try input.double()
        steps = try input.int()
        halfSpreadTicks = try input.double()
        skewTicks = try input.double()
    }
}
