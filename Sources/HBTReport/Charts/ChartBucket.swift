/// What one stretch of time looks like on a chart: lows, highs and last values of all rows in it.
struct ChartBucket: Equatable, Sendable {
    /// Which stretch: (time − first time) ÷ width.
    var index: Int64
    var lastNs: Int64
    var price: ChartRange
    var equity: ChartRange
    var equityWithoutFee: Double
    var position: ChartRange
    /// Most negative equity − running maximum of equity; NaN when unknown.
    var drawdown: Double

    /// Takes in a later bucket.
    mutating func absorb(_ later: ChartBucket) {
        lastNs = later.lastNs
        price.absorb(later.price)
        equity.absorb(later.equity)
        if !later.equityWithoutFee.isNaN { equityWithoutFee = later.equityWithoutFee }
        position.absorb(later.position)
        drawdown = Double.minimum(drawdown, later.drawdown)
    }
}

/// Lowest, highest and last of some values; NaN only when all were.
struct ChartRange: Equatable, Sendable {
    var low: Double
    var high: Double
    var last: Double

    init(_ value: Double) { (low, high, last) = (value, value, value) }

    mutating func absorb(_ later: ChartRange) {
        low = Double.minimum(low, later.low)
        high = Double.maximum(high, later.high)
        if !later.last.isNaN { last = later.last }
    }
}
