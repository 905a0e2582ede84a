import HBTEngine
import HBTTypes

/// Wakes at every market row (all rows of one local time together), reads three factors and their
/// combination, and keeps one quote a side, renewed once a second of its own clock.
final class WakeStrategy: Strategy {
    static let typeName = "wake"
    let wake = StrategyWake.feed(timeoutNs: 60_000_000_000, includesResponses: false)
    private var nodes: [FactorHandle] = []
    private var nextQuoteNs = Int64.min
    private var nextId: UInt64 = 1
    private var live: [UInt64] = []
    /// Of every value read: equal in a replay by rows and one from a tape.
    private(set) var seen = Digest()
    private let grid: Grid

    init(settings: SettingsTable, assets: [AssetSpec]) throws(SettingsError) {
        grid = Grid(tickSize: assets[0].tickSize, lotSize: assets[0].lotSize)
    }

    func bind(_ factors: FactorGraph?) throws(SettingsError) {
        guard let factors else { return }
        let nowhere = SourceLocation(file: "replay-bench", line: 0)
        for id in ["obi_zscore", "trade_imbalance", "volatility", "alpha_combined"] { nodes.append(try factors.handle(id, location: nowhere)) }
    }

    func step(_ market: StrategyContext, reason: WakeReason) {
        var alpha = 0.0
        for node in nodes {
            alpha = market.factor(node)
            seen.add(alpha)
        }
        let nowNs = market.nowNs
        guard nowNs >= nextQuoteNs else { return }
        nextQuoteNs = nowNs + 1_000_000_000
        market.clearInactiveOrders()
        for id in live { market.cancel(orderId: id) }
        live = []
        let depth = market.depth()
        guard depth.isTwoSided else { return }
        let shift = alpha.isFinite ? min(max(alpha, -2), 2) : 0
        for side in [Side.buy, .sell] {
            let price = side == .buy ? depth.bestBid + min(shift, 0) : depth.bestAsk + max(shift, 0)
            market.submit(side: side, orderId: nextId, price: price, quantity: grid.lotSize, timeInForce: .gtx)
            live.append(nextId)
            nextId += 1
        }
    }

    func encode(into out: inout StateWriter) {}
    func restore(from input: inout StateReader) throws(StateError) {}
}

/// A graph of ten nodes over three factors: imbalance of the book, of the trades, and volatility.
enum WakeGraph {
    static func definition() throws -> FactorDefinition? {
        let location = SourceLocation(file: "replay-bench", line: 0)
        func table(_ values: [(String, SettingValue)]) -> SettingsTable {
            SettingsTable(values.map { .init(key: $0.0, value: $0.1, location: location) }, path: "", location: location)
        }
        func node(_ id: String, _ type: String, _ inputs: [String], _ keys: [(String, SettingValue)] = []) -> SettingValue {
            var values: [(String, SettingValue)] = [("id", .string(id)), ("type", .string(type))]
            if !inputs.isEmpty { values.append(("dependencies", .array(inputs.map { .string($0) }))) }
            return .table(table(values + keys))
        }
        let minute = SettingValue.integer(60_000_000_000)
        let weights: [(String, SettingValue)] = [("obi_zscore", .double(0.4)), ("trade_imbalance", .double(0.3)), ("volatility", .double(-0.3))]
        let nodes = [
            node("depth_source", "DepthSource", []), node("trade_source", "TradeSource", []),
            node("bid_depth_sum", "DepthSum", ["depth_source"], [("side", .string("bid")), ("depth_pct", .double(0.001))]),
            node("ask_depth_sum", "DepthSum", ["depth_source"], [("side", .string("ask")), ("depth_pct", .double(0.001))]),
            node("obi_raw", "Difference", ["bid_depth_sum", "ask_depth_sum"]),
            node("obi_zscore", "RollingZScore", ["obi_raw"], [("window", .integer(3600))]),
            node("buy_volume", "TradeVolumeFilter", ["trade_source"], [("side", .string("buy")), ("window_ns", minute)]),
            node("sell_volume", "TradeVolumeFilter", ["trade_source"], [("side", .string("sell")), ("window_ns", minute)]),
            node("trade_imbalance", "Ratio", ["buy_volume", "sell_volume"]),
            node("mid_price", "MidPrice", ["depth_source"]),
            node("returns", "Returns", ["mid_price"], [("interval_ns", minute)]),
            node("volatility", "RollingStd", ["returns"], [("window", .integer(60))]),
            node("alpha_combined", "LinearCombine", ["obi_zscore", "trade_imbalance", "volatility"], [("weights", .table(table(weights)))]),
        ]
        return try FactorDefinition.read(table([("graph", .table(table([("symbol", .string("BTCUSDT"))]))), ("nodes", .array(nodes))]))
    }
}
