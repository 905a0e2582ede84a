import HBTTypes
import Testing

@testable import HBTEngine

private let second: Int64 = 1_000_000_000

/// A book that stands still at 99.9 / 100.1, and rows that let time pass.
private func market(_ seconds: Int, bid: Double = 99.9, ask: Double = 100.1) -> [MarketEvent] {
    let both = EventFlags.exchange | EventFlags.local
    var rows: [MarketEvent] = []
    for i in 0...seconds {
        let ns = Int64(i) * second + second
        for (side, price) in [(EventFlags.buy, bid), (EventFlags.sell, ask)] {
            rows.append(MarketEvent(ev: both | side | UInt64(EventKind.depth), exchangeNs: ns, localNs: ns, price: price, quantity: 1000))
        }
    }
    return rows
}

private func backtest(_ marks: [MarkRow], contract: ContractSpec = .linear(size: 1), margin: MarginSpec? = nil, toMarket: Bool = false) throws -> Backtest {
    var spec = AssetSpec(symbol: "X", tickSize: 0.1, lotSize: 1, contract: contract)
    spec.margin = margin
    spec.marksToMarket = toMarket
    var input = AssetInput(spec: spec, events: ArrayEventSource(market(100)))
    input.marks = ArrayMarkSource(stride(from: 0, to: marks.count, by: 2).map { Array(marks[$0..<min($0 + 2, marks.count)]) })
    let backtest = try Backtest(assets: [input], compatibility: .none)
    backtest.keepsFills = true
    return backtest
}

struct MarkTests {
    @Test func longsPayShortsWhatTheRateSays() throws {
        for (side, sign) in [(Side.buy, 1.0), (.sell, -1.0)] {
            let run = try backtest([.init(localNs: 5 * second, markPrice: 110), .init(localNs: 10 * second, markPrice: .nan, fundingRate: 0.001)])
            run.elapse(second)
            run.submit(asset: 0, side: side, orderId: 1, price: side == .buy ? 101 : 99, quantity: 10)
            run.elapse(2 * second)
            let before = run.state(0).balance
            run.elapse(5 * second)
            #expect(run.fundingPaid(0) == 0)
            run.elapse(5 * second)
            let paid: Double = sign * 10 * 110 * 0.001
            #expect(run.fundingPaid(0) == paid)
            #expect(run.state(0).balance == before - paid)
            #expect(run.markPrice(0) == 110)
        }
    }

    /// A coin's funding is a share of size × quantity ÷ mark, and profit is the negative of the balance there.
    @Test func inverseContractsPayInTheCoin() throws {
        let run = try backtest([.init(localNs: 5 * second, markPrice: 125, fundingRate: 0.01)], contract: .inverse(size: 100))
        run.elapse(second)
        run.submit(asset: 0, side: .buy, orderId: 1, price: 101, quantity: 10)
        run.elapse(2 * second)
        let before = run.state(0).balance
        run.elapse(10 * second)
        let paid: Double = 100 * 10 / 125 * 0.01
        #expect(run.fundingPaid(0) == paid)
        #expect(run.state(0).balance == before + paid)
    }

    /// A payment falls between the executions before and after it, however late anybody looks.
    @Test func aPaymentCountsThePositionOfItsMoment() throws {
        let marks = [6 * second + 1, 9 * second + 1].map { MarkRow(localNs: $0, markPrice: 100, fundingRate: 0.01) }
        func play(_ steps: [Int64]) throws -> (Double, UInt64) {
            let run = try backtest(marks)
            run.elapse(second)
            run.submit(asset: 0, side: .buy, orderId: 1, price: 101, quantity: 5)
            run.elapse(6 * second)
            run.submit(asset: 0, side: .buy, orderId: 2, price: 101, quantity: 3)
            for ns in steps { run.elapse(ns) }
            return (run.fundingPaid(0), run.digest.value)
        }
        let once = try play([20 * second])
        let paid: Double = 5 + 8
        #expect(once.0 == paid)
        let often = try play(Array(repeating: second, count: 20))
        #expect(often.0 == once.0 && often.1 == once.1)
    }

    @Test func withoutMarksNothingChanges() throws {
        func play(_ marks: [MarkRow]?) throws -> UInt64 {
            var input = AssetInput(spec: AssetSpec(symbol: "X", tickSize: 0.1, lotSize: 1), events: ArrayEventSource(market(100)))
            input.marks = marks.map { ArrayMarkSource([$0]) }
            let run = try Backtest(assets: [input], compatibility: .none)
            run.elapse(second)
            run.submit(asset: 0, side: .buy, orderId: 1, price: 101, quantity: 5)
            run.elapse(20 * second)
            return run.digest.value
        }
        let plain = try play(nil)
        let marked = try play([MarkRow(localNs: 5 * second, markPrice: 100)])
        let funded = try play([MarkRow(localNs: 5 * second, markPrice: 100, fundingRate: 0.01)])
        #expect(plain == marked)
        #expect(plain != funded)
    }

    /// Linear, 10×: bought at 100.1, margin 10.01; at 91 the loss of 9.1 leaves 0.91, below 1.1 % of 91.
    @Test func aLostMarginTakesThePositionAway() throws {
        let margin = MarginSpec(leverage: 10, maintenance: 0.011, fee: 0.005)
        let run = try backtest([.init(localNs: 5 * second, markPrice: 92), .init(localNs: 10 * second, markPrice: 91)], margin: margin)
        run.elapse(second)
        run.submit(asset: 0, side: .buy, orderId: 1, price: 101, quantity: 10)
        run.elapse(7 * second)
        #expect(run.state(0).position == 10, "92 leaves 1.91, above 1.1 % of 92")
        run.elapse(5 * second)
        #expect(run.state(0).position == 0)
        let bankruptcy: Double = 90.09
        let lost: Double = run.state(0).balance + 100.1
        #expect(abs(lost) < 1e-9, "ten times a tenth of 100.1")
        let fee: Double = 0.005 * bankruptcy * 10
        #expect(abs(run.state(0).fee - fee) < 1e-9)
        let fills = run.takeFills(isFinal: true)
        #expect(fills.map(\.orderId) == [1, MarginSpec.liquidationOrderId])
        #expect(fills[1].side == .sell)
        #expect(fills[1].position == 0)
        #expect(abs(fills[1].price - bankruptcy) < 1e-12)
    }

    @Test func shortsAndCoinsHaveTheirOwnBankruptcyPrices() {
        let margin = MarginSpec(leverage: 4, maintenance: 0.01)
        for contract in [ContractSpec.linear(size: 1), .inverse(size: 10)] {
            for position in [3.0, -3.0] {
                var ledger = MarkLedger(ArrayMarkSource([[.init(localNs: 0, markPrice: position > 0 ? 60 : 160)]]))
                ledger.book(position: 0, signed: position, price: 100, contract: contract)
                _ = ledger.take(upTo: 0)
                guard let price = ledger.bankruptcyPrice(margin, position: position, contract: contract) else {
                    Issue.record("\(contract) \(position): not taken away")
                    continue
                }
                // The margin is the value at entry ÷ leverage; at this price the loss is exactly that.
                let loss: Double, stake: Double
                switch contract {
                case .linear(let size):
                    loss = size * position * (100 - price)
                    stake = size * 75
                case .inverse(let size):
                    loss = size * position * (1 / price - 0.01)
                    stake = size * 0.0075
                }
                #expect(abs(loss - stake) < 1e-10)
            }
        }
    }

    @Test func theAverageEntryIsThatOfWhatIsHeld() {
        var ledger = MarkLedger(nil)
        let linear = ContractSpec.linear(size: 1)
        ledger.book(position: 0, signed: 2, price: 100, contract: linear)
        ledger.book(position: 2, signed: 2, price: 110, contract: linear)
        #expect(ledger.entryPrice == 105)
        ledger.book(position: 4, signed: -3, price: 300, contract: linear)
        #expect(ledger.entryPrice == 105)
        ledger.book(position: 1, signed: -3, price: 90, contract: linear)
        #expect(ledger.entryPrice == 90)
        ledger.book(position: -2, signed: 2, price: 80, contract: linear)
        #expect(ledger.entryPrice.isNaN)
    }

    @Test func recordsAreValuedAtTheMarkPriceWhenAsked() throws {
        for (toMarket, value) in [(false, 100.0), (true, 123.0)] {
            let run = try backtest([.init(localNs: 5 * second, markPrice: 123)], toMarket: toMarket)
            run.elapse(second)
            #expect(run.record(0).price == 100)
            run.elapse(10 * second)
            #expect(run.record(0).price == value)
        }
    }

    @Test func aRunGoesOnFromItsStateToTheSameEnd() throws {
        let marks = (1..<40).map { (i: Int) -> MarkRow in
            MarkRow(localNs: Int64(i) * second, markPrice: 100 + Double(i % 7), fundingRate: i % 3 == 0 ? 0.001 : Double.nan)
        }
        func play(stopAt: Int?) throws -> (UInt64, Double) {
            var run = try backtest(marks)
            for i in 0..<40 {
                if i == stopAt {
                    var state = StateWriter()
                    run.encode(into: &state)
                    run = try backtest(marks)
                    var reader = StateReader(state.bytes)
                    try run.restore(from: &reader)
                }
                run.elapse(second)
                let side: Side = i % 2 == 0 ? .buy : .sell
                if i % 5 == 1 { run.submit(asset: 0, side: side, orderId: UInt64(i), price: side == .buy ? 101 : 99, quantity: 3) }
            }
            return (run.digest.value, run.fundingPaid(0))
        }
        let whole = try play(stopAt: nil)
        #expect(whole.1 != 0)
        for stop in [1, 7, 20, 39] {
            let resumed = try play(stopAt: stop)
            #expect(resumed.0 == whole.0 && resumed.1 == whole.1)
        }
    }
}
