import HBTTypes
import Testing

@testable import HBTMarketData

private func market(seed: UInt64, seconds: Int64, _ change: (inout MarketParameters) -> Void = { _ in }) throws -> [MarketEvent] {
    var parameters = MarketParameters()
    parameters.seed = seed
    parameters.durationNs = seconds * 1_000_000_000
    change(&parameters)
    return try drain(MarketGenerator(parameters))
}

private func digest(_ rows: [MarketEvent]) -> Digest {
    var digest = Digest()
    for row in rows {
        digest.add(row.ev)
        digest.add(row.exchangeNs)
        digest.add(row.localNs)
        digest.add(row.price)
        digest.add(row.quantity)
    }
    return digest
}

private func coarse(_ p: inout MarketParameters) {
    p.tickSize = 0.001
    p.lotSize = 0.01
    p.startPrice = 1.2
    p.touchQuantity = 500
    p.levelQuantity = 800
    p.orderQuantity = 40
}

/// Frozen: the same bytes on every machine, in debug and release. A change here changes every
/// sample made before; say so in the changelog.
@Test func theSameSeedGivesTheSameBytes() throws {
    #expect(digest(try market(seed: 1, seconds: 20)).hex == "2946298968eb6edc")
    #expect(digest(try market(seed: 2, seconds: 20)) != digest(try market(seed: 1, seconds: 20)))
    let chunked = try MarketGenerator({ var p = MarketParameters(); p.durationNs = 20_000_000_000; return p }())
    #expect(digest(try drain(chunked) { 1 }).hex == "2946298968eb6edc")
}

@Test func aLongerMarketBeginsAsTheShorterOne() throws {
    let short = try market(seed: 4, seconds: 5), long = try market(seed: 4, seconds: 10)
    // The last message of the short one is cut by its end.
    let common = short.prefix(short.count - 200)
    #expect(sameBytes(Array(long.prefix(common.count)), Array(common)))
}

@Test(arguments: [1, 2, 3] as [UInt64])
func rowsAreOrderedAndSplitAsTheConverterWould(seed: UInt64) throws {
    let rows = try market(seed: seed, seconds: 30) { $0.spikesPerMinute = 30 }
    #expect(EventOrder.validate(rows) == nil)
    #expect(rows.allSatisfy { $0.localNs >= $0.exchangeNs })
    let flags = EventFlags.exchange | EventFlags.local
    let raw = rows.filter { $0.has(EventFlags.exchange) }.map { row in
        var bare = row
        bare.ev &= ~flags
        return bare
    }
    #expect(rows.count > raw.count, "a spike makes one stream overtake the other")
    #expect(sameBytes(try EventOrder.correct(raw), rows))
}

/// The book as rows are applied one by one, by either clock.
private struct PlainBook {
    var bids: [Int: Int] = [:], asks: [Int: Int] = [:]
    var bestBid: Int? { bids.keys.max() }
    var bestAsk: Int? { asks.keys.min() }
}

@Test(arguments: [EventFlags.exchange, EventFlags.local], [0, 1])
func theBookNeverCrossesAndTradesConsumeWhatIsShown(flag: UInt64, kind: Int) throws {
    let rows = try market(seed: 7, seconds: 20) { if kind == 1 { coarse(&$0) } }
    let perTick = kind == 1 ? 1000.0 : 10, perLot = kind == 1 ? 100.0 : 1000
    var book = PlainBook(), consumed: [Int: Int] = [:], crossed = 0, offGrid = 0, unseen = 0, trades = 0
    for row in rows where row.has(flag) {
        let tick = Int((row.price * perTick).rounded()), lots = Int((row.quantity * perLot).rounded())
        if row.price != Double(tick) / perTick || row.quantity != Double(lots) / perLot { offGrid += 1 }
        let isBuy = row.has(EventFlags.buy)
        switch row.kind {
        case EventKind.trade:
            trades += 1
            guard flag == EventFlags.exchange else { continue }
            consumed[tick, default: 0] += lots
            // A buyer takes asks, level by level from the best one shown.
            let shown = isBuy ? book.asks : book.bids
            let better = isBuy ? shown.keys.filter { $0 < tick } : shown.keys.filter { $0 > tick }
            let isBeyond = consumed[tick, default: 0] > shown[tick, default: 0]
            if isBeyond || better.contains(where: { consumed[$0, default: 0] < shown[$0, default: 0] }) { unseen += 1 }
        case EventKind.depth, EventKind.depthSnapshot:
            consumed = [:]
            if isBuy { book.bids[tick] = lots > 0 ? lots : nil } else { book.asks[tick] = lots > 0 ? lots : nil }
            if let bid = book.bestBid, let ask = book.bestAsk, bid >= ask { crossed += 1 }
        default: #expect(lots == 0)
        }
    }
    #expect(crossed == 0)
    #expect(offGrid == 0)
    #expect(unseen == 0)
    #expect(trades > 50)
}

@Test func theMarketLooksLikeOne() throws {
    let rows = try market(seed: 3, seconds: 120)
    let report = try FeedInspector.inspect(ArrayEventSource(rows))
    #expect(FeedValidation(report).findings == [])
    #expect((500...1000).contains(rows.count / 120))
    let latency = try #require(report.latency)
    #expect(latency.minNs >= 2_500_000 && latency.p50Ns < 5_000_000 && latency.maxNs > 10_000_000)
    #expect((600...2500).contains(report.snapshotRows))
    let prices = rows.filter { $0.kind == EventKind.depth }.map(\.price)
    let low = try #require(prices.min()), high = try #require(prices.max())
    #expect(low > 57_000 && low < 58_800 && high < 63_000 && high > 61_200)
}

@Test func extremeParametersRunOrAreRefused() throws {
    var random = FormatRandom(seed: 11)
    var ran = 0
    for _ in 0..<60 {
        var p = MarketParameters()
        func pick<T>(_ values: [T]) -> T { values[Int.random(in: 0..<values.count, using: &random)] }
        p.seed = random.next()
        p.durationNs = pick([0, 1, 999_999, 1_000_000, 2_000_000_000])
        p.tickSize = pick([0.1, 0.001, 1, 25, 0, -1, .nan])
        p.lotSize = pick([0.001, 1, 1e-8, .infinity])
        p.startPrice = pick([60_000, 1.2, 0.003, 1e9, -1])
        p.volatilityPerDay = pick([0.02, 1, 1e-9])
        p.rowsPerSecond = pick([700, 1, 100_000])
        p.ordersPerSecond = pick([12, 200, 0.001])
        p.quoteMovesPerSecond = pick([1, 100, 0.0001])
        p.touchQuantity = pick([5, 1e9, 1e-9])
        p.spikesPerMinute = pick([0, 60])
        p.jitterNs = pick([0, 10_000_000_000])
        p.depthIntervalNs = pick([2_000_000, 50_000_000, 1])
        do {
            let rows = try drain(MarketGenerator(p))
            ran += 1
            #expect(EventOrder.validate(rows) == nil)
        } catch let error as MarketDataError { #expect(error.description.contains("expected") || error.description.contains("raise")) }
    }
    // Most draws hold a value out of bounds; those that do not must run.
    for coarseness in [0.001, 0.01] {
        var p = MarketParameters()
        coarse(&p)
        p.tickSize = coarseness * 1.0
        p.depthShare = 0.2
        p.durationNs = 5_000_000_000
        p.ordersPerSecond = 200
        #expect(EventOrder.validate(try drain(MarketGenerator(p))) == nil)
        ran += 1
    }
    #expect(ran >= 2)
}
