/// What a node is, with its parameters resolved.
enum FactorKind: Equatable, Sendable {
    case source(FactorSource)

    // From the book
    case midPrice, microPrice
    case spread(SpreadUnit)
    case depthSum(isBid: Bool, DepthRange)
    case staticImbalance(DepthRange)
    case weightedDepthPrice(DepthRange)
    /// nil takes the best level alone.
    case pairedPrice(DepthRange?)
    case effectivePrice(DepthRange)
    case imbalance(depth: Double, score: ScoreWindow?, isSerial: Bool)

    // From trades and the best prices
    case tradeVolume(TradeSide, windowNs: Int64)
    case tradeImbalance(windowNs: Int64)
    case tradePrice(WindowSpan)
    case orderFlow(WindowSpan, FactorClock)

    // Arithmetic
    case difference, ratio, sum, product, log
    case clip(low: Double, high: Double)
    case combine(Combination)

    // Over a window
    case statistic(Statistic, WindowSpan, Sampling)
    case windowSum(windowNs: Int64, Sampling)
    case average(AverageSpan, Sampling)
    case lag(WindowSpan, Sampling)
    case returns(intervalNs: Int64)
    case volatility(intervalNs: Int64, window: Int, ddof: Double)
}

enum FactorSource: Equatable, Sendable {
    case depth, trade, best
    /// Multiples of an interval since the epoch.
    case timer(everyNs: Int64)
}

enum SpreadUnit: String, CaseIterable, Sendable { case price, ticks, bps }

enum TradeSide: String, CaseIterable, Sendable {
    case buy, sell
    /// Also trades without a side.
    case both
}

enum Statistic: Equatable, Sendable {
    case mean
    case deviation(ddof: Double)
    case zscore(ddof: Double, guardBand: Double)
    case minimum, maximum, skew, correlation
    case quantile(Double)
    case winsorise(low: Double, high: Double)
    case regression(RegressionOutput)
}

enum RegressionOutput: String, CaseIterable, Sendable { case slope, intercept, r2, residual, prediction }

enum AverageSpan: Equatable, Sendable {
    case updates(Int)
    case tau(ns: Double)
}

/// When a windowed node takes its samples.
struct Sampling: Equatable, Sendable {
    var clock = FactorClock.update
    /// With the clock `every`.
    var everyNs: Int64 = 0
}

/// The standardisation of an imbalance.
struct ScoreWindow: Equatable, Sendable {
    var span: WindowSpan
    var ddof = 1.0
    var guardBand = 1e-10
    var sampling = Sampling()
}

/// A weighted sum, and what is made of it.
struct Combination: Equatable, Sendable {
    struct Product: Equatable, Sendable {
        var a: String
        var b: String
        var weight: Double
    }
    struct Bounds: Equatable, Sendable {
        var minimum = -Double.infinity
        var maximum = Double.infinity
    }
    /// In the order of the dependencies.
    var weights: [Double]
    var bounds: [Bounds]
    var normalizes = false
    /// nil: the sum itself.
    var activation: CombineNode.Activation?
    var bias = 0.0
    var gain = 1.0
    var products: [Product] = []
}
