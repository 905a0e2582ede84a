import HBTTypes
import Testing

@testable import HBTMarketData

/// A spot depth message of updates `first...last` at `ms` after an epoch, received 5 ms later.
private func update(_ first: Int, _ last: Int, ms: Int, price: String = "100", quantity: String = "1") -> String {
    #"\#(1_700_000_000_000 + ms + 5)000000 {"stream":"s","data":{"e":"depthUpdate","E":\#(1_700_000_000_000 + ms),"#
        + #""s":"X","U":\#(first),"u":\#(last),"b":[["\#(price)","\#(quantity)"]],"a":[]}}"#
}

private func snapshot(_ id: Int, receivedMs: Int) -> String {
    #"\#(1_700_000_000_000 + receivedMs)000000 {"lastUpdateId":\#(id),"bids":[["99","7"],["98","8"]],"asks":[["101","9"]]}"#
}

private func ms(_ ns: Int64) -> Double { Double(ns - 1_700_000_000_000_000_000) / 1e6 }

/// Exchange and local time of the snapshot's rows.
private func placed(_ lines: [String]) throws -> [Double] {
    let rows = try convert(lines, .binanceSpot).rows.filter { $0.kind == EventKind.depthSnapshot }
    #expect(rows.count == 3)
    #expect(Set(rows.map(\.exchangeNs)).count == 1)
    return rows.first.map { [ms($0.exchangeNs), ms($0.localNs)] } ?? []
}

@Test func aSnapshotStandsBehindTheLastUpdateItContains() throws {
    // Received after later updates, as REST answers are.
    #expect(try placed([update(1, 4, ms: 100), update(5, 8, ms: 200), update(9, 12, ms: 300), snapshot(9, receivedMs: 330)]) == [200, 205])
    // Received before updates that it contains: its place is known only later.
    #expect(try placed([update(1, 4, ms: 100), snapshot(8, receivedMs: 130), update(5, 8, ms: 200), update(9, 12, ms: 300)]) == [200, 205])
    // All updates of the file are in it.
    #expect(try placed([update(1, 4, ms: 100), snapshot(8, receivedMs: 130), update(5, 8, ms: 200)]) == [200, 205])
}

@Test func aSnapshotWithoutContainedUpdateStandsInFrontOfTheNext() throws {
    // Before the first update: at its own receipt, with that update's latency.
    #expect(try placed([snapshot(0, receivedMs: 50), update(1, 4, ms: 100)]) == [45, 50])
    // After it: just in front.
    let late = try placed([update(1, 4, ms: 100), snapshot(0, receivedMs: 150), update(5, 8, ms: 200)])
    #expect(late[0] < 100 && late[0] > 99.9 && late[1] < 105 && late[1] > 104.9)
    // The update it contains was received before a gap; the book would come from the future.
    #expect(try placed([update(1, 4, ms: 100), update(9, 12, ms: 900), snapshot(8, receivedMs: 950)])[0] > 899.9)
    // Nothing but a snapshot.
    #expect(try placed([snapshot(3, receivedMs: 50)]) == [50, 50])
}

@Test func laterUpdatesApplyOnTopOfTheSnapshotOnBothSides() throws {
    let rows = try convert(
        [update(1, 4, ms: 100), update(5, 8, ms: 200, price: "99", quantity: "3"), snapshot(4, receivedMs: 250), update(9, 9, ms: 300)], .binanceSpot
    ).rows
    for flag in [EventFlags.exchange, EventFlags.local] {
        let last = rows.last { $0.has(flag | EventFlags.buy) && $0.price == 99 }
        #expect(last?.quantity == 3)
    }
    #expect(EventOrder.validate(rows) == nil)
}

@Test func spotTradesAreMarketTradesAtTheirTradeTime() throws {
    let line = #"1700000000007000000 {"stream":"s","data":{"e":"trade","E":1700000000003,"s":"X","t":1,"#
        + #""p":"61837.63000000","q":"0.02000000","b":1,"a":2,"T":1700000000002,"m":true,"M":true}}"#
    let rows = try convert([line], .binanceSpot).rows
    #expect(rows == [MarketEvent(
        ev: EventFlags.exchange | EventFlags.local | EventFlags.sell | 2, exchangeNs: 1_700_000_000_002_000_000, localNs: 1_700_000_000_007_000_000,
        price: 61837.63, quantity: 0.02)])
}

@Test func spotBookTickersTakeTheNewestExchangeTime() throws {
    let ticker = #"1700000000107000000 {"stream":"s","data":{"u":7,"s":"X","b":"99","B":"1","a":"101","A":"2"}}"#
    let (rows, report) = try convert([ticker, update(1, 4, ms: 100), ticker], .binanceSpot, ConvertOptions(options: "t"))
    #expect(rows.filter { $0.kind >= 103 }.map { ms($0.exchangeNs) } == [100, 100])
    #expect(report.skipped == [.init(name: "bookTicker before any exchange time", count: 1)])
}

@Test func spotGapsFollowTheFirstUpdateId() throws {
    let report = try convert([update(1, 4, ms: 100), update(5, 8, ms: 200), update(10, 12, ms: 300)], .binanceSpot).report
    #expect(report.updateGaps.map { [$0.expectedId, $0.foundId] } == [[8, 9]])
}
