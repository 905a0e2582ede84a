import HBTTypes

/// The `[risk]` table: what no strategy may do.
public struct RiskLimits: Equatable, Sendable {
    /// Value of a position and everything open on its side, quote currency (base for inverse contracts).
    public var maxPositionValue: Double
    /// Value of one order.
    public var maxOrderValue: Double
    /// Loss since the start of the run, fees included, after which everything is cancelled and the run ends.
    public var maxLoss: Double
    public var maxOpenOrders: Int
    public var ordersPerSecond: Int
    /// How far from the mid price an order may be, as a fraction of it.
    public var priceBand: Double
    /// Age of the newest depth message beyond which nobody quotes.
    public var staleFeedNs: Int64
    /// Latency of the newest depth message beyond which nobody quotes.
    public var maxFeedLatencyNs: Int64
    /// Round trip of the newest order request beyond which no new order goes out.
    public var maxOrderLatencyNs: Int64
    /// The venue cancels everything when it has not heard of us for so long; 0 for never.
    public var deadMansSwitchNs: Int64

    public init(
        maxPositionValue: Double, maxOrderValue: Double, maxLoss: Double, maxOpenOrders: Int = 100, ordersPerSecond: Int = 20,
        priceBand: Double = 0.05, staleFeedNs: Int64 = 1_000_000_000, maxFeedLatencyNs: Int64 = 1_000_000_000,
        maxOrderLatencyNs: Int64 = 5_000_000_000, deadMansSwitchNs: Int64 = 30_000_000_000
    ) {
        self.maxPositionValue = maxPositionValue
        self.maxOrderValue = maxOrderValue
        self.maxLoss = maxLoss
        self.maxOpenOrders = maxOpenOrders
        self.ordersPerSecond = ordersPerSecond
        self.priceBand = priceBand
        self.staleFeedNs = staleFeedNs
        self.maxFeedLatencyNs = maxFeedLatencyNs
        self.maxOrderLatencyNs = maxOrderLatencyNs
        self.deadMansSwitchNs = deadMansSwitchNs
    }

    /// Reads the table; the three limits on money have no defaults.
    public static func read(_ table: SettingsTable) throws(SettingsError) -> RiskLimits {
        let reader = LiveTableReader(table)
        var limits = RiskLimits(
            maxPositionValue: try reader.positive("max_position_value"), maxOrderValue: try reader.positive("max_order_value"),
            maxLoss: try reader.positive("max_loss"))
        limits.maxOpenOrders = try reader.count("max_open_orders", limits.maxOpenOrders)
        limits.ordersPerSecond = try reader.count("orders_per_second", limits.ordersPerSecond)
        limits.priceBand = try reader.positive("price_band", limits.priceBand)
        limits.staleFeedNs = try reader.duration("stale_feed", limits.staleFeedNs)
        limits.maxFeedLatencyNs = try reader.duration("max_feed_latency", limits.maxFeedLatencyNs)
        limits.maxOrderLatencyNs = try reader.duration("max_order_latency", limits.maxOrderLatencyNs)
        limits.deadMansSwitchNs = try reader.duration("dead_mans_switch", limits.deadMansSwitchNs, canBeNothing: true)
        guard limits.priceBand < 1 else { throw table.error("price_band", "must be below 1 (a fraction of the mid price)") }
        guard limits.maxOrderValue <= limits.maxPositionValue else {
            throw table.error("max_order_value", "is above risk.max_position_value; no such order could go out")
        }
        try table.finish()
        return limits
    }
}

/// Checked readings that the live tables share.
struct LiveTableReader {
    let table: SettingsTable
    init(_ table: SettingsTable) { self.table = table }

    func positive(_ key: String, _ standard: Double? = nil) throws(SettingsError) -> Double {
        guard let value = try table.double(key) else {
            guard let standard else { return try table.require(key, nil) }
            return standard
        }
        guard value > 0, value.isFinite else { throw table.error(key, "= \(value) must be a number greater than 0") }
        return value
    }

    func count(_ key: String, _ standard: Int) throws(SettingsError) -> Int {
        guard let value = try table.integer(key) else { return standard }
        guard value > 0, value <= 1_000_000 else { throw table.error(key, "= \(value) must be between 1 and 1000000") }
        return Int(value)
    }

    func duration(_ key: String, _ standard: Int64, canBeNothing: Bool = false) throws(SettingsError) -> Int64 {
        guard let ns = try table.durationNs(key) else { return standard }
        guard ns > 0 || (canBeNothing && ns == 0) else { throw table.error(key, "must be longer than 0") }
        return ns
    }

    func word(_ key: String, of words: [String]) throws(SettingsError) -> String? {
        guard let word = try table.string(key) else { return nil }
        guard words.contains(word) else {
            let near = Suggestion.nearest(to: word, among: words).map { "; did you mean \"\($0)\"?" } ?? ""
            throw table.error(key, "= \"\(word)\" is not known\(near) (one of \(words.joined(separator: ", ")))")
        }
        return word
    }
}
