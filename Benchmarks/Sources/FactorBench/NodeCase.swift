/// One node to measure: the graph around it and what a single event of it is.
struct NodeCase {
    enum Method {
        /// By itself, with recorded inputs.
        case replay
        /// With the book, row by row.
        case rows
    }
    var name: String
    var method = Method.replay
    /// Of the node.
    var keys: String
    var type: String
    var inputs: String
    /// At most so many nanoseconds, where somebody has asked for it.
    var goal: Double?

    private init(_ name: String, _ type: String, _ inputs: String, _ keys: String = "", _ method: Method = .replay, goal: Double? = nil) {
        self.name = name
        self.type = type
        self.inputs = inputs
        self.keys = keys
        self.method = method
        self.goal = goal
    }

    /// Sources and the inputs that the cases name, then the node `x`.
    var graph: String {
        var lines = ["[graph]", "name = \"bench\"", "symbol = \"A\""]
        func add(_ id: String, _ type: String, _ inputs: String, _ keys: String) {
            lines += ["[[nodes]]", "id = \"\(id)\"", "type = \"\(type)\""]
            if !inputs.isEmpty { lines.append("dependencies = [\(inputs.split(separator: ",").map { "\"\($0)\"" }.joined(separator: ", "))]") }
            lines += keys.split(separator: ";").map(String.init)
        }
        add("depth", "DepthSource", "", "")
        add("trade", "TradeSource", "", "")
        add("best", "BBOSource", "", "")
        for (id, type, source, keys) in Self.helpers where inputs.contains(id) { add(id, type, source, keys) }
        add("x", type, inputs, keys)
        return lines.joined(separator: "\n")
    }

    private static let helpers = [
        ("mid", "MidPrice", "best", ""), ("micro", "MicroPrice", "best", ""), ("flow", "TradeImbalance", "trade", "window = \"5s\""),
        ("bids", "DepthSum", "depth", "side = \"bid\";depth_pct = 0.001"), ("obi", "OBI", "depth", "looking_depth = 0.001;output = \"raw\""),
    ]

    static let all: [NodeCase] = book + trades + arithmetic + windows

    private static let book = [
        NodeCase("OBI 0.1 %, z-score of 3600", "OBI", "depth", "looking_depth = 0.001;window = 3600", .rows, goal: 15),
        NodeCase("OBI 2.5 %, z-score of 3600", "OBI", "depth", "looking_depth = 0.025;window = 3600", .rows, goal: 15),
        NodeCase("OBI 0.1 %, raw", "OBI", "depth", "looking_depth = 0.001;output = \"raw\"", .rows),
        NodeCase("DepthSum, 0.1 %", "DepthSum", "depth", "side = \"bid\";depth_pct = 0.001", .rows),
        NodeCase("DepthSum, 50 ticks", "DepthSum", "depth", "side = \"bid\";depth_ticks = 50", .rows),
        NodeCase("DepthSum, notional 1e6", "DepthSum", "depth", "side = \"bid\";depth_notional = 1e6", .rows),
        NodeCase("StaticOBI, 5 levels", "StaticOBI", "depth", "levels = 5", .rows),
        NodeCase("WeightedDepthPrice, 0.1 %", "WeightedDepthPrice", "depth", "depth_pct = 0.001", .rows),
        NodeCase("VAMP n, 5 levels", "VAMP", "depth", "mode = \"n\";levels = 5", .rows),
        NodeCase("VAMP effective, 0.1 %", "VAMP", "depth", "mode = \"effective\";depth_pct = 0.001", .rows),
        NodeCase("MidPrice", "MidPrice", "best"),
        NodeCase("MicroPrice, VAMP best", "MicroPrice", "best"),
        NodeCase("Spread, bps", "Spread", "best", "unit = \"bps\""),
        NodeCase("OrderFlowImbalance, 200", "OrderFlowImbalance", "best", "window = 200"),
    ]

    private static let trades = [
        NodeCase("TradeImbalance, 60 s", "TradeImbalance", "trade", "window = \"60s\"", goal: 15),
        NodeCase("TradeVolumeFilter, 60 s", "TradeVolumeFilter", "trade", "side = \"buy\";window = \"60s\""),
        NodeCase("VWAP, 60 s", "VWAP", "trade", "window = \"60s\""),
    ]

    private static let arithmetic = [
        NodeCase("LinearCombine of 3", "LinearCombine", "mid,flow,obi", "weights = { mid = 0.4, flow = 0.3, obi = -0.3 }", goal: 5),
        NodeCase("NonlinearCombine of 3, tanh", "NonlinearCombine", "mid,flow,obi", "weights = { mid = 0.00001, flow = 0.3, obi = -0.01 }"),
        NodeCase("Difference", "Difference", "mid,micro"),
        NodeCase("Ratio", "Ratio", "mid,micro"),
        NodeCase("Sum of 3", "Sum", "mid,flow,obi"),
        NodeCase("Product of 2", "Product", "mid,flow"),
        NodeCase("Clip", "Clip", "obi", "min = -10;max = 10"),
        NodeCase("Log", "Log", "micro"),
    ]

    private static let windows = [
        NodeCase("RollingZScore, 3600", "RollingZScore", "obi", "window = 3600", goal: 8),
        NodeCase("RollingZScore, 60 s", "RollingZScore", "obi", "window = \"60s\""),
        NodeCase("RollingMean, 3600", "RollingMean", "obi", "window = 3600"),
        NodeCase("RollingStd, 3600", "RollingStd", "obi", "window = 3600"),
        NodeCase("RollingMin, 3600", "RollingMin", "obi", "window = 3600"),
        NodeCase("RollingQuantile 0.5, 3600", "RollingQuantile", "obi", "quantile = 0.5;window = 3600"),
        NodeCase("Winsorise, 3600", "Winsorise", "obi", "lower = 0.05;upper = 0.95;window = 3600"),
        NodeCase("RollingSkew, 3600", "RollingSkew", "obi", "window = 3600"),
        NodeCase("RollingCorrelation, 3600", "RollingCorrelation", "obi,micro", "window = 3600"),
        NodeCase("RollingRegression, 3600", "RollingRegression", "obi,micro", "window = 3600"),
        NodeCase("TimeWindowSum, 10 s", "TimeWindowSum", "obi", "window = \"10s\""),
        NodeCase("EMA, span 20", "EMA", "obi", "span = 20"),
        NodeCase("EMA, tau 1 s", "EMA", "obi", "tau = \"1s\""),
        NodeCase("Lag, 100", "Lag", "obi", "lag = 100"),
        NodeCase("Lag, 1 s", "Lag", "obi", "lag = \"1s\""),
        NodeCase("Returns, 10 ms", "Returns", "mid", "interval = \"10ms\""),
        NodeCase("Volatility of 60, 10 ms", "Volatility", "mid", "interval = \"10ms\";window = 60", goal: 12),
    ]
}
