/// (x − mean)/deviation of the last values, as a script would sum them: one after the other, afresh at
/// each value. Equal to the reference's strategies in the last bit.
///
/// Without a guard: equal values give 0/0. Used in compatibility with HftBacktest alone.
///
/// That sum is O(window). So a value may be deferred: `bounds` says in O(1) between which two doubles it
/// lies, and it is summed only when it is read. Whether it is changes no answer, only the time.
///
/// What comes in may be known only nearly, too (`SumStandIn`); then it must be settled before the value
/// is read.
struct SerialScore: BitwiseCopyable {
    private(set) var ring: WindowRing<Double>
    private var moments: RoundedMoments
    private var exact = Double.nan
    /// Where the newest value lies, while it has not been summed.
    private(set) var bounds: FactorInterval?
    /// Values summed so far, and a widening of bounds for tests of what happens when they are too wide.
    private(set) var scans = 0
    var widening = 0.0
    /// Where the window's values that are known nearly belong.
    private var places: WindowRing<TapePlace>
    /// What the next value is, if it is known only nearly.
    var standIn: SumStandIn?
    /// No value of the window lies further from what it stands for.
    private(set) var largestError = 0.0
    /// The newest value is asked for, and cannot be found before the window is settled.
    private(set) var isOwed = false
    /// Values in a row that had bounds.
    private var boundedCount = 0
    /// How often the window has been settled.
    private(set) var settlements = 0
    /// Whoever settles again and again gains nothing from values that are known nearly.
    var isExactForGood = false

    init(window: Int) {
        ring = WindowRing(.count(window))
        places = WindowRing(.count(window))
        moments = RoundedMoments(window: window)
    }
    func deallocate() {
        ring.deallocate()
        places.deallocate()
    }

    /// The window's values are those of the sums.
    @inline(__always) var isSettled: Bool { largestError == 0 }
    /// The next value may be known nearly: it has long been enough to know between what values lie.
    @inline(__always) var takesStandIns: Bool { boundedCount >= Self.trial && !isExactForGood }
    /// Sums are made so often that blocks of levels are worth keeping for them.
    @inline(__always) var wantsBlocks: Bool { isExactForGood || exactCount > Self.fewSums }
    /// Values that came in as they are.
    private var exactCount = 0
    private static let trial = 8
    private static let fewSums = 64
    private static let mostSettlements = 3

    /// Adds a value, and sums the window at once unless that may wait and bounds are known.
    mutating func push(_ x: Double, mayWait: Bool) {
        let place = standIn?.place ?? .nowhere
        if let standIn { largestError = max(largestError, standIn.error) } else { exactCount &+= 1 }
        standIn = nil
        var old: Double?
        if ring.isFull {
            old = ring.replaceOldest(with: x)
            _ = places.replaceOldest(with: place)
        } else {
            ring.append(x, at: 0)
            places.append(place, at: 0)
        }
        bounds = nil
        if mayWait {
            moments.replace(old, by: x, in: ring)
            bounds = enclosure(of: x)
        }
        boundedCount = bounds == nil ? 0 : boundedCount &+ 1
        if bounds == nil { sum() }
    }

    /// Must be settled.
    mutating func value() -> Double {
        if bounds != nil {
            bounds = nil
            sum()
        }
        precondition(!isOwed, "a score of values that are known nearly is settled before it is read")
        return exact
    }

    private mutating func sum() {
        isOwed = !isSettled
        if !isOwed { exact = scan() }
    }

    /// Puts the sums in place of what stands in for them; `sum` is asked oldest first.
    mutating func settle(_ sum: (TapePlace) throws -> Double) rethrows {
        for i in 0..<ring.count where places[i] != .nowhere {
            ring[i] = try sum(places[i])
            places[i] = .nowhere
        }
        largestError = 0
        boundedCount = 0
        settlements &+= 1
        if settlements == Self.mostSettlements { isExactForGood = true }
        moments.rebuild(ring)
        bounds = nil
        self.sum()
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
    ///
    /// Values that are known to ±e only move the mean by at most e, and the deviation, which is a norm of
    /// the values less their mean, by at most e.
    private func enclosure(of x: Double) -> FactorInterval? {
        guard let known = moments.summary(count: ring.count) else { return nil }
        let v = 0x1p-53, h = known.coarseness + largestError
        let relative = 4 * (Double(ring.count) + 16) * v
        guard relative < 0.001 else { return nil }
        let meanError = h + relative * (known.rootMeanSquare + h)
        let error = meanError + 16 * v * (x.magnitude + known.rootMeanSquare)
        let least = (known.deviation * (1 - relative) - h) * (1 - relative)
        let most = (known.deviation * (1 + relative) + h + meanError) * (1 + relative)
        // A deviation of rounding errors alone says nothing, and squares must not underflow.
        guard least > 0x1p-300, most < 0x1p300 else { return nil }
        let distance = x - known.mean
        let below = distance - error - largestError, above = distance + error + largestError
        let low = below / (below < 0 ? least : most), high = above / (above < 0 ? most : least)
        let slack = (relative + widening) * max(low.magnitude, high.magnitude) + 0x1p-1000
        return FactorInterval(low: low - slack, high: high + slack)
    }

    /// The state is what has been seen; the value is summed for it if it has not been. Must be settled.
    mutating func encode(into out: inout StateWriter) {
        ring.encode(into: &out)
        out.put(value())
    }

    mutating func restore(from input: inout StateReader) throws(StateError) {
        try ring.restore(from: &input)
        exact = try input.double()
        places.fill(.nowhere, count: ring.count)
        (largestError, boundedCount, isOwed, bounds) = (0, 0, false, nil)
        moments.rebuild(ring)
    }
}
