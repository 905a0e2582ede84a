import HBTTypes

/// The `[venue]` table: where the market is and how it is reached.
public struct VenueSettings: Equatable, Sendable {
    public enum Market: String, Equatable, Sendable, CaseIterable {
        case spot, usdm = "usd-m", coinm = "coin-m"
        public var depthRule: DepthRule { self == .spot ? .spot : .futures }
    }
    public enum Endpoint: String, Equatable, Sendable, CaseIterable {
        case production, testnet
        /// `rest` and `stream` say where.
        case custom
    }
    /// Over which interface orders are placed, changed, cancelled and asked for.
    public enum OrderEntry: String, Equatable, Sendable, CaseIterable {
        case rest
        /// The WebSocket API; REST while that line is down.
        case websocket
    }
    public var market: Market
    public var endpoint: Endpoint
    /// Base addresses; only of a custom endpoint.
    public var rest: String?
    public var stream: String?
    public var orderEntry: OrderEntry
    /// Base address of the WebSocket API of a custom endpoint; nil for `stream`.
    public var orderStream: String?
    /// Requests that are decided on together go out as one call (futures, over REST).
    public var isBatching: Bool
    /// File with the API key and secret (mode 0600); nil takes them from the environment.
    public var keyFile: String?
    /// Connections carrying the same market data.
    public var connections: Int
    /// Depth stream speed.
    public var depthNs: Int64
    /// How far rows may be out of order on the venue's clock (paper fills wait so long).
    public var reorderNs: Int64
    /// Orders, positions and balances are compared with the venue's so often.
    public var reconcileNs: Int64
    public var requestTimeoutNs: Int64
    public var weightPerMinute: Int
    public var ordersPer10s: Int
    public var ordersPerDay: Int

    /// - Parameter folder: of the settings file; `key_file` is relative to it.
    public static func read(_ table: SettingsTable, folder: String) throws(SettingsError) -> VenueSettings {
        let reader = LiveTableReader(table)
        let words = Market.allCases.map(\.rawValue)
        guard let market = try reader.word("market", of: words).flatMap(Market.init) else {
            throw SettingsError(table.location, "\(table.fullName("market")) is missing; write one of \(words.joined(separator: ", "))")
        }
        let endpoint = try reader.word("endpoint", of: Endpoint.allCases.map(\.rawValue)).flatMap(Endpoint.init) ?? .production
        let isSpot = market == .spot
        let budget = RateBudget.Limits()
        var settings = VenueSettings(
            market: market, endpoint: endpoint, rest: try table.string("rest"), stream: try table.string("stream"),
            orderEntry: try reader.word("order_entry", of: OrderEntry.allCases.map(\.rawValue)).flatMap(OrderEntry.init) ?? .rest,
            orderStream: try table.string("order_stream"), isBatching: try table.bool("batch") ?? false,
            keyFile: try table.string("key_file").map { $0.hasPrefix("/") ? $0 : "\(folder)/\($0)" }, connections: try reader.count("connections", 1),
            depthNs: try reader.duration("depth_speed", isSpot ? 100_000_000 : 0, canBeNothing: true),
            reorderNs: try reader.duration("reorder", 100_000_000, canBeNothing: true), reconcileNs: try reader.duration("reconcile", 30_000_000_000),
            requestTimeoutNs: try reader.duration("request_timeout", 2_000_000_000),
            weightPerMinute: try reader.count("weight_per_minute", isSpot ? 6_000 : budget.weightPerMinute),
            ordersPer10s: try reader.count("orders_per_10s", isSpot ? 100 : budget.ordersPer10s),
            ordersPerDay: try reader.count("orders_per_day", budget.ordersPerDay))
        try settings.check(table)
        try table.finish()
        return settings
    }

    private mutating func check(_ table: SettingsTable) throws(SettingsError) {
        guard connections <= 4 else { throw table.error("connections", "= \(connections) must be between 1 and 4") }
        if isBatching {
            guard market != .spot else { throw table.error("batch", "= true: spot has no batches of orders; remove it") }
            guard orderEntry == .rest else {
                throw table.error("batch", "= true: the WebSocket API has no batches; write order_entry = \"rest\", or remove it")
            }
        }
        if let orderStream {
            guard endpoint == .custom else { throw table.error("order_stream", "belongs to endpoint = \"custom\"; remove one of them") }
            guard ["ws://", "wss://"].contains(where: orderStream.hasPrefix) else {
                throw table.error("order_stream", "= \"\(orderStream)\" must begin with ws:// or wss://")
            }
        }
        for (key, value, schemes) in [("rest", rest, ["http://", "https://"]), ("stream", stream, ["ws://", "wss://"])] {
            guard let value else {
                guard endpoint != .custom else { throw table.error("endpoint", "= \"custom\" needs \(table.fullName(key)) = \"\(schemes[1])…\"") }
                continue
            }
            guard endpoint == .custom else { throw table.error(key, "belongs to endpoint = \"custom\"; remove one of them") }
            guard schemes.contains(where: value.hasPrefix) else {
                throw table.error(key, "= \"\(value)\" must begin with \(schemes.joined(separator: " or "))")
            }
        }
    }
}
