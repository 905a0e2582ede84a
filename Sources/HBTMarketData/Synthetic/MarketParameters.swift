/// What a synthetic market looks like. The defaults resemble a liquid perpetual future.
public struct MarketParameters: Sendable, Equatable, Codable {
    public var seed: UInt64 = 1
    /// Exchange time of the opening snapshot; a multiple of 1 ms.
    public var startNs: Int64 = 1_722_988_800_000_000_000
    public var durationNs: Int64 = 600_000_000_000
    public var tickSize = 0.1
    public var lotSize = 0.001
    public var startPrice = 60_000.0
    /// Standard deviation of the day's return, at the middle of the volatility regimes.
    public var volatilityPerDay = 0.02
    /// Rows a second, about (long-run average).
    public var rowsPerSecond = 700.0
    /// Market orders a second, about; each prints one to a few trades.
    public var ordersPerSecond = 12.0
    /// Mean time between depth messages, when nothing calls for one earlier.
    public var depthIntervalNs: Int64 = 50_000_000
    /// How often the touch moves to a new price, about; fewer moves are larger.
    public var quoteMovesPerSecond = 1.0
    /// Typical quantity at the best price, of a deeper level, and of a market order; base currency.
    public var touchQuantity = 5.0
    public var levelQuantity = 0.5
    public var orderQuantity = 0.08
    /// How far the book reaches from the mid price, as a share of the start price.
    public var depthShare = 0.03
    /// Feed latency: a constant, an exponential jitter (its mean), and spikes that die away.
    public var latencyNs: Int64 = 2_500_000
    public var jitterNs: Int64 = 1_000_000
    public var spikesPerMinute = 2.0
    public var spikeNs: Int64 = 60_000_000

    public init() {}

    /// - Throws: `invalid`, naming the parameter and its bounds.
    func check() throws(MarketDataError) {
        func require(_ holds: Bool, _ text: String) throws(MarketDataError) {
            if !holds { throw MarketDataError(path: "", .invalid(text)) }
        }
        func positive(_ value: Double, _ name: String, upTo limit: Double) throws(MarketDataError) {
            try require(value > 0 && value <= limit, "\(name) is \(value); above 0 and at most \(limit) expected")
        }
        try positive(tickSize, "tickSize", upTo: 1e9)
        try positive(lotSize, "lotSize", upTo: 1e9)
        try positive(startPrice, "startPrice", upTo: 1e12)
        try positive(volatilityPerDay, "volatilityPerDay", upTo: 1)
        try positive(rowsPerSecond, "rowsPerSecond", upTo: 100_000)
        try positive(ordersPerSecond, "ordersPerSecond", upTo: 200)
        try positive(quoteMovesPerSecond, "quoteMovesPerSecond", upTo: 100)
        try positive(touchQuantity / lotSize, "touchQuantity in lots", upTo: 1e7)
        try positive(levelQuantity / lotSize, "levelQuantity in lots", upTo: 1e7)
        try positive(orderQuantity / lotSize, "orderQuantity in lots", upTo: 1e7)
        try positive(depthShare, "depthShare", upTo: 0.2)
        try require(spikesPerMinute >= 0 && spikesPerMinute <= 60, "spikesPerMinute is \(spikesPerMinute); 0 to 60 expected")
        try require(durationNs > 0, "durationNs is \(durationNs); above 0 expected")
        try require(startNs >= 0 && startNs % 1_000_000 == 0, "startNs is \(startNs); a positive multiple of 1 ms expected")
        let (endNs, overflow) = startNs.addingReportingOverflow(durationNs)
        try require(!overflow && endNs < 9_000_000_000_000_000_000, "startNs + durationNs is past the year 2255")
        try require(depthIntervalNs >= 2_000_000 && depthIntervalNs <= 60_000_000_000, "depthIntervalNs is \(depthIntervalNs); 2 ms to 60 s expected")
        for (name, value) in [("latencyNs", latencyNs), ("jitterNs", jitterNs), ("spikeNs", spikeNs)] {
            try require(value >= 0 && value <= 10_000_000_000, "\(name) is \(value); 0 to 10 s expected")
        }
        let ticks = startPrice / tickSize, reach = ticks * depthShare
        try require(reach >= 8 && reach <= 1_000_000, "the book would reach \(reach) ticks; 8 to 1,000,000 expected: change tickSize, startPrice or depthShare")
    }
}
