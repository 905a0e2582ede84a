import HBTTypes

/// The node types a file may name: what each takes, and its parameters.
struct FactorType: Sendable {
    enum Inputs: Equatable, Sendable {
        case none
        /// A source of the book: DepthSource, or BBOSource when the best prices are enough.
        case book(best: Bool)
        case trades
        /// So many nodes with a value.
        case nodes(Int)
        /// At least so many.
        case atLeast(Int)
        /// A node with a price, or a DepthSource whose mid price is taken.
        case price
    }
    let name: String
    let inputs: Inputs
    /// Takes samples: `clock`, `every`, or a TimerSource among its dependencies.
    let isSampled: Bool
    let read: @Sendable (SettingsTable, Context) throws(SettingsError) -> FactorKind

    /// What a reader may need beside its own table.
    struct Context {
        /// Interval of a timer among the dependencies.
        var timerNs: Int64?
        /// Ids of the dependencies, timers and sources left out.
        var inputs: [FactorNode.Dependency]
    }

    private init(
        _ name: String, _ inputs: Inputs, isSampled: Bool = false,
        _ read: @escaping @Sendable (SettingsTable, Context) throws(SettingsError) -> FactorKind
    ) {
        self.name = name
        self.inputs = inputs
        self.isSampled = isSampled
        self.read = read
    }

    private static func statistic(
        _ name: String, inputs: Int = 1, _ make: @escaping @Sendable (SettingsTable) throws(SettingsError) -> Statistic
    ) -> FactorType {
        FactorType(name, .nodes(inputs), isSampled: true) { table, context throws(SettingsError) in
            .statistic(try make(table), try table.windowSpan("window"), try table.sampling(timerNs: context.timerNs))
        }
    }

    static func named(_ name: String) -> FactorType? { all.first { $0.name == name } }

    static let all: [FactorType] = sources + book + flow + arithmetic + windows

    private static let sources: [FactorType] = [
        FactorType("DepthSource", .none) { _, _ in .source(.depth) },
        FactorType("TradeSource", .none) { _, _ in .source(.trade) },
        FactorType("BBOSource", .none) { _, _ in .source(.best) },
        FactorType("TimerSource", .none) { table, _ throws(SettingsError) in .source(.timer(everyNs: try table.requiredSpanNs("every"))) },
    ]

    private static let book: [FactorType] = [
        FactorType("MidPrice", .book(best: true)) { _, _ in .midPrice },
        FactorType("MicroPrice", .book(best: true)) { _, _ in .microPrice },
        FactorType("Spread", .book(best: true)) { table, _ throws(SettingsError) in .spread(try table.word("unit", SpreadUnit.self) ?? .price) },
        FactorType("DepthSum", .book(best: false)) { table, _ throws(SettingsError) in
            let side = try table.require("side", try table.string("side"))
            guard side == "bid" || side == "ask" else { throw table.error("side", "= \"\(side)\" is not known; write \"bid\" or \"ask\"") }
            return .depthSum(isBid: side == "bid", try table.depthRange(["depth_pct", "depth_ticks", "depth_notional"]))
        },
        FactorType("StaticOBI", .book(best: false)) { table, _ throws(SettingsError) in .staticImbalance(try table.depthRange(["levels", "depth_pct"])) },
        FactorType("WeightedDepthPrice", .book(best: false)) { table, _ throws(SettingsError) in
            .weightedDepthPrice(try table.depthRange(["levels", "depth_pct"]))
        },
        FactorType("VAMP", .book(best: false)) { table, _ throws(SettingsError) in
            let mode = try table.require("mode", try table.string("mode"))
            switch mode {
            case "best": return .pairedPrice(nil)
            case "n": return .pairedPrice(try table.depthRange(["levels", "depth_pct"]))
            case "effective": return .effectivePrice(try table.depthRange(["levels", "depth_pct"]))
            default: throw table.error("mode", "= \"\(mode)\" is not known; write best, n or effective")
            }
        },
        FactorType("OBI", .book(best: false), isSampled: true) { table, context throws(SettingsError) in
            try FactorType.imbalance(table, context)
        },
    ]

    private static func imbalance(_ table: SettingsTable, _ context: Context) throws(SettingsError) -> FactorKind {
        let depth = try table.share("looking_depth")
        let output = try table.string("output") ?? "zscore"
        let summation = try table.string("summation") ?? "exact"
        guard summation == "exact" || summation == "serial" else {
            throw table.error("summation", "= \"\(summation)\" is not known; write \"exact\" or \"serial\"")
        }
        switch output {
        case "raw":
            if summation == "serial" { throw table.error("summation", "= \"serial\" is for output = \"zscore\" with clock = \"step\"") }
            return .imbalance(depth: depth, score: nil, isSerial: false)
        case "zscore":
            var score = ScoreWindow(span: try table.windowSpan("window"))
            score.ddof = try table.ddof()
            score.guardBand = try table.nonNegative("guard", default: 1e-10)
            score.sampling = try table.sampling(timerNs: context.timerNs)
            if summation == "serial" {
                guard case .count = score.span, score.sampling.clock == .step, score.ddof == 0, score.guardBand == 0 else {
                    throw table.error("summation", "= \"serial\" goes with a count window, clock = \"step\", ddof = 0 and guard = 0 alone")
                }
            }
            return .imbalance(depth: depth, score: score, isSerial: summation == "serial")
        default:
            throw table.error("output", "= \"\(output)\" is not known; write zscore or raw")
        }
    }

    private static let flow: [FactorType] = [
        FactorType("TradeVolumeFilter", .trades) { table, _ throws(SettingsError) in
            let side = try table.require("side", try table.word("side", TradeSide.self))
            return .tradeVolume(side, windowNs: try table.requiredSpanNs("window"))
        },
        FactorType("TradeImbalance", .trades) { table, _ throws(SettingsError) in .tradeImbalance(windowNs: try table.requiredSpanNs("window")) },
        FactorType("VWAP", .trades) { table, _ throws(SettingsError) in .tradePrice(try table.windowSpan("window")) },
        FactorType("OrderFlowImbalance", .book(best: true), isSampled: true) { table, context throws(SettingsError) in
            let sampling = try table.sampling(timerNs: context.timerNs)
            guard sampling.clock == .update || sampling.clock == .wave else {
                throw SettingsError(table.location, "OrderFlowImbalance is measured between waves; clock is update or wave")
            }
            return .orderFlow(try table.windowSpan("window"), sampling.clock)
        },
    ]

    private static let arithmetic: [FactorType] = [
        FactorType("Difference", .nodes(2)) { _, _ in .difference },
        FactorType("Ratio", .nodes(2)) { _, _ in .ratio },
        FactorType("Sum", .atLeast(1)) { _, _ in .sum },
        FactorType("Product", .atLeast(1)) { _, _ in .product },
        FactorType("Log", .nodes(1)) { _, _ in .log },
        FactorType("Clip", .nodes(1)) { table, _ throws(SettingsError) in
            let low = table.entry("min") == nil ? -Double.infinity : try table.number("min")
            let high = table.entry("max") == nil ? Double.infinity : try table.number("max")
            if low == -.infinity && high == .infinity { throw SettingsError(table.location, "\(table.fullName("min")) or max is missing") }
            guard low <= high else { throw table.error("min", "= \(low) lies above max = \(high)") }
            return .clip(low: low, high: high)
        },
        FactorType("LinearCombine", .atLeast(1)) { table, context throws(SettingsError) in
            .combine(try CombinationReader.read(table, inputs: context.inputs, isLinear: true))
        },
        FactorType("NonlinearCombine", .atLeast(1)) { table, context throws(SettingsError) in
            .combine(try CombinationReader.read(table, inputs: context.inputs, isLinear: false))
        },
    ]

    private static let windows: [FactorType] = [
        statistic("RollingMean") { _ in .mean },
        statistic("RollingStd") { table throws(SettingsError) in .deviation(ddof: try table.ddof()) },
        statistic("RollingZScore") { table throws(SettingsError) in
            .zscore(ddof: try table.ddof(), guardBand: try table.nonNegative("guard", default: 1e-10))
        },
        statistic("RollingMin") { _ in .minimum },
        statistic("RollingMax") { _ in .maximum },
        statistic("RollingSkew") { _ in .skew },
        statistic("RollingQuantile") { table throws(SettingsError) in .quantile(try table.fraction("quantile")) },
        statistic("RollingCorrelation", inputs: 2) { _ in .correlation },
        statistic("RollingRegression", inputs: 2) { table throws(SettingsError) in .regression(try table.word("output", RegressionOutput.self) ?? .slope) },
        statistic("Winsorise") { table throws(SettingsError) in
            let low = try table.fraction("lower"), high = try table.fraction("upper")
            guard low <= high else { throw table.error("lower", "= \(low) lies above upper = \(high)") }
            return .winsorise(low: low, high: high)
        },
        FactorType("TimeWindowSum", .nodes(1), isSampled: true) { table, context throws(SettingsError) in
            .windowSum(windowNs: try table.requiredSpanNs("window"), try table.sampling(timerNs: context.timerNs))
        },
        FactorType("EMA", .nodes(1), isSampled: true) { table, context throws(SettingsError) in
            .average(try FactorType.averageSpan(table), try table.sampling(timerNs: context.timerNs))
        },
        FactorType("Lag", .nodes(1), isSampled: true) { table, context throws(SettingsError) in
            .lag(try table.windowSpan("lag"), try table.sampling(timerNs: context.timerNs))
        },
        FactorType("Returns", .price) { table, _ throws(SettingsError) in .returns(intervalNs: try table.requiredSpanNs("interval")) },
        FactorType("Volatility", .price) { table, _ throws(SettingsError) in
            .volatility(intervalNs: try table.requiredSpanNs("interval"), window: try table.count("window", upTo: 100_000_000), ddof: try table.ddof())
        },
    ]

    private static func averageSpan(_ table: SettingsTable) throws(SettingsError) -> AverageSpan {
        let halfLife = try table.spanNs("half_life"), tau = try table.spanNs("tau")
        let hasSpan = table.entry("span") != nil
        switch (hasSpan, halfLife, tau) {
        case (true, nil, nil): return .updates(try table.count("span", upTo: 1_000_000_000))
        case (false, let ns?, nil): return .tau(ns: Double(ns) / 0.6931471805599453)
        case (false, nil, let ns?): return .tau(ns: Double(ns))
        case (false, nil, nil): throw SettingsError(table.location, "\(table.fullName("span")) is missing; write one of span, half_life_ns, tau_ns")
        default: throw table.error(hasSpan ? "span" : "half_life_ns", "cannot stand beside another span; write one of span, half_life_ns, tau_ns")
        }
    }
}
