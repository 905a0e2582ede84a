/// How often trades reach a given depth: λ(δ) = A·e^(−kδ), fitted to what was seen.
///
/// Each step contributes the furthest depth (half ticks from the mid price) at which a trade
/// happened; an order resting at any smaller depth would have been reached. A and k come from a
/// least-squares line through (δ, ln λ). Source: O. Guéant, C.-A. Lehalle, J. Fernandez-Tapia,
/// "Dealing with the inventory risk", 2013, §5 (calibration).
struct TradingIntensity {
    /// Furthest depth of each step of the window, in half ticks; 0 for a step without trades.
    private var ring: [Int32]
    private var next = 0
    private(set) var count = 0
    /// Steps whose furthest depth was exactly `i` half ticks; the last cell holds everything beyond.
    private var histogram: [Int]

    init(window: Int, levels: Int) {
        ring = [Int32](repeating: 0, count: window)
        histogram = [Int](repeating: 0, count: levels + 1)
    }

    /// `depthTicks`: distance of the furthest trade of the step from the mid price; nil for none.
    mutating func append(depthTicks: Double?) {
        if count == ring.count { histogram[Int(ring[next])] -= 1 } else { count += 1 }
        let cell = depthTicks.map { min(Int32(histogram.count - 1), Int32(max(0, min($0 * 2, 1e6)).rounded())) } ?? 0
        ring[next] = cell
        histogram[Int(cell)] += 1
        next = next + 1 == ring.count ? 0 : next + 1
    }

    /// A (hits a second at depth 0) and k (per tick), from the depths that were reached; nil while
    /// fewer than three depths were reached or the line does not fall.
    func fit(stepSeconds: Double) -> (a: Double, k: Double)? {
        var reached = 0
        var n = 0.0, sx = 0.0, sy = 0.0, sxx = 0.0, sxy = 0.0
        // An order at depth δ is reached when the furthest trade lies beyond it.
        for cell in stride(from: histogram.count - 1, through: 1, by: -1) {
            reached += histogram[cell]
            guard reached > 0 else { continue }
            let depth = Double(cell) / 2 - 0.25
            let rate = naturalLog(Double(reached) / (Double(count) * stepSeconds))
            n += 1
            sx += depth
            sy += rate
            sxx += depth * depth
            sxy += depth * rate
        }
        guard n >= 3 else { return nil }
        let slope = (n * sxy - sx * sy) / (n * sxx - sx * sx)
        guard slope < 0, slope.isFinite else { return nil }
        return (exponential((sy - slope * sx) / n), -slope)
    }

    // MARK: state

    func encode(into out: inout StateWriter) {
        out.begin("INTS")
        out.putRaw(ring)
        out.put(next)
        out.put(count)
    }

    mutating func restore(from input: inout StateReader) throws(StateError) {
        try input.expect("INTS")
        let stored = try input.raw(Int32.self)
        guard stored.count == ring.count, stored.allSatisfy({ $0 >= 0 && $0 < histogram.count }) else {
            throw StateError("a window of trading intensity does not fit the settings")
        }
        ring = stored
        next = try input.int()
        count = try input.int()
        guard next >= 0, next < ring.count, count >= 0, count <= ring.count else { throw StateError("a window of trading intensity does not fit together") }
        for i in histogram.indices { histogram[i] = 0 }
        for i in 0..<count { histogram[Int(ring[i])] += 1 }
    }
}
