/// (x − mean)/deviation of the last values, summed afresh one after the other as a script would:
/// O(window) a value, equal to the reference's strategies in the last bit.
///
/// Without a guard: equal values give 0/0. Used in compatibility with HftBacktest alone.
struct SerialScore: BitwiseCopyable {
    private(set) var ring: WindowRing<Double>
    private(set) var value = Double.nan

    init(window: Int) { ring = WindowRing(.count(window)) }
    func deallocate() { ring.deallocate() }

    mutating func push(_ x: Double) {
        if ring.isFull { _ = ring.replaceOldest(with: x) } else { ring.append(x, at: 0) }
        let n = Double(ring.count)
        var total = 0.0
        for i in 0..<ring.count { total += ring[i] }
        let mean = total / n
        var squares = 0.0
        for i in 0..<ring.count {
            let d = ring[i] - mean
            squares += d * d
        }
        value = (x - mean) / (squares / n).squareRoot()
    }

    func encode(into out: inout StateWriter) {
        ring.encode(into: &out)
        out.put(value)
    }

    mutating func restore(from input: inout StateReader) throws(StateError) {
        try ring.restore(from: &input)
        value = try input.double()
    }
}
