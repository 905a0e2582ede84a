import HBTTypes

/// `[strategy]` tables without a settings file.
public enum StrategyTables {
    private static let location = SourceLocation(file: "benchmark", line: 0)

    static func table(_ values: [(String, SettingValue)], path: String = "") -> SettingsTable {
        SettingsTable(values.map { .init(key: $0.0, value: $0.1, location: location) }, path: path, location: location)
    }

    /// - Parameter set: changes half spread and skew.
    public static func imbalance(_ intervalNs: Int64, set: Int = 0) -> SettingsTable {
        table([
            ("interval", .string("\(intervalNs)ns")), ("looking_depth", .double(0.025)), ("window", .integer(600)),
            ("half_spread", .double(5 + Double(set % 8))), ("skew", .double(0.5 + 0.1 * Double(set / 8))),
            ("c1", .double(10)), ("order_qty_value", .double(25_000)),
            ("max_position_value", .double(500_000)), ("grid_num", .integer(1)), ("grid_interval", .double(0.1)),
        ], path: "strategy")
    }

    public static func grid(_ intervalNs: Int64) -> SettingsTable {
        table([
            ("interval", .string("\(intervalNs)ns")), ("half_spread", .double(1)), ("skew", .double(0.05)),
            ("order_qty_value", .double(5_000)), ("max_position_value", .double(500_000)), ("grid_num", .integer(5)),
            ("grid_interval", .double(0.5)),
        ], path: "strategy")
    }
}

/// Factor graphs without a settings file.
public enum FactorTables {
    /// The graph of `strategies/factors.toml`; made afresh, because a table remembers which of its keys were read.
    public static var tenNodes: SettingsTable {
        func node(_ id: String, _ type: String, _ dependencies: [String] = [], _ rest: [(String, SettingValue)] = []) -> SettingValue {
            var values: [(String, SettingValue)] = [("id", .string(id)), ("type", .string(type))]
            if !dependencies.isEmpty { values.append(("dependencies", .array(dependencies.map { .string($0) }))) }
            return .table(StrategyTables.table(values + rest))
        }
        let nodes = [
            node("depth", "DepthSource"),
            node("trades", "TradeSource"),
            node("bid_depth", "DepthSum", ["depth"], [("side", .string("bid")), ("depth_pct", .double(0.001))]),
            node("ask_depth", "DepthSum", ["depth"], [("side", .string("ask")), ("depth_pct", .double(0.001))]),
            node("imbalance", "Difference", ["bid_depth", "ask_depth"]),
            node("imbalance_score", "RollingZScore", ["imbalance"], [("window", .integer(600))]),
            node("trade_imbalance", "TradeImbalance", ["trades"], [("window", .string("10s"))]),
            node("mid_price", "MidPrice", ["depth"]),
            node("returns", "Returns", ["mid_price"], [("interval", .string("1s"))]),
            node("volatility", "RollingStd", ["returns"], [("window", .integer(10))]),
            node("alpha", "LinearCombine", ["imbalance_score", "trade_imbalance"], [
                ("normalize", .bool(true)),
                ("weights", .table(StrategyTables.table([("imbalance_score", .double(0.6)), ("trade_imbalance", .double(0.4))]))),
            ]),
        ]
        return StrategyTables.table([
            ("graph", .table(StrategyTables.table([("name", .string("ten")), ("symbol", .string("BTCUSDT"))]))),
            ("nodes", .array(nodes)),
        ])
    }
}
