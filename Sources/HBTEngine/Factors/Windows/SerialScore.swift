/// (x − mean)/deviation of the last values, as a script would sum them: one after the other, afresh at
/// each value. Equal to the reference's strategies in the last bit.
///
/// Without a guard: equal values give 0/0. Used in compatibility with HftBacktest alone.
///
/// That sum is O(window). So a value may be deferred: `bounds` says in O(1) between which two doubles it
/// lies, and it is summed only when it is read. Whether it is changes no answer, only the time.
struct SerialScore: BitwiseCopyable {
    private(set) var ring: WindowRing<Double>
    private var moments: RoundedMoments
    private var exact = Double.nan
    /// Where the newest value lies, while it has not been summed.
    private(set) var bounds: FactorInterval?
    /// Values summed so far, and a widening of bounds for tests of what happens when they are too wide.
    private(set) var scans = 0
    var widening = 0.0

    init(window: Int) {
        ring = WindowRing(.count(window))
        moments = RoundedMoments(window: window)
    }
    func deallocate() { ring.deallocate() }

    /// Adds a value, and sums the window at once unless that may wait and bounds are known.
    mutating func push(_ x: Double, mayWait: Bool) {
        var old: Double?
        if ring.isFull { old = ring.replaceOldest(with: x) } else { ring.append(x, at: 0) }
        bounds = nil
        if mayWait {
            moments.replace(old, by: x, in: ring)
            bounds = enclosure(of: x)
        }
        if bounds == nil { exact = scan() }
    }

    mutating func value() -> Double {
        if bounds != nil {
            exact = scan()
            bounds = nil
        }
        return exact
    }

    private mutating func scan() -> Double {
        scans &+= 1
        let n = Double(ring.count)
        var total = 0.0
        for i in 0..<ring.count { total += ring[i] }
        let mean = total / n
        var squares = 0.0
        for i in 0..<ring.count {
            let d = ring[i] - mean
            squares += d * d
        }
        return (ring.newest.pointee - mean) / (squares / n).squareRoot()
    }

    /// What `scan` surely gives a value of; nil when nothing useful can be said.
    ///
    /// With n values, unit roundoff v = 2⁻⁵³, their true mean m, deviation σ and root mean square R:
    /// adding n doubles one by one errs by at most about n·v·Σ|x| ≤ n·v·n·R (Higham, "Accuracy and
    /// Stability of Numerical Algorithms", §4.2, and Cauchy-Schwarz), so the scan's mean is m + δ with
    /// |δ| ≤ (n + 1)·v·R. Its Σ(x − m − δ)² = n·(σ² + δ²) has terms of one sign: relative error
    /// (n + 3)·v, half of it after the root. All bounds are taken four times as wide, which covers
    /// higher powers of v and the roundings of this function itself.
    private func enclosure(of x: Double) -> FactorInterval? {
        guard let known = moments.summary(count: ring.count) else { return nil }
        let v = 0x1p-53, h = known.coarseness
        let relative = 4 * (Double(ring.count) + 16) * v
        guard relative < 0.001 else { return nil }
        let meanError = h + relative * (known.rootMeanSquare + h)
        let error = meanError + 16 * v * (x.magnitude + known.rootMeanSquare)
        let least = (known.deviation * (1 - relative) - h) * (1 - relative)
        let most = (known.deviation * (1 + relative) + h + meanError) * (1 + relative)
        // A deviation of rounding errors alone says nothing, and squares must not underflow.
        guard least > 0x1p-300, most < 0x1p300 else { return nil }
        let distance = x - known.mean
        let below = distance - error, above = distance + error
        let low = below / (below < 0 ? least : most), high = above / (above < 0 ? most : least)
        let slack = (relative + widening) * max(low.magnitude, high.magnitude) + 0x1p-1000
        return FactorInterval(low: low - slack, high: high + slack)
    }

    /// The state is what has been seen; the value is summed for it if it has not been.
    mutating func encode(into out: inout StateWriter) {
        ring.encode(into: &out)
        out.put(value())
    }

    mutating func restore(from input: inout StateReader) throws(StateError) {
        try ring.restore(from: &input)
        exact = try input.double()
        bounds = nil
        moments.rebuild(ring)
    }
}
