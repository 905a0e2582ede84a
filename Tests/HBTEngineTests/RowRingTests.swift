import Testing

@testable import HBTEngine

@Suite struct RowRingTests {
    @Test func isAQueueThatGrowsAndWraps() {
        var random = Dice(9)
        var ring = RowRing<Int64>(capacity: 4)
        defer { ring.deallocate() }
        var twin: [Int64] = []
        for step in 0..<5_000 as Range<Int64> {
            if random.chance(52) {
                let n = random.int(1...7)
                ring.reserve(Int(n))
                for i in 0..<n {
                    ring.append(step * 10 + i)
                    twin.append(step * 10 + i)
                }
            } else if !twin.isEmpty {
                // As many as lie in one piece, at most.
                let n = Int(random.int(1...Int64(ring.contiguous.count)))
                #expect(Array(ring.contiguous[..<n]) == Array(twin[..<n]))
                if n == 1 { ring.removeFirst() } else { ring.removeFirst(n) }
                twin.removeFirst(n)
            }
            #expect(ring.count == twin.count)
            #expect(ring.isEmpty == twin.isEmpty)
            if let first = twin.first { #expect(ring.first.pointee == first) }
        }
    }
}
