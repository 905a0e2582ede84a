/// Mean and population deviation of the last `window` values.
///
/// Running sums of the values less a reference point, rebuilt from the ring once per window, so that
/// rounding cannot pile up (O(1) amortised; error below 1e-12 of the spread of the values).
struct RollingDeviation {
    private var ring: [Double]
    private var next = 0
    private(set) var count = 0
    private var sinceRebuild = 0
    private var origin = 0.0
    private var sum = 0.0
    private var sumOfSquares = 0.0

    init(window: Int) {
        precondition(window > 0, "a rolling window holds at least one value")
        ring = [Double](repeating: 0, count: window)
    }

    mutating func append(_ x: Double) {
        if count == ring.count {
            let old = ring[next] - origin
            sum -= old
            sumOfSquares -= old * old
        } else {
            count += 1
        }
        ring[next] = x
        next = next + 1 == ring.count ? 0 : next + 1
        sinceRebuild += 1
        if sinceRebuild >= ring.count || count == 1 {
            rebuild()
        } else {
            let d = x - origin
            sum += d
            sumOfSquares += d * d
        }
    }

    private mutating func rebuild() {
        sinceRebuild = 0
        origin = ring[next == 0 ? ring.count - 1 : next - 1]
        sum = 0
        sumOfSquares = 0
        for i in 0..<count {
            let d = ring[i] - origin
            sum += d
            sumOfSquares += d * d
        }
    }

    /// Mean and deviation; deviation 0 when all values are equal.
    var meanAndDeviation: (mean: Double, deviation: Double) {
        guard count > 0 else { return (.nan, .nan) }
        let mean = sum / Double(count)
        let variance = sumOfSquares / Double(count) - mean * mean
        // What cancellation can leave of nothing: then the window decides afresh.
        if !(variance > sumOfSquares / Double(count) * 1e-12) { return exact }
        return (origin + mean, variance.squareRoot())
    }

    private var exact: (mean: Double, deviation: Double) {
        let oldest = count == ring.count ? next : 0
        var total = 0.0
        for i in 0..<count { total += ring[wrapped(oldest + i)] }
        let mean = total / Double(count)
        var squares = 0.0
        for i in 0..<count {
            let d = ring[wrapped(oldest + i)] - mean
            squares += d * d
        }
        return (mean, (squares / Double(count)).squareRoot())
    }

    @inline(__always) private func wrapped(_ i: Int) -> Int { i >= ring.count ? i - ring.count : i }

    // MARK: state

    func encode(into out: inout StateWriter) {
        out.begin("RDEV")
        out.putRaw(ring)
        out.put(next)
        out.put(count)
        out.put(sinceRebuild)
        out.put(origin)
        out.put(sum)
        out.put(sumOfSquares)
    }

    mutating func restore(from input: inout StateReader) throws(StateError) {
        try input.expect("RDEV")
        let stored = try input.raw(Double.self)
        guard stored.count == ring.count else { throw StateError("a rolling window of \(stored.count) values where the settings ask for \(ring.count)") }
        ring = stored
        next = try input.int()
        count = try input.int()
        guard next >= 0, next < ring.count, count >= 0, count <= ring.count else { throw StateError("a rolling window does not fit together") }
        sinceRebuild = try input.int()
        origin = try input.double()
        sum = try input.double()
        sumOfSquares = try input.double()
    }
}
