import HBTTypes
import Testing

@testable import HBTReport

@Suite struct OrderFlowTests {
    /// An order log line; times in milliseconds.
    func line(_ kind: OrderRecord.Kind, at ms: Int64, sent: Int64, venue: Int64 = 0, status: OrderStatus = .none, request: OrderStatus = .none) -> OrderRecord {
        var order = Order(orderId: 1, side: .buy, priceTick: 1, quantity: 1, localNs: sent * 1_000_000)
        order.exchangeNs = venue * 1_000_000
        order.status = status
        order.request = request
        return OrderRecord(kind: kind, assetIndex: 0, localNs: ms * 1_000_000, order: order)
    }

    @Test func anAnswerMeasuresItsRequestAndAFillMeasuresNothing() {
        var flow = OrderFlow()
        flow.add(line(.submit, at: 0, sent: 0, request: .new))
        flow.add(line(.response, at: 10, sent: 0, venue: 4, status: .new))
        flow.add(line(.response, at: 900, sent: 0, venue: 890, status: .filled))
        #expect(flow.entry.count == 1)
        #expect(flow.entry.minNs == 4_000_000)
        #expect(flow.roundTrip.maxNs == 10_000_000)
    }

    @Test func aConfirmedCancelIsMeasuredFromTheCancelAlthoughItCarriesTheOrdersTime() {
        var flow = OrderFlow()
        flow.add(line(.submit, at: 0, sent: 0))
        flow.add(line(.response, at: 10, sent: 0, venue: 5, status: .new))
        flow.add(line(.cancel, at: 100, sent: 100, status: .new, request: .canceled))
        flow.add(line(.response, at: 112, sent: 0, venue: 107, status: .canceled))
        #expect(flow.entry.maxNs == 7_000_000)
        #expect(flow.roundTrip.maxNs == 12_000_000)
        #expect(flow.counts.canceled == 1)
        #expect(flow.counts.cancels == 1)
    }

    @Test func aCancelThatLosesTheRaceToAFillIsARejectedCancel() {
        var flow = OrderFlow()
        flow.add(line(.submit, at: 0, sent: 0))
        flow.add(line(.response, at: 10, sent: 0, venue: 5, status: .new))
        flow.add(line(.cancel, at: 100, sent: 100, status: .new, request: .canceled))
        flow.add(line(.response, at: 105, sent: 0, venue: 99, status: .filled))
        flow.add(line(.response, at: 112, sent: 100, venue: 106, status: .new, request: .rejected))
        #expect(flow.counts.rejectedCancels == 1)
        #expect(flow.counts.canceled == 0)
        #expect(flow.entry.count == 2)
    }

    @Test func aRequestThatNeverReachedTheVenueIsRejectedWithoutALatency() {
        var flow = OrderFlow()
        flow.add(line(.submit, at: 0, sent: 0))
        flow.add(line(.response, at: 30, sent: 0, venue: 0, request: .rejected))
        #expect(flow.counts.rejectedSubmits == 1)
        #expect(flow.counts.expired == 0)
        #expect(flow.entry.count == 0)
    }

    @Test func aPostOnlyOrderThatWouldCrossExpires() {
        var flow = OrderFlow()
        flow.add(line(.submit, at: 0, sent: 0))
        flow.add(line(.response, at: 10, sent: 0, venue: 5, status: .expired))
        #expect(flow.counts.expired == 1)
        #expect(flow.counts.rejected == 0)
    }

    @Test func latencyBucketsAreContiguousAndFine() {
        var random = SeededRandom(state: 9)
        for _ in 0..<20_000 {
            let ns = Int64(random.next() >> (1 + random.next() % 63))
            let index = LatencyHistogram.index(ns)
            let low = LatencyHistogram.lowerBound(index), high = LatencyHistogram.lowerBound(index + 1)
            #expect(low <= Double(ns) && Double(ns) <= high)
            #expect(ns < 32 || (high - low) / low <= 1.0 / 32)
        }
        #expect(LatencyHistogram.index(.max) < 60 * 32)
    }

    @Test func quantilesAreThoseOfTheSortedDurationsWithinABucket() {
        var random = SeededRandom(state: 4), histogram = LatencyHistogram(), all: [Int64] = []
        for _ in 0..<5_000 {
            let ns = Int64(1e6 / (random.unit() + 0.001))
            histogram.add(ns: ns)
            all.append(ns)
        }
        histogram.add(ns: -5)
        all.sort()
        for q in [0.01, 0.5, 0.9, 0.99, 1] {
            let exact = Double(all[Int((q * 5_000).rounded(.up)) - 1])
            #expect(abs(histogram.quantileNs(q) - exact) <= exact / 32)
        }
        #expect(histogram.count == 5_000)
        #expect(histogram.negativeCount == 1)
        #expect(LatencyHistogram().quantileNs(0.5).isNaN)
    }
}
