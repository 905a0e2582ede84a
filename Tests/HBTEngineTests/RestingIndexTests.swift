import Testing

@testable import HBTEngine

@Suite struct RestingIndexTests {
    /// Best price first, then first come: a stable sort of everything in the order of arrival.
    @Test(arguments: [true, false])
    func equalsAStableSort(isBid: Bool) {
        var random = Dice(isBid ? 1 : 2)
        var index = RestingIndex(isBid: isBid)
        var arrivals: [(tick: Int64, slot: Int)] = []
        for slot in 0..<3_000 {
            if !arrivals.isEmpty && random.chance(45) {
                let gone = arrivals.remove(at: Int(random.int(0...Int64(arrivals.count - 1))))
                index.remove(tick: gone.tick, slot: gone.slot)
            } else {
                let tick = random.int(0...8)
                arrivals.append((tick, slot))
                index.insert(tick: tick, slot: slot)
            }
            let sorted = arrivals.enumerated().sorted { a, b in
                if a.element.tick != b.element.tick { return isBid ? a.element.tick > b.element.tick : a.element.tick < b.element.tick }
                return a.offset < b.offset
            }
            #expect(index.entries.map(\.slot) == sorted.map { Int32($0.element.slot) })
            #expect(index.isEmpty == arrivals.isEmpty)
            for tick in -1...9 as ClosedRange<Int64> where arrivals.contains(where: { $0.tick == tick }) { #expect(index.mayHold(tick)) }
            if let first = sorted.first, let last = sorted.last {
                #expect(index.bestTick == first.element.tick)
                #expect(index[index.count - 1].tick == last.element.tick)
                #expect(!index.mayHold(isBid ? first.element.tick + 1 : first.element.tick - 1))
            }
        }
    }
}
