import HBTEngine
import HBTTypes
import Testing

@testable import HBTLive

/// Single cases, told in the order in which things happen.
struct OrderManagerTests {
    private let manager = OrderManager(ids: OrderIds(startNs: 36), specs: [AssetSpec(symbol: "T", tickSize: 1, lotSize: 1)])

    private func request(_ kind: OrderRecord.Kind = .submit, id: UInt64 = 5, quantity: Double = 10, tick: Int64 = 100, at ns: Int64 = 0) {
        var order = Order(orderId: id, side: .buy, priceTick: tick, quantity: quantity, localNs: ns)
        order.request = kind == .submit ? .new : (kind == .cancel ? .canceled : .replaced)
        manager.request(LiveRequest(kind: kind, assetIndex: 0, order: order), at: ns)
    }

    private func report(_ kind: ExecutionReport.Kind, executed: Double = 0, trade: Int64 = 0, quantity: Double = 0, at ns: Int64) {
        manager.report(
            ExecutionReport(
                kind: kind, clientId: "hbt-10-1", asset: 0, priceTick: 100, quantity: 10, executed: executed, tradeId: trade, tradeTick: 100,
                tradeQuantity: quantity, isMaker: true, fee: 0.1, exchangeNs: ns - 1), at: ns)
    }

    private func venueOrder(_ status: VenueOrder.Status, executed: Double = 0) -> VenueOrder {
        VenueOrder(clientId: "hbt-10-1", asset: 0, side: .buy, status: status, priceTick: 100, quantity: 10, executed: executed, exchangeNs: 1)
    }

    private var answers: [String] {
        manager.takeAnswers().map(\.order).map { order in
            "\(order.status) \(order.request == .rejected ? "refused " : "")\(order.executionId == 0 ? 0 : order.executedQuantity)"
        }
    }

    @Test func idsAreUniqueAndSayWhoseTheyAre() {
        let ids = OrderIds(startNs: 1_763_700_000_000_000_000)
        let text = ids.text(.max)
        #expect(text.utf8.count <= 36)
        #expect(text.utf8.allSatisfy { (48...57).contains($0) || (97...122).contains($0) || $0 == 45 })
        #expect(ids.owner(text) == .thisRun(.max))
        #expect(OrderIds(startNs: 1_763_700_000_000_000_001).owner(text) == .earlierRun)
        #expect(ids.owner("web_123") == .foreign)
        #expect(ids.owner(ids.text(5) + "A") == .earlierRun)
    }

    @Test func aFillBeforeTheAcknowledgementCountsOnce() {
        request(at: 1)
        #expect(manager.takeActions().count == 1)
        report(.trade, executed: 4, trade: 1, quantity: 4, at: 2)
        report(.trade, executed: 4, trade: 1, quantity: 4, at: 3)
        report(.new, at: 4)
        manager.outcome(.accepted(venueOrder(.new)), of: .place, clientId: "hbt-10-1", at: 5)
        #expect(answers == ["partiallyFilled 4.0"])
        #expect(manager.positions == [4])
        report(.trade, executed: 10, trade: 2, quantity: 6, at: 6)
        #expect(answers == ["filled 6.0"])
        #expect(manager.state(clientId: "hbt-10-1") == .filled)
    }

    @Test func aCancelThatOvertakesAFillWaitsForIt() {
        request(at: 1)
        report(.new, at: 2)
        request(.cancel, at: 3)
        _ = manager.takeActions()
        #expect(manager.state(clientId: "hbt-10-1") == .pendingCancel)
        report(.cancelled, executed: 3, at: 5)
        #expect(answers == ["new 0.0"], "3 are executed of which we do not know the price")
        report(.trade, executed: 3, trade: 7, quantity: 3, at: 6)
        #expect(answers == ["canceled 3.0"])
    }

    @Test func noAnswerIsAskedForAndAnOrderThatNeverArrivedIsRefused() {
        let second: Int64 = 1_000_000_000
        request(at: 0)
        _ = manager.takeActions()
        manager.tick(2 * second)
        #expect(manager.state(clientId: "hbt-10-1") == .unknown)
        #expect(manager.takeActions() == [.query(clientId: "hbt-10-1", asset: 0)])
        manager.queryAnswer(nil, clientId: "hbt-10-1", at: 3 * second)
        #expect(answers.isEmpty, "it may still be on its way")
        manager.tick(11 * second)
        manager.queryAnswer(nil, clientId: "hbt-10-1", at: 11 * second)
        #expect(answers == ["none refused 0.0"])
        _ = manager.takeActions()
        // It was on its way after all.
        report(.new, at: 12 * second)
        #expect(manager.takeActions() == [.cancel(clientId: "hbt-10-1", asset: 0)])
        #expect(manager.takeCorrections().contains(.ghostOrder(asset: 0, clientId: "hbt-10-1")))
        report(.cancelled, at: 13 * second)
        #expect(manager.openClientIds.isEmpty)
    }

    @Test func executionsThatTheStreamLostAreFetched() {
        let second: Int64 = 1_000_000_000
        request(at: 0)
        report(.new, at: 1)
        manager.openOrders([venueOrder(.partiallyFilled, executed: 4)], asset: 0, askedNs: 2, at: 3)
        #expect(manager.positions == [0])
        _ = manager.takeActions()
        manager.tick(2 * second)
        #expect(manager.takeActions() == [.queryTrades(clientId: "hbt-10-1", asset: 0)])
        report(.trade, executed: 4, trade: 9, quantity: 4, at: 3 * second)
        #expect(manager.positions == [4])
        #expect(manager.takeCorrections() == [.missedTrades(asset: 0, clientId: "hbt-10-1", quantity: 4)])
    }

    @Test func strangersAreCancelledOrLeftAlone() {
        var earlier = venueOrder(.new), foreign = earlier
        earlier.clientId = "hbt-z-1"
        foreign.clientId = "mine"
        manager.openOrders([earlier, foreign], asset: 0, askedNs: 0, at: 1)
        #expect(manager.takeActions() == [.cancel(clientId: "hbt-z-1", asset: 0)])
        #expect(manager.takeCorrections() == [.orphan(asset: 0, clientId: "hbt-z-1"), .foreignOrder(asset: 0, clientId: "mine")])
    }

    @Test func aPositionIsBelievedAtTheStartAndLaterOnlyWhenItStands() {
        let second: Int64 = 1_000_000_000
        #expect(manager.position(7, asset: 0, at: 1) == 7)
        #expect(manager.position(8, asset: 0, at: second) == nil)
        #expect(manager.position(8, asset: 0, at: 2 * second) == nil)
        #expect(manager.position(8, asset: 0, at: 4 * second) == 8)
        #expect(manager.positions == [8])
    }

    @Test func anAmendAsksForTheWholeOrder() {
        request(at: 1)
        report(.new, at: 2)
        report(.trade, executed: 4, trade: 1, quantity: 4, at: 3)
        _ = manager.takeActions()
        _ = manager.takeAnswers()
        request(.modify, quantity: 5, tick: 101, at: 4)
        #expect(manager.takeActions() == [.amend(clientId: "hbt-10-1", asset: 0, side: .buy, priceTick: 101, quantity: 9)])
        var amended = venueOrder(.partiallyFilled, executed: 4)
        (amended.priceTick, amended.quantity) = (101, 9)
        manager.outcome(.accepted(amended), of: .amend, clientId: "hbt-10-1", at: 5)
        let answer = manager.takeAnswers().last?.order
        #expect(answer?.priceTick == 101 && answer?.leavesQuantity == 5 && answer?.request == OrderStatus.none)
    }

    @Test func cancelsHaveRoomThatOrdersHaveNot() {
        var limits = RateBudget.Limits()
        (limits.ordersPer10s, limits.weightPerMinute) = (10, 20)
        var budget = RateBudget(limits: limits)
        let orders = (0..<10).count { _ in budget.take(.order, weight: 1, at: 1) }
        #expect(orders == 8)
        let cancels = (0..<20).count { _ in budget.take(.cancel, weight: 1, at: 2) }
        #expect(cancels == 12)
        let isNextMinuteOpen = budget.take(.order, weight: 1, at: 60_000_000_000)
        #expect(isNextMinuteOpen)
        budget.block(untilNs: 70_000_000_000)
        let isBlockOver = budget.take(.kill, weight: 1, at: 69_000_000_000)
        #expect(!isBlockOver)
        budget.report(weight: 20, at: 70_000_000_000)
        let isThereRoom = budget.take(.cancel, weight: 1, at: 70_000_000_000)
        #expect(!isThereRoom)
    }
}
