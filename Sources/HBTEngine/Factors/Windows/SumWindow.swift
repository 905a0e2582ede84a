/// Sum of the values of a time window: what is added and later removed leaves nothing behind.
///
/// Compensated like `RollingSums`, made afresh once per window length, and exactly 0 when empty.
struct SumWindow: BitwiseCopyable {
    private(set) var ring: WindowRing<Double>
    private var sums = CompensatedSums<SIMD2<Double>>()
    private var peak = 0.0
    private var sinceRebuild = 0

    init(_ span: WindowSpan) { ring = WindowRing(span) }
    func deallocate() { ring.deallocate() }

    var value: Double { ring.count == 0 ? 0 : sums.value[0] }

    mutating func push(_ x: Double, at ns: Int64) {
        if ring.limit != 0 && ring.isFull {
            sums.subtract(SIMD2(ring.replaceOldest(with: x), 0))
        } else {
            ring.append(x, at: ns)
        }
        sums.add(SIMD2(x, 0))
        check()
    }

    mutating func expire(to ns: Int64) {
        while ring.isExpired(at: ns) {
            sums.subtract(SIMD2(ring.removeOldest(), 0))
            check()
        }
    }

    private mutating func check() {
        sinceRebuild += 1
        let total = sums.sum[0].magnitude
        peak = max(peak, total)
        if sinceRebuild >= max(ring.count, 1024) || peak > 1e10 * total {
            sums = CompensatedSums()
            for i in 0..<ring.count { sums.add(SIMD2(ring[i], 0)) }
            peak = sums.sum[0].magnitude
            sinceRebuild = 0
        }
    }

    func encode(into out: inout StateWriter) {
        ring.encode(into: &out)
        out.putRaw([sums])
        out.put(peak)
        out.put(sinceRebuild)
    }

    mutating func restore(from input: inout StateReader) throws(StateError) {
        try ring.restore(from: &input)
        let stored = try input.raw(CompensatedSums<SIMD2<Double>>.self)
        guard stored.count == 1 else { throw StateError("the sum of a window is not whole") }
        sums = stored[0]
        peak = try input.double()
        sinceRebuild = try input.int()
    }
}
