import HBTTypes
import Testing

@testable import HBTEngine

/// How orders meet the market, where both modes agree. Three levels a side: 100×5 99×10 98×20 and
/// 101×5 102×10 103×20.
@Suite struct MatchingTests {
    static let book = "t 100 | bid 100 x 5 | bid 99 x 10 | bid 98 x 20 | ask 101 x 5 | ask 102 x 10 | ask 103 x 20\n"

    @Test(arguments: Compatibility.allCases)
    func aMarketableOrderFillsWholeAtTheBestPrice(mode: Compatibility) throws {
        let run = try Played(Self.book + """
            t 120 | buy 1: 50 @ 102
            t 200 | bid 100 x 5
            """, mode)
        #expect(run.bookings == ["+50@101"])
        #expect(run.fills.first?.isMaker == false)
        #expect(run.fills.first?.exchangeNs == 130)
        #expect(run.fills.first?.localNs == 150)
    }

    @Test(arguments: Compatibility.allCases)
    func timeInForceDecidesWhatCrossingMeans(mode: Compatibility) throws {
        let run = try Played(Self.book + """
            t 120 | buy 1: 1 @ 101 gtx | buy 2: 7 @ 103 fok | buy 3: 2 @ 101 ioc
            t 130 | buy 4: 1 @ 100 fok | buy 5: 1 @ 100 ioc | buy 6: 1 @ 100 gtx
            t 300 | bid 90 x 5
            """, mode)
        #expect(run.status(1) == .expired)
        #expect(run.status(2) == .filled)
        #expect(run.status(3) == .filled)
        #expect(run.status(4) == .expired)
        #expect(run.status(5) == .expired)
        #expect(run.status(6) == .new)
        #expect(run.position == 9)
    }

    @Test(arguments: Compatibility.allCases)
    func aRestingOrderWaitsForTheQuantityAhead(mode: Compatibility) throws {
        let market = Self.book + "t 120 | buy 1: 3 @ 100\n"
        #expect(try Played(market + "t 300 | sell-trade 5 @ 100", mode).bookings == [])
        #expect(try Played(market + "t 300 | sell-trade 5.49 @ 100", mode).bookings == [])
        #expect(try Played(market + "t 300 | sell-trade 5.5 @ 100", mode).bookings == ["+3@100"])
        #expect(try Played(market + "t 300 | sell-trade 5 @ 100 | sell-trade 0.6 @ 100", mode).bookings == ["+3@100"])
    }

    @Test(arguments: Compatibility.allCases)
    func aDepthDecreaseAloneNeverFills(mode: Compatibility) throws {
        let run = try Played(Self.book + """
            t 120 | buy 1: 3 @ 100
            t 300 | bid 100 x 1 | bid 100 x 0
            """, mode)
        #expect(run.bookings == [])
    }

    @Test(arguments: Compatibility.allCases)
    func aTradeThroughFillsWhateverItsSize(mode: Compatibility) throws {
        let run = try Played(Self.book + """
            t 120 | buy 1: 3 @ 100 | buy 2: 4 @ 99 | sell 3: 5 @ 103
            t 300 | sell-trade 0.001 @ 99
            t 400 | buy-trade 0.001 @ 104
            """, mode)
        #expect(run.bookings == ["+3@100", "-5@103"])
        #expect(run.fills.allSatisfy { $0.isMaker })
    }

    @Test(arguments: Compatibility.allCases)
    func theOppositeBestReachingAnOrderFillsIt(mode: Compatibility) throws {
        let run = try Played(Self.book + """
            t 120 | buy 1: 3 @ 100 | buy 2: 4 @ 99
            t 300 | ask 100 x 1
            """, mode)
        #expect(run.bookings == ["+3@100"])
    }

    @Test(arguments: Compatibility.allCases)
    func atOneInstantTheMarketComesBeforeTheOrder(mode: Compatibility) throws {
        let run = try Played("""
            t 100 | bid 98 x 5
            t 120 | buy 1: 1 @ 100 gtx
            t 130 | ask 100 x 1
            t 200 | bid 97 x 1
            """, mode)
        #expect(run.status(1) == .expired)
    }

    @Test(arguments: Compatibility.allCases)
    func aCancelThatComesTooLateIsRefused(mode: Compatibility) throws {
        let run = try Played(Self.book + """
            t 120 | buy 1: 2 @ 99 | buy 2: 1 @ 98
            t 195 | cancel 1 | cancel 2
            t 205 | sell-trade 1 @ 98
            """, mode)
        #expect(run.status(1) == .filled)
        #expect(run.status(2) == .canceled)
        #expect(run.position == 2)
    }

    @Test(arguments: Compatibility.allCases)
    func aSmallerModifyAtTheSamePriceKeepsItsPlace(mode: Compatibility) throws {
        let run = try Played(Self.book + """
            t 120 | buy 1: 3 @ 100
            t 170 | modify 1: 2 @ 100
            t 300 | bid 100 x 50
            t 400 | sell-trade 5.6 @ 100
            """, mode)
        #expect(run.bookings == ["+2@100"])
    }

    @Test(arguments: Compatibility.allCases)
    func ordersShareNothing(mode: Compatibility) throws {
        let run = try Played(Self.book + """
            t 120 | buy 1: 4 @ 100 | buy 2: 4 @ 100
            t 300 | sell-trade 6 @ 100
            """, mode)
        #expect(run.position == 8)
    }

    @Test(arguments: Compatibility.allCases)
    func feesAreKeptApartFromTheBalance(mode: Compatibility) throws {
        let spec = plainSpec {
            $0.contract = .linear(size: 0.5)
            $0.fee = FeeSpec(kind: .tradingValue, maker: -0.0002, taker: 0.0007)
        }
        let run = try Played(Self.book + "t 120 | buy 1: 3 @ 101\nt 200 | bid 90 x 1", mode, spec: spec)
        #expect(run.backtest.state(0).balance == -151.5)
        #expect(run.backtest.state(0).fee == 0.10605)
    }
}
