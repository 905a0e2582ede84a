/// Samples a price at least every `intervalNs` and gives the return between samples.
///
/// The first sample is the first defined price; each later one is taken at the first wave that is
/// at least the interval after the last. Time 0 is a time like any other.
struct ReturnSampler: BitwiseCopyable {
    let intervalNs: Int64
    private(set) var hasSample = false
    private var lastNs: Int64 = 0
    private var price = Double.nan
    /// NaN until there are two samples.
    private(set) var value = Double.nan
    /// When the next sample is due; any time before the first.
    private(set) var dueNs = Int64.min

    init(intervalNs: Int64) { self.intervalNs = intervalNs }

    /// True when a return was taken.
    @inline(__always) mutating func sample(_ next: Double, at ns: Int64) -> Bool {
        guard ns >= dueNs, isSample(next) else { return false }
        let isReturn = hasSample
        if isReturn { value = next / price - 1 }
        hasSample = true
        price = next
        lastNs = ns
        dueNs = later(ns, by: intervalNs)
        return isReturn
    }

    func encode(into out: inout StateWriter) {
        out.put(hasSample)
        out.put(lastNs)
        out.put(price)
        out.put(value)
    }

    mutating func restore(from input: inout StateReader) throws(StateError) {
        hasSample = try input.bool()
        lastNs = try input.int64()
        price = try input.double()
        value = try input.double()
        dueNs = hasSample ? later(lastNs, by: intervalNs) : .min
    }
}
