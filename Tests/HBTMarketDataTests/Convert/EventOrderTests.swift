import HBTTypes
import Testing

@testable import HBTMarketData

/// Rows of random, often equal, times.
private func randomRows(_ count: Int, seed: UInt64, spread: Int64) -> [MarketEvent] {
    var random = FormatRandom(seed: seed)
    return (0..<count).map { i in
        MarketEvent(
            ev: EventFlags.buy | 1, exchangeNs: Int64.random(in: 0...spread, using: &random), localNs: Int64.random(in: 0...spread, using: &random),
            price: i % 7 == 0 ? .nan : Double(i), quantity: Double(i))
    }
}

/// Twin: the two stable sorts and the merge as the semantics document words them.
private func slowCorrect(_ rows: [MarketEvent]) -> [MarketEvent] {
    func sorted(_ key: (MarketEvent) -> Int64) -> [MarketEvent] {
        rows.enumerated().sorted { (key($0.element), $0.offset) < (key($1.element), $1.offset) }.map(\.element)
    }
    var e = sorted { $0.exchangeNs }[...], l = sorted { $0.localNs }[...], out: [MarketEvent] = []
    func emit(_ row: MarketEvent, _ flags: UInt64) {
        var flagged = row
        flagged.ev |= flags
        out.append(flagged)
    }
    while true {
        if let a = e.first, let b = l.first, a.exchangeNs == b.exchangeNs, a.localNs == b.localNs {
            emit(a, EventFlags.exchange | EventFlags.local)
            e.removeFirst()
            l.removeFirst()
        } else if let a = e.first, let b = l.first, (a.exchangeNs, a.localNs) < (b.exchangeNs, b.localNs) {
            emit(a, EventFlags.exchange)
            e.removeFirst()
        } else if let b = l.first {
            emit(b, EventFlags.local)
            l.removeFirst()
        } else if let a = e.first {
            emit(a, EventFlags.exchange)
            e.removeFirst()
        } else {
            return out
        }
    }
}

@Test(arguments: [1, 2, 3, 4, 5] as [UInt64], [3, 20, 1_000_000] as [Int64])
func correctedOrderEqualsTheObviousTwin(seed: UInt64, spread: Int64) throws {
    let rows = randomRows(300, seed: seed, spread: spread)
    let corrected = try EventOrder.correct(rows)
    #expect(sameBytes(corrected, slowCorrect(rows)))
    #expect(EventOrder.validate(corrected) == nil)
}

/// However few rows fit into memory, the spool gives the same rows.
@Test(arguments: [1, 2, 3, 10, 64, 299, 300, 301], [1, 2] as [UInt64])
func spooledRowsEqualRowsInMemory(capacity: Int, seed: UInt64) throws {
    let rows = randomRows(300, seed: seed, spread: 40)
    let spool = RowSpool(capacity: capacity, directory: nil)
    for row in rows {
        spool.beginGroup(exchangeNs: row.exchangeNs, localNs: row.localNs)
        try spool.append(row)
    }
    let merged = try spool.finish(shiftNs: 0, path: "")
    #expect(sameBytes(try drain(merged) { 7 }, slowCorrect(rows)))
}

@Test func aSpoolDirectoryThatIsNotThereIsAnError() throws {
    let spool = RowSpool(capacity: 1, directory: "/nonexistent")
    spool.beginGroup(exchangeNs: 0, localNs: 0)
    let row = MarketEvent(ev: 1, exchangeNs: 0, localNs: 0, price: 1, quantity: 1)
    try spool.append(row)
    #expect(failure { try spool.append(row) }?.description.contains("/nonexistent") == true)
}

@Test func emptyAndExtremeRows() throws {
    #expect(try EventOrder.correct([]).isEmpty)
    var none: [MarketEvent] = []
    #expect(EventOrder.correctLocalTimestamp(&none, baseLatencyNs: 5) == 0)
    let wild = [
        MarketEvent(ev: 1, exchangeNs: .max, localNs: .min, price: 1, quantity: 1),
        MarketEvent(ev: 1, exchangeNs: .min, localNs: .max, price: 1, quantity: 1),
    ]
    #expect(sameBytes(try EventOrder.correct(wild), slowCorrect(wild)))
    var shifted = wild
    EventOrder.correctLocalTimestamp(&shifted, baseLatency: .nan)
}

@Test func theFirstFaultIsNamed() {
    func row(_ flags: UInt64, _ e: Int64, _ l: Int64) -> MarketEvent { MarketEvent(ev: flags | 1, exchangeNs: e, localNs: l, price: 1, quantity: 1) }
    let both = EventFlags.exchange | EventFlags.local
    #expect(EventOrder.validate([row(both, 5, 9), row(both, 6, 8), row(both, 4, 9)]) == .init(clock: .exchange, row: 2, previousNs: 6, currentNs: 4))
    let localFault = [row(both, 5, 9), row(EventFlags.exchange, 6, 1), row(both, 7, 8)]
    #expect(EventOrder.validate(localFault) == .init(clock: .local, row: 2, previousNs: 9, currentNs: 8))
}
