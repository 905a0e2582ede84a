import HBTTypes
import Testing

@testable import HBTEngine

// Matching and the book.
extension DifferenceTests {
    @Test func ordersHitByOneRowFillByPriceThenTime() throws {
        let (reference, ours) = try Self.both(Self.book + """
            t 120 | buy 1: 1 @ 99 | buy 2: 1 @ 100 | buy 3: 2 @ 99
            t 300 | ask 99 x 1
            """)
        // From the lowest tick up; in random order where it visits all orders.
        #expect(reference.bookings.last == "+1@100")
        #expect(ours.bookings == ["+1@100", "+1@99", "+2@99"])
    }

    @Test(arguments: [ExchangeModel.noPartialFill, .partialFill])
    func aMarketOrderIntoAnEmptyBookExpires(exchange: ExchangeModel) throws {
        let (reference, ours) = try Self.both("t 100 | bid 100 x 5\nt 120 | buy 1: 1 market", spec: plainSpec { $0.exchange = exchange })
        #expect(reference.bookings == (exchange == .noPartialFill ? ["+1@\(Int64.max)"] : []))
        #expect(ours.bookings == [])
        #expect(ours.status(1) == .expired)
    }

    @Test func aMarketOrderReachesEveryLevel() throws {
        let (reference, ours) = try Self.both("""
            t 100 | bid 100 x 5 | ask 101 x 1 | ask 250 x 1
            t 120 | buy 1: 2 market
            """, spec: Self.partial)
        #expect(reference.status(1) == .expired)
        #expect(ours.bookings == ["+1@101", "+1@250"])
    }

    @Test func aRangedClearRemovesWhatItSaysAndNoMore() throws {
        let (reference, ours) = try Self.both(Self.book + "t 200 | clear-bids 99\nt 300 | ask 103 x 1")
        #expect(reference.backtest.bidQuantity(0, atTick: 98) == 20)
        #expect(ours.backtest.bidQuantity(0, atTick: 98) == 20)
        // Before the last row of the case, which sets a bid.
        for (mode, best) in [(Compatibility.hftbacktest24, Int64.min), (.none, 98)] {
            let run = try Played(Self.book + "t 200 | clear-bids 99", mode)
            #expect(run.backtest.depth(0).bestBidTick == best)
        }
    }

    @Test func aRangedClearOfAsksClearsTheDenseBookToo() throws {
        let dense = plainSpec { $0.book = .roi(lower: 90, upper: 110) }
        let text = Self.book + "t 200 | clear-asks 101"
        let reference = try Played(text, .hftbacktest24, spec: dense), ours = try Played(text, .none, spec: dense)
        #expect(reference.backtest.askQuantity(0, atTick: 101) == 5)
        #expect(reference.backtest.depth(0).bestAskTick == 103)
        #expect(ours.backtest.askQuantity(0, atTick: 101) == 0)
        #expect(ours.backtest.depth(0).bestAskTick == 102)
    }

    @Test func levelsThatAreCrossedAreGone() throws {
        let (reference, ours) = try Self.both(Self.book + "t 200 | bid 102 x 4 | bid 102 x 0")
        #expect(reference.backtest.askQuantity(0, atTick: 101) == 5)
        #expect(ours.backtest.askQuantity(0, atTick: 101) == 0)
        for run in [reference, ours] { #expect(run.backtest.depth(0).bestAskTick == 103) }
    }

    /// In the reference a clear brings the hidden bid at 102 back behind the order's back.
    @Test func noOrderRestsThroughTheBook() throws {
        let (reference, ours) = try Self.both("""
            t 100 | bid 102 x 5 | bid 110 x 1 | ask 101 x 5 | bid 110 x 0
            t 110 | ask 120 x 5 | ask 101 x 0
            t 120 | sell 1: 1 @ 102
            t 200 | bid 104 x 1 | clear-bids 104
            """)
        #expect(reference.backtest.bidQuantity(0, atTick: 102) == 5)
        #expect(ours.backtest.bidQuantity(0, atTick: 102) == 0)
        #expect(ours.bookings == ["-1@102"])
    }

    @Test func lessThanHalfALotIsNoLevel() throws {
        let dense = plainSpec { $0.book = .roi(lower: 90, upper: 110) }
        let (reference, ours) = try Self.both("t 100 | bid 100 x 0.3 | bid 99 x 1", spec: dense)
        #expect(reference.backtest.bidQuantity(0, atTick: 100) == 0.3)
        #expect(ours.backtest.bidQuantity(0, atTick: 100) == 0)
    }

    @Test func aNegativeSizeDeletes() throws {
        let (reference, ours) = try Self.both("t 100 | bid 100 x 5 | bid 99 x 1 | bid 100 x -1")
        #expect(reference.backtest.depth(0).bestBidTick == 100)
        #expect(ours.backtest.depth(0).bestBidTick == 99)
    }

    @Test func theBestAskQuantityOfAnEmptySideIsNone() throws {
        let dense = plainSpec { $0.book = .roi(lower: 90, upper: 110) }
        let (reference, ours) = try Self.both("t 100 | bid 100 x 5", spec: dense)
        #expect(reference.backtest.depth(0).bestAskQuantity.isNaN)
        #expect(ours.backtest.depth(0).bestAskQuantity == 0)
    }

    private func level(_ side: UInt64, _ price: Double, _ quantity: Double) -> MarketEvent {
        MarketEvent(ev: side | UInt64(EventKind.depthSnapshot), exchangeNs: 0, localNs: 0, price: price, quantity: quantity)
    }

    @Test func aSnapshotIsUncrossedAndItsEmptyLevelsIgnored() throws {
        let crossed = [level(EventFlags.buy, 101, 1), level(EventFlags.sell, 100, 2)]
        let (reference, ours) = try Self.both("t 100 | bid 50 x 2", snapshot: crossed)
        #expect(reference.backtest.depth(0).bestBidTick == 101)
        #expect(ours.backtest.depth(0).bestBidTick == 50)
        for run in [reference, ours] { #expect(run.backtest.depth(0).bestAskTick == 100) }

        let empty = [level(EventFlags.buy, 105, 0), level(EventFlags.buy, 100, 1)]
        let (withEmpty, withoutEmpty) = try Self.both("t 100 | bid 50 x 2", snapshot: empty)
        #expect(withEmpty.backtest.depth(0).bestBidTick == 105)
        #expect(withoutEmpty.backtest.depth(0).bestBidTick == 100)
    }
}
