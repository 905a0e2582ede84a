import HBTTypes

/// A node that remembers everything it has ever seen and computes its value afresh each time.
final class SlowNode {
    let id: String
    let type: String
    let keys: SlowKeys
    let dependencies: [String]
    var value = Double.nan
    var isUpdated = false
    /// Samples taken, with their times.
    var history: [(ns: Int64, x: Double, y: Double)] = []
    /// Trades: time, price, size, side.
    var trades: [(ns: Int64, price: Double, size: Double, side: Int)] = []
    var lastTop: (Int64, Double, Int64, Double)?
    var lastSampleNs: Int64?
    var lastPrice = Double.nan
    var returns: [Double] = []

    init(_ table: SettingsTable) {
        keys = SlowKeys(table: table)
        id = keys.text("id") ?? ""
        type = keys.text("type") ?? ""
        dependencies = keys.list("dependencies")
    }

    /// Samples inside the window as seen at `ns`.
    func window(at ns: Int64, _ key: String = "window") -> [(ns: Int64, x: Double, y: Double)] {
        if let span = keys.ns(key) { return history.filter { $0.ns >= ns - span } }
        return Array(history.suffix(Int(keys.integer(key) ?? 1)))
    }

    func tradeWindow(at ns: Int64) -> [(ns: Int64, price: Double, size: Double, side: Int)] {
        if let span = keys.ns("window") { return trades.filter { $0.ns >= ns - span } }
        return Array(trades.suffix(Int(keys.integer("window") ?? 1)))
    }

    /// Statistic of the window, without any running sum.
    func statistic(at ns: Int64) -> Double {
        let samples = window(at: ns)
        let x = samples.map(\.x), y = samples.map(\.y)
        let n = Double(x.count)
        let ddof = Double(keys.integer("ddof") ?? 1)
        switch type {
        case "RollingMean": return x.isEmpty ? .nan : Slow.mean(x)
        case "RollingStd": return n > ddof ? Slow.deviation(x, ddof) : 0
        case "RollingZScore", "OBI":
            guard n > ddof, let last = x.last else { return 0 }
            let deviation = Slow.deviation(x, ddof)
            return deviation < (keys.number("guard") ?? 1e-10) ? 0 : (last - Slow.mean(x)) / deviation
        case "RollingMin": return x.min() ?? .nan
        case "RollingMax": return x.max() ?? .nan
        case "RollingQuantile": return Slow.quantile(x, keys.number("quantile") ?? 0.5)
        case "Winsorise":
            guard let last = x.last else { return .nan }
            return min(max(last, Slow.quantile(x, keys.number("lower") ?? 0)), Slow.quantile(x, keys.number("upper") ?? 1))
        case "RollingSkew": return Slow.skew(x)
        case "TimeWindowSum": return x.reduce(0, +)
        case "RollingCorrelation": return Slow.correlation(x, y)
        case "RollingRegression": return Slow.regression(x, y, keys.text("output") ?? "slope")
        default: return .nan
        }
    }

    /// Exponential average over all samples, from the first.
    func average(at ns: Int64) -> Double {
        guard var y = history.first?.x else { return .nan }
        if let span = keys.integer("span") {
            let alpha = 2 / (Double(span) + 1)
            for sample in history.dropFirst() { y = alpha * sample.x + (1 - alpha) * y }
            return y
        }
        let tau = keys.ns("tau").map(Double.init) ?? Double(keys.ns("half_life") ?? 1) / 0.6931471805599453
        var last = history[0]
        for sample in history.dropFirst() {
            let kept = Slow.exp(-Double(sample.ns - last.ns) / tau)
            y = kept * y + (1 - kept) * last.x
            last = sample
        }
        let kept = Slow.exp(-Double(ns - last.ns) / tau)
        return kept * y + (1 - kept) * last.x
    }

    func lagged(at ns: Int64) -> Double {
        if let lag = keys.ns("lag") { return history.last { $0.ns <= ns - lag }?.x ?? .nan }
        let lag = Int(keys.integer("lag") ?? 1)
        return history.count > lag ? history[history.count - 1 - lag].x : .nan
    }
}

/// Textbook formulas.
enum Slow {
    static func mean(_ x: [Double]) -> Double { x.reduce(0, +) / Double(x.count) }

    /// Two passes.
    static func deviation(_ x: [Double], _ ddof: Double) -> Double {
        let m = mean(x)
        return (x.reduce(0) { $0 + ($1 - m) * ($1 - m) } / (Double(x.count) - ddof)).squareRoot()
    }

    /// Linear at (n − 1)·q.
    static func quantile(_ x: [Double], _ q: Double) -> Double {
        guard !x.isEmpty else { return .nan }
        let sorted = x.sorted()
        let at = Double(x.count - 1) * q
        let i = Int(at)
        return i + 1 < sorted.count ? sorted[i] + (sorted[i + 1] - sorted[i]) * (at - Double(i)) : sorted[i]
    }

    static func skew(_ x: [Double]) -> Double {
        let n = Double(x.count)
        guard n >= 3 else { return 0 }
        let m = mean(x)
        let second = x.reduce(0) { $0 + ($1 - m) * ($1 - m) } / n, third = x.reduce(0) { $0 + ($1 - m) * ($1 - m) * ($1 - m) } / n
        return x.allSatisfy { $0 == x[0] } ? 0 : third / (second * second.squareRoot()) * (n * (n - 1)).squareRoot() / (n - 2)
    }

    static func correlation(_ x: [Double], _ y: [Double]) -> Double {
        guard x.count >= 2, x.contains(where: { $0 != x[0] }), y.contains(where: { $0 != y[0] }) else { return 0 }
        return zip(x, y).reduce(0) { $0 + ($1.0 - mean(x)) * ($1.1 - mean(y)) } / Double(x.count) / (deviation(x, 0) * deviation(y, 0))
    }

    static func regression(_ x: [Double], _ y: [Double], _ output: String) -> Double {
        if output == "r2" { return correlation(x, y) * correlation(x, y) }
        var slope = 0.0
        if x.count >= 2, x.contains(where: { $0 != x[0] }) {
            slope = correlation(x, y) * deviation(y, 0) / deviation(x, 0)
        }
        guard let last = x.last, let lastY = y.last else { return output == "slope" ? 0 : .nan }
        switch output {
        case "slope": return slope
        case "intercept": return mean(y) - slope * mean(x)
        case "prediction": return mean(y) + slope * (last - mean(x))
        default: return lastY - (mean(y) + slope * (last - mean(x)))
        }
    }

    /// Its own series, halving until small: no library in common with what it judges.
    static func exp(_ x: Double) -> Double {
        if x < -700 { return 0 }
        if abs(x) > 0.1 {
            let half = exp(x / 2)
            return half * half
        }
        var term = 1.0, sum = 1.0
        for i in 1..<15 {
            term *= x / Double(i)
            sum += term
        }
        return sum
    }

    static func log(_ x: Double) -> Double {
        guard x > 0 else { return .nan }
        var y = Double(x.exponent) * 0.6931471805599453
        for _ in 0..<60 { y += x / exp(y) - 1 }
        return y
    }
}
