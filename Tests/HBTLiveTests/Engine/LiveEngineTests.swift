import HBTEngine
import HBTTypes
import Testing

@testable import HBTLive

@Suite struct LiveEngineTests {
    private static let startNs: Int64 = 1_700_000_000_000_000_000

    /// A grid around 999.5 with a book that is renewed every 100 ms.
    private final class Market {
        let engine: LiveEngine
        var ns = LiveEngineTests.startNs
        private var lastId: Int64 = 10

        init(maxLoss: Double = 1e9) throws {
            let (run, feeds) = try SimulatedSession.make()
            engine = LiveEngine(
                loop: DecisionLoop(run: run, feeds: feeds, journal: nil), orders: OrderManager(ids: OrderIds(startNs: 1), specs: [SimulatedSession.spec]),
                limits: RiskLimits(maxPositionValue: 1e6, maxOrderValue: 1e6, maxLoss: maxLoss), rules: [.futures])
        }

        func open() {
            let bids = [DepthLevel(price: 999, quantity: 5)], asks = [DepthLevel(price: 1_000, quantity: 5)]
            bids.withUnsafeBufferPointer { bids in
                asks.withUnsafeBufferPointer { engine.snapshot(lastId: lastId, exchangeNs: ns, bids: bids, asks: $0, asset: 0, at: ns) }
            }
        }

        /// - Returns: what the engine wants done meanwhile.
        func play(milliseconds: Int64) -> [OrderAction] {
            var actions: [OrderAction] = []
            let endNs = ns + milliseconds * 1_000_000
            while ns < endNs {
                ns += 100_000_000
                // The first overlaps the snapshot, each later one follows the one before.
                let diff = DepthDiff(firstId: lastId, lastId: lastId + 1, previousId: lastId, exchangeNs: ns, localNs: ns)
                lastId += 1
                let bids = [DepthLevel(price: 998, quantity: Double(lastId % 7 + 1))]
                bids.withUnsafeBufferPointer { bids in
                    let none = UnsafeBufferPointer<DepthLevel>(start: nil, count: 0)
                    engine.depth(diff, bids: bids, asks: none, asset: 0)
                }
                engine.tick(at: ns)
                actions += engine.takeActions()
            }
            return actions
        }
    }

    private func places(_ actions: [OrderAction]) -> Int { actions.count { if case .place = $0 { true } else { false } } }
    private func cancels(_ actions: [OrderAction]) -> Int { actions.count { if case .cancel = $0 { true } else { false } } }

    @Test func aPositionFromBeforeTheBookIsNoLoss() throws {
        let market = try Market(maxLoss: 100)
        market.engine.tick(at: market.ns)
        market.engine.position(50, asset: 0, at: market.ns)
        market.open()
        _ = market.play(milliseconds: 2_000)
        #expect(market.engine.orders.killReason == nil)
        #expect(market.engine.loop.run.backtest.state(0).position == 50)
        #expect(market.engine.equity(0) == 0)
    }

    @Test func aPositionFoundLaterIsNoLossEither() throws {
        let market = try Market(maxLoss: 100)
        // No order is under way that could explain a difference.
        market.engine.account(fault: "held", at: market.ns)
        market.open()
        _ = market.play(milliseconds: 500)
        market.engine.position(0, asset: 0, at: market.ns)
        market.engine.position(-7, asset: 0, at: market.ns)
        _ = market.play(milliseconds: 3_000)
        market.engine.position(-7, asset: 0, at: market.ns)
        _ = market.play(milliseconds: 500)
        #expect(market.engine.loop.run.backtest.state(0).position == -7)
        #expect(market.engine.orders.killReason == nil)
        #expect(market.engine.equity(0) == 0)
    }

    /// A fill long after its order says nothing about the venue's speed, and one slow answer does not stop the run for good.
    @Test func onlyAnswersSayHowSlowTheVenueIs() throws {
        let market = try Market()
        market.open()
        #expect(places(market.play(milliseconds: 500)) > 0)
        let sentNs = market.ns, ids = market.engine.orders.openClientIds
        func answer(_ id: String) {
            let order = VenueOrder(
                clientId: id, asset: 0, side: .buy, status: .new, priceTick: 990, quantity: 10, executed: 0, exchangeNs: market.ns)
            market.engine.outcome(.accepted(order), of: .place, clientId: id, at: market.ns)
        }
        let orders = market.engine.orders
        for id in ids { answer(id) }
        #expect(orders.roundTripNs(asset: 0, freshNs: 10_000_000_000, at: market.ns) < 1_000_000_000)
        _ = market.play(milliseconds: 8_000)
        let report = ExecutionReport(
            kind: .trade, clientId: ids[0], asset: 0, priceTick: 990, quantity: 10, executed: 10, tradeId: 1, tradeTick: 990, tradeQuantity: 10,
            exchangeNs: market.ns)
        market.engine.report(report, at: market.ns)
        #expect(market.ns - sentNs >= 8_000_000_000)
        #expect(orders.roundTripNs(asset: 0, freshNs: 10_000_000_000, at: market.ns) < 1_000_000_000)
        market.engine.outcome(.unknownOrder, of: .cancel, clientId: ids[1], at: market.ns)
        #expect(orders.roundTripNs(asset: 0, freshNs: 10_000_000_000, at: market.ns) >= 5_000_000_000)
        #expect(orders.roundTripNs(asset: 0, freshNs: 10_000_000_000, at: market.ns + 11_000_000_000) == 0)
    }

    @Test func nobodyQuotesWithoutKnowingTheAccount() throws {
        let market = try Market()
        market.engine.account(fault: "the user stream is not connected", at: market.ns)
        market.open()
        #expect(places(market.play(milliseconds: 1_000)) == 0)
        market.engine.account(fault: nil, at: market.ns)
        let placed = places(market.play(milliseconds: 1_000))
        #expect(placed > 0)
        for id in market.engine.orders.openClientIds {
            let order = VenueOrder(
                clientId: id, asset: 0, side: .buy, status: .new, priceTick: 990, quantity: 10, executed: 0, exchangeNs: market.ns)
            market.engine.outcome(.accepted(order), of: .place, clientId: id, at: market.ns)
        }
        _ = market.engine.takeActions()
        let open = market.engine.orders.openClientIds.count
        market.engine.account(fault: "the user stream is not connected", at: market.ns)
        #expect(cancels(market.engine.takeActions()) == open && open > 0)
        #expect(places(market.play(milliseconds: 1_000)) == 0)
    }
}
