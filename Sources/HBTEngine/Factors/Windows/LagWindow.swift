/// A value some updates or some time ago.
struct LagWindow: BitwiseCopyable {
    private var ring: WindowRing<Double>
    private let lagNs: Int64
    /// The newest value that is old enough; NaN until there is one.
    private(set) var value = Double.nan

    /// A count of n looks back n updates.
    init(_ span: WindowSpan) {
        switch span {
        case .count(let n):
            ring = WindowRing(.count(n))
            lagNs = 0
        case .time(let ns):
            ring = WindowRing(span)
            lagNs = ns
        }
    }
    func deallocate() { ring.deallocate() }

    var dueNs: Int64 { lagNs == 0 || ring.count == 0 ? .max : later(ring.time(0), by: lagNs) }

    /// True when another value has come into force.
    mutating func push(_ x: Double, at ns: Int64) -> Bool {
        guard lagNs == 0 else {
            ring.append(x, at: ns)
            return false
        }
        guard ring.isFull else {
            ring.append(x, at: ns)
            return false
        }
        value = ring.replaceOldest(with: x)
        return true
    }

    mutating func expire(to ns: Int64) -> Bool {
        guard lagNs != 0 else { return false }
        var isMoved = false
        while ring.count > 0 && ring.time(0) <= earlier(ns, by: lagNs) {
            value = ring.removeOldest()
            isMoved = true
        }
        return isMoved
    }

    /// As read at a time: looks ahead without moving on.
    func value(at ns: Int64) -> Double {
        guard lagNs != 0 else { return value }
        var result = value
        var i = 0
        while i < ring.count && ring.time(i) <= earlier(ns, by: lagNs) {
            result = ring[i]
            i += 1
        }
        return result
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
