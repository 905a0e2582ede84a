import HBTTypes
import Testing

@testable import HBTEngine

// Queues, latencies, the clock and what is accepted.
extension DifferenceTests {
    private func queueAhead(_ model: QueueModel, _ mode: Compatibility, ahead: Double, previous: Double, now: Double) -> Double {
        var order = Order(orderId: 1, side: .buy, priceTick: 100, quantity: 1)
        order.queueAhead = ahead
        QueueRule(model: model, lotSize: 1, isReference: mode == .hftbacktest24).depth(&order, previous: previous, now: now)
        return order.queueAhead
    }

    @Test func anOrderAtTheFrontStaysThere() {
        // ln(1 + ahead) of less than -1 is not a number, and the level's quantity takes its place.
        #expect(queueAhead(.logProb, .hftbacktest24, ahead: -1.5, previous: 4, now: 3) == 3)
        #expect(queueAhead(.logProb, .none, ahead: -1.5, previous: 4, now: 3) == -1.5)
        #expect(queueAhead(.powerProb(n: 2), .hftbacktest24, ahead: 0, previous: 0, now: 0) == 0)
        #expect(queueAhead(.powerProb(n: 2), .none, ahead: 0, previous: 0, now: 0) == 0)
    }

    @Test func theQueueAheadNeverGoesBelowNothing() {
        #expect(queueAhead(.logProb, .hftbacktest24, ahead: 1, previous: 10, now: 1) < 1)
        for model in [QueueModel.logProb, .logProb2, .powerProb(n: 2), .powerProb2(n: 2), .powerProb3(n: 3)] {
            var random = Dice(8)
            for _ in 0..<2_000 {
                let ahead = Double(random.int(0...50)) / 4, previous = Double(random.int(0...80)) / 4, now = Double(random.int(0...80)) / 4
                let ours = queueAhead(model, .none, ahead: ahead, previous: previous, now: now)
                #expect(ours >= 0 && ours <= max(ahead, 0))
            }
        }
        // The same decrease sends the reference's estimate below nothing.
        #expect(queueAhead(.powerProb2(n: 2), .hftbacktest24, ahead: 7.82007, previous: 12, now: 2) < 0)
        #expect(queueAhead(.powerProb2(n: 2), .none, ahead: 7.82007, previous: 12, now: 2) == 0)
    }

    private func latency(_ rows: [LatencyRow], _ direction: OrderLatency.Direction, _ mode: Compatibility, offset: Int64 = 0) throws -> OrderLatency {
        try OrderLatency(
            .interpolated(offsetNs: offset), rows: ArrayLatencySource([rows]), direction: direction, isReference: mode == .hftbacktest24)
    }

    @Test func rejectionsSayNothingAboutResponses() throws {
        let rows = [
            LatencyRow(requestNs: 100, exchangeNs: 110, responseNs: 130), LatencyRow(requestNs: 200, exchangeNs: 0, responseNs: 230),
            LatencyRow(requestNs: 300, exchangeNs: 310, responseNs: 330),
        ]
        var reference = try latency(rows, .response, .hftbacktest24), ours = try latency(rows, .response, .none)
        #expect(try reference.latency(at: 120) == 149)
        #expect(try ours.latency(at: 120) == 20)
    }

    @Test func aRejectionAtEitherEndTakesAsLongAsItTook() throws {
        let rows = [
            LatencyRow(requestNs: 100, exchangeNs: 0, responseNs: 130), LatencyRow(requestNs: 200, exchangeNs: 210, responseNs: 230),
            LatencyRow(requestNs: 300, exchangeNs: 0, responseNs: 340),
        ]
        for (ns, ours) in [(50, -30), (900, -40)] as [(Int64, Int64)] {
            var hft = try latency(rows, .entry, .hftbacktest24), none = try latency(rows, .entry, .none)
            #expect(try hft.latency(at: ns) == (ns == 50 ? -100 : -300))
            #expect(try none.latency(at: ns) == ours)
        }
    }

    @Test func anOffsetMakesNoAcceptanceOfARejection() throws {
        let rows = [
            LatencyRow(requestNs: 100, exchangeNs: 110, responseNs: 130), LatencyRow(requestNs: 200, exchangeNs: 0, responseNs: 230),
            LatencyRow(requestNs: 300, exchangeNs: 310, responseNs: 330),
        ]
        var reference = try latency(rows, .entry, .hftbacktest24, offset: 5), ours = try latency(rows, .entry, .none, offset: 5)
        #expect(try reference.latency(at: 200) == 5 - 200)
        #expect(try ours.latency(at: 200) == -40)
    }

    @Test func anAnswerCannotComeBeforeTheAct() throws {
        let early = LatencyModel.constant(entryNs: 10, responseNs: -20)
        #expect(throws: EngineError.self) { try OrderLatency(early, rows: nil, direction: .response, isReference: false) }
        var reference = try OrderLatency(early, rows: nil, direction: .response, isReference: true)
        #expect(try reference.latency(at: 100) == -20)

        let rows = [LatencyRow(requestNs: 100, exchangeNs: 110, responseNs: 90)]
        var measured = try latency(rows, .response, .hftbacktest24), refused = try latency(rows, .response, .none)
        #expect(try measured.latency(at: 200) == -20)
        #expect(throws: FeedFault.negativeResponseLatency(atNs: 200, latencyNs: -20)) { try refused.latency(at: 200) }
    }

    private func plain(_ mode: Compatibility) throws -> Backtest {
        let rows = Script("t 100 | bid 100 x 5\nt 900 | bid 99 x 1").rows
        return try Backtest(assets: [AssetInput(spec: plainSpec(), events: ArrayEventSource(rows))], compatibility: mode)
    }

    @Test func theFirstRequestStartsTheClock() throws {
        let reference = try plain(.hftbacktest24), ours = try plain(.none)
        for backtest in [reference, ours] {
            #expect(backtest.nowNs == .max)
            #expect(backtest.submit(asset: 0, side: .buy, orderId: 1, price: 99, quantity: 1) == .ok)
        }
        #expect(reference.order(0, id: 1)?.localNs == .max)
        #expect(ours.order(0, id: 1)?.localNs == 100)
        #expect(ours.elapse(30) == .ok)
        #expect(ours.order(0, id: 1)?.exchangeNs == 110)
        #expect(reference.elapse(30) == .ok)
        #expect(reference.order(0, id: 1)?.exchangeNs == 0)
    }

    @Test func theClockNeitherGoesBackNorWraps() throws {
        let reference = try plain(.hftbacktest24), ours = try plain(.none)
        for backtest in [reference, ours] {
            #expect(backtest.elapse(0) == .ok)
            #expect(backtest.elapse(-30) == .ok)
        }
        #expect(reference.nowNs == 70)
        #expect(ours.nowNs == 100)
        #expect(reference.elapse(.max) == .ok)
        #expect(reference.nowNs < 0)
        #expect(ours.elapse(.max) == .endOfData)
        #expect(ours.nowNs == 100)
    }

    @Test func anOrderForNothingOrAtNoPriceIsRefusedAtOnce() throws {
        let reference = try plain(.hftbacktest24), ours = try plain(.none)
        _ = reference.elapse(0)
        for (id, quantity) in [(1, 0), (2, -1), (3, .nan), (4, .infinity)] as [(UInt64, Double)] {
            #expect(reference.submit(asset: 0, side: .buy, orderId: id, price: 99, quantity: quantity) == .ok)
            #expect(ours.submit(asset: 0, side: .buy, orderId: id, price: 99, quantity: quantity) == .invalidOrderRequest)
        }
        #expect(reference.submit(asset: 0, side: .buy, orderId: 8, price: .nan, quantity: 1) == .ok)
        #expect(ours.submit(asset: 0, side: .buy, orderId: 8, price: .nan, quantity: 1) == .invalidOrderRequest)
        #expect(ours.submit(asset: 0, side: .buy, orderId: 8, price: .nan, quantity: 1, type: .market) == .ok)
        // The reference sends it, and loses it where it arrives.
        #expect(reference.submit(asset: 0, side: .buy, orderId: 9, price: 99, quantity: 1, timeInForce: .unsupported) == .ok)
        #expect(reference.elapse(10) == .invalidOrderRequest)
        #expect(ours.submit(asset: 0, side: .buy, orderId: 9, price: 99, quantity: 1, timeInForce: .unsupported) == .invalidOrderRequest)
    }

    @Test func depthSumsAreAddedInLanes() throws {
        let text = "t 100 | " + (1...40).map { "bid \(100 - $0) x \(Double($0) * 0.1)" }.joined(separator: " | ")
        let fine = plainSpec { $0.lotSize = 0.1 }
        let (reference, ours) = try Self.both(text, spec: fine)
        var serial = 0.0
        for i in 1...40 { serial += Double("\(Double(i) * 0.1)") ?? .nan }
        #expect(StrategyContext(reference.backtest).sumBids(from: 60, upTo: 100) == serial)
        #expect(abs(StrategyContext(ours.backtest).sumBids(from: 60, upTo: 100) - serial) < 1e-12 * serial)
    }
}
