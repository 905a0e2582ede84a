import HBTEngine
import HBTTypes
import Testing

@testable import HBTLive

/// Requests of one decision as one call.
struct OrderBatchTests {
    private let manager = OrderManager(ids: OrderIds(startNs: 36), specs: (0..<2).map { AssetSpec(symbol: "S\($0)", tickSize: 1, lotSize: 1) })

    private func request(_ kind: OrderRecord.Kind, _ id: UInt64, asset: Int = 0) {
        var order = Order(orderId: id, side: .buy, priceTick: 100, quantity: 10)
        order.request = kind == .submit ? .new : (kind == .cancel ? .canceled : .replaced)
        if kind == .modify { order.priceTick = 101 }
        manager.request(LiveRequest(kind: kind, assetIndex: asset, order: order), at: 1)
    }

    private func text(_ action: OrderAction) -> String {
        switch action {
        case .place(let id, _, _): "place \(id.dropFirst(7))"
        case .cancel(let id, _): "cancel \(id.dropFirst(7))"
        case .amend(let id, _, _, _, _): "amend \(id.dropFirst(7))"
        case .batch(let kind, let asset, let parts): "\(kind) of S\(asset) [\(parts.map(text).joined(separator: ", "))]"
        default: "\(action)"
        }
    }

    private func taken() -> [String] { manager.takeActions(at: 1).map(text) }

    @Test func neighboursOfOneKindGoTogetherInTheirOrder() {
        manager.mostInBatch = 3
        for id in 1...5 as ClosedRange<UInt64> { request(.submit, id) }
        request(.submit, 6, asset: 1)
        #expect(taken() == ["place of S0 [place 1, place 2, place 3]", "place of S0 [place 4, place 5]", "place 6"])
        for number in 1...5 {
            manager.report(
                ExecutionReport(kind: .new, clientId: "hbt-10-\(number)", asset: 0, priceTick: 100, quantity: 10, executed: 0, exchangeNs: 1), at: 2)
        }
        request(.cancel, 1)
        request(.cancel, 2)
        request(.submit, 7)
        request(.modify, 3)
        request(.modify, 4)
        request(.cancel, 5)
        #expect(taken() == ["cancel of S0 [cancel 1, cancel 2]", "place 7", "amend of S0 [amend 3, amend 4]", "cancel 5"])
    }

    @Test func withoutBatchesEachGoesAlone() {
        for id in 1...2 as ClosedRange<UInt64> { request(.submit, id) }
        #expect(taken() == ["place 1", "place 2"])
    }

    @Test func eachPartHasItsOwnOutcome() {
        manager.mostInBatch = 5
        for id in 1...3 as ClosedRange<UInt64> { request(.submit, id) }
        _ = manager.takeActions(at: 1)
        manager.outcome(.refused("-2019 Margin is insufficient."), of: .place, clientId: "hbt-10-2", at: 2)
        manager.outcome(.lost, of: .place, clientId: "hbt-10-3", at: 2)
        #expect(["1", "2", "3"].map { manager.state(clientId: "hbt-10-\($0)") } == [.pendingNew, .rejected, .unknown])
        #expect(manager.takeAnswers().map(\.order.request) == [.rejected])
    }

    @Test func aSmallBatchWeighsWhatTheVenueSays() {
        var limits = RateBudget.Limits()
        limits.weightPerMinute = 10
        limits.reserve = 0
        let manager = OrderManager(ids: OrderIds(startNs: 36), specs: [AssetSpec(symbol: "T", tickSize: 1, lotSize: 1)], budget: RateBudget(limits: limits))
        manager.mostInBatch = 5
        for id in 1...2 as ClosedRange<UInt64> {
            manager.request(LiveRequest(kind: .submit, assetIndex: 0, order: Order(orderId: id, side: .buy, priceTick: 1, quantity: 1)), at: 1)
        }
        #expect(manager.takeActions(at: 1).count == 1)
        let taken = [5, 1].map { manager.budget.take(.order, weight: $0, at: 2) }
        #expect(taken == [true, false], "a batch of two weighs five of ten")
    }
}
