import HBTEngine
import HBTTypes
import Testing

@testable import HBTRunner

@Suite struct DueQueueTests {
    @Test func whatFallsDueTogetherStaysInItsOrder() {
        var queue = DueQueue<String>()
        for (item, ns) in [("c", 5), ("a", 3), ("d", 5), ("b", 3), ("e", 9)] as [(String, Int64)] { queue.add(item, at: ns) }
        #expect(queue.nextNs == 3)
        var taken: [String] = []
        while let next = queue.take(upTo: 5) { taken.append("\(next.item)\(next.ns)") }
        #expect(taken == ["a3", "b3", "c5", "d5"])
        #expect(queue.nextNs == 9)
        queue.keep { $0 != "e" }
        #expect(queue.nextNs == nil)
    }

    @Test func ordersDoNotOvertakeEachOtherAndOthersDoNotHoldThemUp() throws {
        let spec = AssetSpec(symbol: "T", tickSize: 1, lotSize: 1, latency: .constant(entryNs: 10, responseNs: 7))
        var way = SteppedWay(try NetworkLatency(spec: spec, rows: nil, compatibility: .none))
        func arrival(_ arrival: SteppedWay.Arrival) -> Int64 { if case .at(let ns) = arrival { ns } else { -1 } }
        #expect(arrival(try way.request(at: 100, isOrder: true)) == 110)
        #expect(arrival(try way.request(at: 99, isOrder: true)) == 110, "first in, first out")
        #expect(try way.answer(at: 110, isOrder: true) == 117)
        #expect(try way.answer(at: 105, isOrder: false) == 117)
    }

    @Test func aNegativeLatencyRefusesOnTheWay() throws {
        let spec = AssetSpec(symbol: "T", tickSize: 1, lotSize: 1, latency: .constant(entryNs: -10, responseNs: 7))
        var way = SteppedWay(try NetworkLatency(spec: spec, rows: nil, compatibility: .none))
        guard case .refused(110) = try way.request(at: 100, isOrder: true) else { return #expect(Bool(false)) }
    }
}
