/// Exponential moving average, by updates or by time.
///
/// By updates: y ← α·x + (1 − α)·y, α = 2/(span + 1). By time: y decays towards the value that held
/// since the last update, y ← e^(−Δt/τ)·y + (1 − e^(−Δt/τ))·x_previous. The first value is taken whole.
struct MovingAverage: BitwiseCopyable {
    private let alpha: Double
    /// Nanoseconds; 0 when by updates.
    private let tauNs: Double
    private var y = Double.nan
    private var x = Double.nan
    private var lastNs = Int64.min
    private(set) var count = 0

    init(updates span: Int) {
        alpha = 2 / Double(span + 1)
        tauNs = 0
    }
    init(tauNs: Double) {
        alpha = 0
        self.tauNs = tauNs
    }

    var isTimed: Bool { tauNs != 0 }

    mutating func push(_ next: Double, at ns: Int64) {
        if count == 0 {
            y = next
        } else if tauNs == 0 {
            y = alpha * next + (1 - alpha) * y
        } else {
            y = value(at: ns)
        }
        x = next
        lastNs = ns
        count += 1
    }

    func value(at ns: Int64) -> Double {
        guard tauNs != 0, count > 0, ns > lastNs else { return y }
        let kept = exponential(-Double(ns &- lastNs) / tauNs)
        return kept * y + (1 - kept) * x
    }

    func encode(into out: inout StateWriter) {
        out.put(y)
        out.put(x)
        out.put(lastNs)
        out.put(count)
    }

    mutating func restore(from input: inout StateReader) throws(StateError) {
        y = try input.double()
        x = try input.double()
        lastNs = try input.int64()
        count = try input.int()
    }
}
