/// What a node is, with its parameters resolved.
///
/// Every case says formula, unit, warm-up and cost. Quantities are base currency, prices quote
/// currency. A node is warm when it has seen what is said here and everything it depends on is warm.
enum FactorKind: Equatable, Sendable {
    /// What happens; has no value itself.
    case source(FactorSource)

    // MARK: from the book

    /// (Pb + Pa)/2, quote currency. Warm once defined. O(1) a change of the best prices.
    case midPrice
    /// (Pb·qa + Pa·qb)/(qb + qa), quote currency. Warm once defined. O(1).
    /// Source: J. Gatheral and R. Oomen, "Zero-intelligence realized variance estimation", 2010.
    case microPrice
    /// Pa − Pb in quote currency or ticks, or 10⁴·(Pa − Pb)/mid in basis points. Warm once defined. O(1).
    case spread(SpreadUnit)
    /// Σ size of the levels in a range of one side, base currency. Warm once defined. O(1) a changed
    /// level, O(levels passed) a move of the range.
    case depthSum(isBid: Bool, DepthRange)
    /// (B − A)/(B + A) of the sums of both sides, 0 when both are empty. Cost as `depthSum`.
    /// Source: Á. Cartea, S. Jaimungal and J. Penalva, "Algorithmic and High-Frequency Trading", 2015, §3.
    case staticImbalance(DepthRange)
    /// Σ price·size / Σ size over both sides, quote currency. Cost as `depthSum`.
    case weightedDepthPrice(DepthRange)
    /// Volume-adjusted mid price: Σᵢ (Pbᵢ·qaᵢ + Paᵢ·qbᵢ) / Σᵢ (qbᵢ + qaᵢ) over the i-th levels of both
    /// sides, quote currency; nil takes the best level alone. O(levels) when one of them changes.
    case pairedPrice(DepthRange?)
    /// The same of the sides' average prices: (P̄b·A + P̄a·B)/(A + B), P̄ = Σ price·size/Σ size. Cost as `depthSum`.
    case effectivePrice(DepthRange)
    /// B − A within a share of the mid price, base currency, or its z-score. Warm with its window.
    /// Cost as `depthSum`, plus the score's. `isSerial` adds level by level, O(levels) a sample.
    case imbalance(depth: Double, score: ScoreWindow?, isSerial: Bool)

    // MARK: from trades and the best prices

    /// Σ size of the trades of a side, base currency. Warm when the window is spanned. O(1) amortised.
    case tradeVolume(TradeSide, windowNs: Int64)
    /// (buys − sells)/(buys + sells), 0 without trades. Warm when the window is spanned. O(1) amortised.
    case tradeImbalance(windowNs: Int64)
    /// Σ price·size / Σ size of the trades, quote currency; a count window counts trades. Warm when full
    /// or spanned. O(1) amortised.
    case tradePrice(WindowSpan)
    /// Σ e between consecutive waves, base currency (`OrderFlowWindow`). Warm when full or spanned.
    /// O(1) amortised. Source: Cont, Kukanov and Stoikov, 2014.
    case orderFlow(WindowSpan, FactorClock)

    // MARK: arithmetic: warm with its inputs, O(inputs)

    /// a − b; of two sums over one asset in lots.
    case difference
    /// a / b, 0 when b = 0.
    case ratio
    case sum, product
    /// Natural logarithm; undefined at and below 0.
    case log
    case clip(low: Double, high: Double)
    /// Σ w·x, and what is made of it.
    case combine(Combination)

    // MARK: over a window: warm when full or spanned

    /// See `Statistic`. O(1) amortised a sample; quantiles O(log n).
    case statistic(Statistic, WindowSpan, Sampling)
    /// Σ x of the samples of a time window, exactly 0 when it is empty. O(1) amortised.
    case windowSum(windowNs: Int64, Sampling)
    /// Exponential average (`MovingAverage`). Warm after `span` updates, or 2τ. O(1).
    case average(AverageSpan, Sampling)
    /// The input some samples ago, or as of some time ago. Warm once defined. O(1) amortised.
    case lag(WindowSpan, Sampling)
    /// price / previous − 1 (`ReturnSampler`). Warm after the first return. O(1), and only when due.
    case returns(intervalNs: Int64)
    /// Standard deviation of the last `window` returns. Warm when full. O(1), and only when due.
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

/// A statistic of the n samples of a window.
enum Statistic: Equatable, Sendable {
    /// Undefined without samples, like the other values below that are not said to be 0.
    case mean
    /// √(Σ(x − mean)²/(n − ddof)); 0 unless n > ddof.
    case deviation(ddof: Double)
    /// (newest − mean)/deviation; 0 unless n > ddof, and where the deviation is below the guard.
    case zscore(ddof: Double, guardBand: Double)
    case minimum, maximum
    /// Adjusted Fisher–Pearson G1 = √(n(n−1))/(n−2)·m₃/m₂^1.5; 0 for fewer than three samples or equal ones.
    case skew
    /// Pearson's r of two inputs; 0 for fewer than two samples or equal ones.
    case correlation
    /// Linear between neighbours at (n − 1)·q.
    case quantile(Double)
    /// The newest sample held between two quantiles.
    case winsorise(low: Double, high: Double)
    /// Least squares of the second input on the first; slope 0 where it is undefined.
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
