import HBTTypes
import Testing

@testable import HBTEngine

@Suite struct DeterminismTests {
    /// Hands out rows in pieces of random size.
    private final class PiecewiseSource: EventSource {
        private let rows: [MarketEvent]
        private var next = 0
        private var random: Dice
        private let largest: Int64

        init(_ rows: [MarketEvent], seed: UInt64, largest: Int64) {
            self.rows = rows
            self.largest = largest
            random = Dice(seed)
        }

        func read(into buffer: UnsafeMutableBufferPointer<MarketEvent>) throws -> Int {
            let count = min(Int(random.int(1...largest)), rows.count - next, buffer.count)
            for i in 0..<count { buffer[i] = rows[next + i] }
            next += count
            return count
        }
    }

    private func digest(_ backtest: Backtest, _ steps: [RandomMarket.Step]) -> Digest {
        for step in steps {
            step.perform(on: backtest)
            _ = backtest.record(0)
        }
        backtest.goToEnd()
        _ = backtest.record(0)
        return backtest.digest
    }

    @Test(arguments: Compatibility.allCases)
    func howRowsAreReadChangesNothing(mode: Compatibility) throws {
        for seed in 0..<150 as Range<UInt64> {
            let market = RandomMarket(seed: seed)
            let whole = digest(try market.backtest(mode), market.steps)
            for largest in [1, 3, 50] as [Int64] {
                let source = PiecewiseSource(market.rows, seed: seed, largest: largest)
                #expect(digest(try market.backtest(mode, source: source), market.steps) == whole, "seed \(seed), pieces of \(largest)")
            }
        }
    }

    /// One nanosecond at a time there are no batches.
    @Test(arguments: Compatibility.allCases)
    func elapsingInPiecesChangesNothing(mode: Compatibility) throws {
        for seed in 0..<150 as Range<UInt64> {
            let market = RandomMarket(seed: seed)
            // The end of the data stops the clock where it is: let nothing reach it.
            let later = MarketEvent(ev: EventFlags.exchange | EventFlags.local, exchangeNs: 1 << 40, localNs: 1 << 40, price: 1, quantity: 1)
            func run(_ pieces: Bool) throws -> Digest {
                let backtest = try market.backtest(mode, source: ArrayEventSource(market.rows + [later]))
                for step in market.steps {
                    if pieces, case .elapse(let ns) = step, ns > 0 {
                        for _ in 0..<ns where backtest.elapse(1) != .ok { break }
                    } else {
                        step.perform(on: backtest)
                    }
                    _ = backtest.record(0)
                }
                return backtest.digest
            }
            // An order error stops a stretch of time early; then the pieces go on where the whole does not.
            if try !hasFault(market, mode) { #expect(try run(true) == run(false), "seed \(seed)") }
        }
    }

    private func hasFault(_ market: RandomMarket, _ mode: Compatibility) throws -> Bool {
        let backtest = try market.backtest(mode)
        return market.steps.contains { step in
            let code = step.perform(on: backtest)
            return step.movesTime && ![.ok, .endOfData, .marketFeed, .orderResponse].contains(code)
        }
    }

    @Test func theDigestSeesEveryQuantity() throws {
        let market = RandomMarket(seed: 4)
        let whole = digest(try market.backtest(.none), market.steps)
        var changed = 0
        for (i, step) in market.steps.enumerated() {
            guard case .submit(let side, let id, let price, let quantity, let tif, let type) = step else { continue }
            var steps = market.steps
            steps[i] = .submit(side, id, price, quantity + 0.125, tif, type)
            if digest(try market.backtest(.none), steps) != whole { changed += 1 }
        }
        #expect(changed > 0)
    }
}
