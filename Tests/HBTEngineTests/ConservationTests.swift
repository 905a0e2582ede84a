import HBTTypes
import Testing

@testable import HBTEngine

/// What must hold of every run outside compatibility, on random markets and traders.
@Suite struct ConservationTests {
    @Test(arguments: [ExchangeModel.noPartialFill, .partialFill])
    func everyExecutionIsBookedOnceAndNothingIsLost(exchange: ExchangeModel) throws {
        var bookings = 0
        for seed in 0..<800 as Range<UInt64> {
            let market = RandomMarket(seed: seed, exchange: exchange)
            let backtest = try market.backtest(.none)
            backtest.keepsOrders = true
            backtest.keepsFills = true
            var ledger = OrderLedger(lotSize: market.spec.lotSize, name: "seed \(seed)")
            for (number, step) in market.steps.enumerated() {
                let code = step.perform(on: backtest)
                if step.movesTime {
                    #expect([.ok, .endOfData, .marketFeed, .orderResponse].contains(code), "seed \(seed), step \(number): \(code)")
                }
                ledger.take(backtest.takeOrders())
            }
            #expect(backtest.goToEnd() == .endOfData)
            ledger.take(backtest.takeOrders())
            ledger.check(against: backtest)
            bookings += ledger.bookings

            let fills = backtest.takeFills(isFinal: true)
            #expect(fills.count == ledger.bookings)
            #expect(zip(fills, fills.dropFirst()).allSatisfy { $0.localNs <= $1.localNs }, "bookings are in order of time")
            #expect(fills.allSatisfy { $0.exchangeNs <= $0.localNs }, "nothing is known before it has happened")
            #expect(fills.last?.position ?? 0 == backtest.state(0).position)
        }
        // The markets do trade: the checks above have something to bite on.
        #expect(bookings > 2_000)
    }
}
