@testable import HBTCommands

/// A small graph on the instrument of `Scratch.market`.
enum FactorFixture {
    static let graph = """
        [graph]
        name = "small"
        symbol = "TEST"
        tick_size = 0.1
        lot_size = 0.001
        \(nodes)
        """

    static let nodes = """
        [[nodes]]
        id = "depth"
        type = "DepthSource"
        [[nodes]]
        id = "trades"
        type = "TradeSource"
        [[nodes]]
        id = "bids"
        type = "DepthSum"
        side = "bid"
        depth_pct = 0.01
        dependencies = ["depth"]
        [[nodes]]
        id = "flow"
        type = "TradeImbalance"
        window = "2s"
        dependencies = ["trades"]
        [[nodes]]
        id = "score"
        type = "RollingZScore"
        window = 50
        dependencies = ["bids"]
        [[nodes]]
        id = "alpha"
        type = "LinearCombine"
        weights = { score = 0.5, flow = 0.5 }
        dependencies = ["score", "flow"]
        """

    /// The same instrument by a production file, warmed from a folder.
    static let production = """
        [factor_engine]
        symbol = "TEST"
        [factor_engine.warmup]
        duration_seconds = 1
        source = "replay"
        replay_path = "history"
        [[factor_engine.factors]]
        name = "obi"
        type = "OBIFactor"
        [factor_engine.factors.params]
        looking_depth = 0.01
        window = 50
        [[factor_engine.factors]]
        name = "flow"
        type = "TradeImbalanceFactor"
        [factor_engine.factors.params]
        window_ns = 2_000_000_000
        [factor_engine.combination]
        type = "linear"
        [factor_engine.combination.weights]
        obi = 0.5
        flow = 0.5
        """

    /// A strategy on the node `alpha`.
    static func settings(data: String = "\"market.npz\"", warmup: String = "", alpha: String = "alpha") -> String {
        """
        name = "test"
        [[asset]]
        symbol = "TEST"
        data = [\(data)]
        tick_size = 0.1
        lot_size = 0.001
        latency = { kind = "constant", entry = "10ms", response = "10ms" }
        [strategy]
        type = "obi_market_making"
        alpha = "\(alpha)"
        interval = "100ms"
        half_spread = 0.5
        skew = 0.1
        c1 = 0.5
        order_qty_value = 600.0
        max_position_value = 12_000.0
        \(warmup)
        [graph]
        symbol = "TEST"
        \(nodes)
        """
    }
}
