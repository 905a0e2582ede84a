/// Whole graphs: the founding document's, with eleven nodes behind its two sources.
enum SeedGraphs {
    static let all: [(name: String, goal: Double?, graph: String)] = [("whole graph of 11 nodes, an event", 80, graph)]

    private static func node(_ id: String, _ type: String, _ inputs: [String], _ keys: String = "") -> String {
        let dependencies = inputs.isEmpty ? "" : "dependencies = [\(inputs.map { "\"\($0)\"" }.joined(separator: ", "))]\n"
        return "[[nodes]]\nid = \"\(id)\"\ntype = \"\(type)\"\n\(dependencies)\(keys)\n"
    }

    private static let graph = "[graph]\nname = \"seed\"\nsymbol = \"A\"\n" + [
        node("depth", "DepthSource", []),
        node("trade", "TradeSource", []),
        node("bid_depth_sum", "DepthSum", ["depth"], "side = \"bid\"\ndepth_pct = 0.001"),
        node("ask_depth_sum", "DepthSum", ["depth"], "side = \"ask\"\ndepth_pct = 0.001"),
        node("obi_raw", "Difference", ["bid_depth_sum", "ask_depth_sum"]),
        node("obi_zscore", "RollingZScore", ["obi_raw"], "window = 3600"),
        node("buy_volume", "TradeVolumeFilter", ["trade"], "side = \"buy\"\nwindow_ns = 60_000_000_000"),
        node("sell_volume", "TradeVolumeFilter", ["trade"], "side = \"sell\"\nwindow_ns = 60_000_000_000"),
        node("trade_imbalance", "Ratio", ["buy_volume", "sell_volume"]),
        node("mid_price", "MidPrice", ["depth"]),
        node("returns", "Returns", ["mid_price"], "interval_ns = 60_000_000_000"),
        node("volatility", "RollingStd", ["returns"], "window = 60"),
        node(
            "alpha_combined", "LinearCombine", ["obi_zscore", "trade_imbalance", "volatility"],
            "weights = { \"obi_zscore\" = 0.4, \"trade_imbalance\" = 0.3, \"volatility\" = -0.3 }"),
    ].joined()
}
