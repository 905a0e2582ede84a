/// What a node of a compiled graph does.
enum FactorOp: UInt8 {
    // From the book
    case mid, micro, spreadPrice, spreadTicks, spreadBps
    case depthSum, depthDifference, depthImbalance, depthPrice, effectivePrice, pairedPrice, serialDifference
    // From trades and the best prices
    case volume, tradeImbalance, tradePrice, orderFlow
    // Arithmetic
    case difference, volumeDifference, ratio, sum, product, clip, log, combine, nonlinear
    // Over a window
    case mean, deviation, zscore, serialScore, skew, minimum, maximum, quantile, winsorise, correlation
    case slope, intercept, determination, residual, prediction
    case windowSum, average, lag, returns

    /// Computed from its inputs alone, without history.
    var isArithmetic: Bool { self >= .difference && self <= .nonlinear }

    static func >= (a: FactorOp, b: FactorOp) -> Bool { a.rawValue >= b.rawValue }
    static func <= (a: FactorOp, b: FactorOp) -> Bool { a.rawValue <= b.rawValue }
}

/// When a windowed node takes a sample of its input.
enum FactorClock: UInt8, Sendable {
    /// At each update of the input.
    case update
    /// At each wave.
    case wave
    /// Once per strategy step.
    case step
    /// At each multiple of an interval since the epoch.
    case every
}

/// One node of a compiled graph. Nodes are numbered in topological order, so every input has a
/// lower number.
struct FactorStep: BitwiseCopyable {
    var op: FactorOp
    var clock = FactorClock.update
    /// Counts as updated at every sample, also when the value is the same.
    var isAlwaysUpdated = false
    var isTimed = false
    /// Takes its one input at each update into a window by count.
    var isPlain = false
    /// No other node reads it: its value may wait until somebody does.
    var isLeaf = false
    var asset: Int32 = 0
    var a: Int32 = -1
    var b: Int32 = -1
    /// In the pool of its kind.
    var index: Int32 = -1
    /// The other pool entry of a node that has two; where the weights of a combination start.
    var secondIndex: Int32 = -1
    /// Where its inputs start in the list of inputs, and how many.
    var inputs: Int32 = 0
    var inputCount: Int32 = 0
    var everyNs: Int64 = 0
    /// Subtracted from n in variances.
    var ddof: Double = 1
    /// Deviations below it give 0.
    var guardBand: Double = 1e-10
    /// Bounds of a clip, lot size of quantities.
    var low: Double = -.infinity
    var high: Double = .infinity
    /// Samples until warm.
    var warmCount: Int64 = 0
    /// Time since the first sample until warm.
    var warmNs: Int64 = 0
}

/// The weighted sum of a combination and what is made of it.
struct CombineNode: BitwiseCopyable {
    enum Activation: UInt8, Sendable { case linear, tanh, sigmoid, softsign }
    /// Where its weights start in the list of weights.
    var weights: Int32
    /// Where its products start in the list of interactions, and how many.
    var interactions: Int32 = 0
    var interactionCount: Int32 = 0
    var activation = Activation.linear
    var bias = 0.0
    var gain = 1.0
    var normalizes = false
}

/// weight × value of `a` × value of `b`, added to a combination.
struct Interaction: BitwiseCopyable {
    var a: Int32
    var b: Int32
    var weight: Double
}
