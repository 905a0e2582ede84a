import HBTTypes
import Testing

@testable import HBTEngine

/// Follows every order through requests and answers and checks that nothing is made or lost.
struct OrderLedger {
    private struct Life {
        /// Executed plus still open, as last agreed with the venue.
        var total: Double
        var executed = 0.0
        /// What a modify under way asks for.
        var asked: Double?
        var isOver = false
    }
    private var lives: [UInt64: Life] = [:]
    private var executions: [UInt64] = []
    private(set) var position = 0.0
    private(set) var volume = 0.0
    private(set) var bookings = 0
    let lotSize: Double
    let name: String

    init(lotSize: Double, name: String) {
        self.lotSize = lotSize
        self.name = name
    }

    private func isClose(_ a: Double, _ b: Double) -> Bool { abs(a - b) < 1e-9 }

    mutating func take(_ records: [OrderRecord]) {
        for record in records {
            switch record.kind {
            case .submit: lives[record.order.orderId] = Life(total: record.order.quantity)
            case .modify: lives[record.order.orderId]?.asked = record.order.quantity
            case .cancel: break
            case .response: answer(record.order)
            }
        }
    }

    private mutating func answer(_ message: Order) {
        let what = Comment("\(name): order \(message.orderId), status \(message.status), leaves \(message.leavesQuantity)")
        guard var life = lives[message.orderId] else {
            Issue.record("an answer for an order that was never sent; \(what)")
            return
        }
        defer { lives[message.orderId] = life }
        #expect(message.leavesQuantity >= 0, what)
        if message.request == .rejected {
            life.asked = nil
            #expect(message.executionId == 0, what)
            return
        }
        #expect(!life.isOver, "\(what): news of a finished order")
        // A resting order only executes passively: an aggressive execution, or no execution, answers
        // the modify.
        if let asked = life.asked, message.executionId == 0 || !message.isMaker, message.status != .canceled {
            life.total = life.executed + asked
            life.asked = nil
            #expect(message.quantity == asked, what)
        }
        if message.executionId != 0 {
            #expect(message.executedQuantity > 0, what)
            #expect(!executions.contains(message.executionId), "\(what): reported twice")
            executions.append(message.executionId)
            life.executed += message.executedQuantity
            position += message.executedQuantity * Double(message.side.rawValue)
            volume += message.executedQuantity
            bookings += 1
        }
        #expect(isClose(life.executed + message.leavesQuantity, life.total), what)
        #expect(life.executed <= life.total + 1e-9, what)
        if message.status == .filled { #expect(message.leavesQuantity < lotSize / 2, what) }
        life.isOver = message.isInactive
    }

    /// At the end, when everything has arrived.
    func check(against backtest: Backtest) {
        let state = backtest.state(0)
        let what = Comment("\(name)")
        #expect(isClose(state.position, position), what)
        #expect(isClose(state.tradingVolume, volume), what)
        #expect(state.numTrades == Int64(bookings), what)
        #expect(backtest.fillCount == Int64(bookings), what)
        for order in backtest.orders(0) { #expect(order.request == .none, "\(what): order \(order.orderId) still waits for \(order.request)") }
    }
}
