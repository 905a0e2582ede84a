import HBTEngine
import HBTTypes
import Testing

@testable import HBTLive

/// What a stepped session tells the engine: the simulation's words, from the venue's.
struct SimulatedAnswerTests {
    private let manager: OrderManager
    private let id = "hbt-10-1"

    init() {
        let fee = FeeSpec(kind: .tradingValue, maker: 0.0002, taker: 0.0005)
        manager = OrderManager(ids: OrderIds(startNs: 36), specs: [AssetSpec(symbol: "T", tickSize: 0.1, lotSize: 0.001, fee: fee)])
        manager.isSimulated = true
    }

    private func request(_ kind: OrderRecord.Kind, tick: Int64 = 600_000, quantity: Double = 0.009, at ns: Int64) {
        var order = Order(orderId: 5, side: .buy, priceTick: tick, quantity: quantity, localNs: ns)
        order.request = kind == .submit ? .new : (kind == .cancel ? .canceled : .replaced)
        manager.request(LiveRequest(kind: kind, assetIndex: 0, order: order), at: ns)
    }

    private func report(_ kind: ExecutionReport.Kind, executed: Double = 0, last: Double = 0, fee: Double? = nil, isMaker: Bool = false, at ns: Int64) {
        manager.report(
            ExecutionReport(
                kind: kind, clientId: id, asset: 0, priceTick: 600_000, quantity: 0.009, executed: executed, tradeId: ns, tradeTick: 600_000,
                tradeQuantity: last, isMaker: isMaker, fee: fee, exchangeNs: 7_000_000), at: ns)
    }

    @Test func anAcknowledgementThatAFillFollowsAtOnceIsLeftOut() {
        request(.submit, at: 1)
        manager.beginMoment(exchangeNs: 12_345_678)
        report(.new, at: 20)
        report(.trade, executed: 0.004, last: 0.004, at: 21)
        report(.trade, executed: 0.009, last: 0.005, at: 22)
        manager.endMoment()
        let answers = manager.takeAnswers().map(\.order)
        #expect(answers.map(\.status) == [.partiallyFilled, .filled])
        #expect(answers.allSatisfy { $0.exchangeNs == 12_345_678 }, "to the nanosecond, not as the message has it")
        #expect(answers.last?.leavesQuantity == 0)
    }

    @Test func anAcknowledgementAloneStays() {
        request(.submit, at: 1)
        manager.beginMoment(exchangeNs: 12_345_678)
        report(.new, at: 20)
        manager.endMoment()
        #expect(manager.takeAnswers().map(\.order.status) == [.new])
        manager.beginMoment(exchangeNs: nil)
        report(.trade, executed: 0.009, last: 0.009, isMaker: true, at: 30)
        manager.endMoment()
        let fill = manager.takeAnswers().map(\.order)
        #expect(fill.map(\.status) == [.filled] && fill.map(\.executedQuantity) == [0.009])
    }

    /// 9 × 0.001 is not 0.009: the engine's number comes back, not the wire's.
    @Test func quantitiesAreTheEnginesOwn() {
        let asked = 9 * 0.001
        #expect(asked != 0.009)
        request(.submit, quantity: asked, at: 1)
        report(.trade, executed: 0.009, last: 0.009, at: 20)
        #expect(manager.takeAnswers().map(\.order.executedQuantity) == [asked])
        #expect(manager.positions == [asked])
    }

    @Test(arguments: [(0.108, true), (0.10800001, true), (0.1081, false)])
    func aFeeThatIsTheSettingsIsTheirs(_ charged: Double, _ isSettings: Bool) {
        request(.submit, quantity: 9 * 0.001, at: 1)
        report(.trade, executed: 0.009, last: 0.009, fee: charged, isMaker: true, at: 20)
        #expect(manager.takeAnswers().map(\.fee) == [isSettings ? nil : charged])
    }

    @Test func aCancelThatComesTooLateIsAnsweredOnce() {
        request(.submit, at: 1)
        report(.new, at: 10)
        request(.cancel, at: 20)
        report(.trade, executed: 0.009, last: 0.009, isMaker: true, at: 30)
        _ = manager.takeAnswers()
        for _ in 0..<2 {
            manager.beginMoment(exchangeNs: 31)
            manager.outcome(.unknownOrder, of: .cancel, clientId: id, at: 40)
            manager.endMoment()
        }
        let answers = manager.takeAnswers().map(\.order)
        #expect(answers.map(\.request) == [.rejected] && answers[0].exchangeNs == 31 && answers[0].localNs == 20)
    }

    @Test func answersToABatchFollowItsRequests() {
        for (id, ns) in [(5, 1), (6, 2)] as [(UInt64, Int64)] {
            var order = Order(orderId: id, side: .buy, priceTick: 600_000, quantity: 0.009, localNs: ns)
            order.request = .new
            manager.request(LiveRequest(kind: .submit, assetIndex: 0, order: order), at: ns)
        }
        manager.beginMoment(exchangeNs: 50)
        manager.report(ExecutionReport(kind: .new, clientId: "hbt-10-2", asset: 0, priceTick: 600_000, quantity: 0.009, executed: 0, exchangeNs: 5), at: 60)
        manager.orderMoment(by: ["hbt-10-1", "hbt-10-2"])
        manager.outcome(.expired(exchangeNs: 0), of: .place, clientId: "hbt-10-1", at: 60)
        manager.endMoment()
        #expect(manager.takeAnswers().map(\.order.orderId) == [5, 6])
    }

    @Test func executionsNameTheRequestThatPlacedTheOrder() {
        request(.submit, at: 1)
        report(.new, at: 10)
        request(.cancel, at: 20)
        report(.trade, executed: 0.004, last: 0.004, isMaker: true, at: 30)
        report(.cancelled, executed: 0.004, at: 40)
        #expect(manager.takeAnswers().map(\.order.localNs) == [1, 1, 1])
    }

    @Test func anOrderThatWouldHaveTakenIsExpired() {
        request(.submit, at: 1)
        manager.outcome(.expired(exchangeNs: 9), of: .place, clientId: id, at: 10)
        let answers = manager.takeAnswers().map(\.order)
        #expect(answers.map(\.status) == [.expired] && answers.map(\.request) == [.none] && answers[0].exchangeNs == 9)
    }
}
