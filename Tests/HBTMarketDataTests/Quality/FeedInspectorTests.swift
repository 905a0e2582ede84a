import HBTTypes
import Testing

@testable import HBTMarketData

private let both = EventFlags.exchange | EventFlags.local
private let bid = EventFlags.buy, ask = EventFlags.sell

/// A row at exchange time `t`, received 10 ns later.
private func row(
    _ t: Int64, _ side: UInt64, _ price: Double, _ quantity: Double, kind: UInt8 = EventKind.depth, flags: UInt64 = both, delay: Int64 = 10
) -> MarketEvent {
    MarketEvent(ev: flags | side | UInt64(kind), exchangeNs: t, localNs: t + delay, price: price, quantity: quantity)
}

private let sound = [
    row(100, bid, 99, 0, kind: EventKind.depthClear), row(100, bid, 100, 5, kind: EventKind.depthSnapshot), row(100, bid, 99, 5, kind: EventKind.depthSnapshot),
    row(100, ask, 101, 5, kind: EventKind.depthSnapshot), row(100, ask, 102, 5, kind: EventKind.depthSnapshot),
    row(200, bid, 100, 3), row(250, bid, 100, 2, kind: EventKind.trade), row(300, ask, 101, 4),
]

private func inspect(_ rows: [MarketEvent], silenceNs: Int64 = 1000) throws -> FeedReport {
    try FeedInspector.inspect(ArrayEventSource(rows), settings: .init(silenceNs: silenceNs))
}

private func checks(_ report: FeedReport) -> [String] { FeedValidation(report).findings.map { "\($0.severity.rawValue) \($0.check)" } }

@Test func soundDataHasNoFindings() throws {
    let report = try inspect(sound)
    #expect(checks(report) == [])
    #expect(report.kinds == [
        .init(kind: "depth", buy: 1, sell: 1), .init(kind: "trade", buy: 1), .init(kind: "clear", buy: 1), .init(kind: "snapshot", buy: 2, sell: 2),
    ])
    #expect(report.exchange.span == .init(firstNs: 100, lastNs: 300))
    #expect(report.local.span == .init(firstNs: 110, lastNs: 310))
    #expect(report.exchange.longestSilence == .init(lengthNs: 100, fromNs: 100, row: 5))
    #expect(report.latency == .init(minNs: 10, p1Ns: 10, p50Ns: 10, p90Ns: 10, p99Ns: 10, maxNs: 10, negativeRows: 0))
    #expect(report.firstSnapshotRow == 1)
}

struct Defect: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var rows: [MarketEvent]
    var finding: String
}

/// Every injected defect is found, and nothing else is.
@Test(arguments: [
    Defect(testDescription: "exchange time steps back", rows: [row(290, bid, 99, 1, flags: EventFlags.exchange)], finding: "error clock-reversal"),
    Defect(testDescription: "local time steps back", rows: [row(290, bid, 99, 1, flags: EventFlags.local)], finding: "error clock-reversal"),
    Defect(testDescription: "price is NaN", rows: [row(310, bid, .nan, 1)], finding: "error not-finite"),
    Defect(testDescription: "quantity is infinite", rows: [row(310, bid, 98, .infinity)], finding: "error not-finite"),
    Defect(testDescription: "quantity is negative", rows: [row(310, bid, 98, -1)], finding: "error negative-quantity"),
    Defect(testDescription: "no side", rows: [row(310, 0, 98, 1)], finding: "error no-side"),
    Defect(testDescription: "no flag", rows: [row(310, bid, 98, 1, flags: 0)], finding: "warning no-flag"),
    Defect(
        testDescription: "received before it happened", rows: [row(320, bid, 98, 1, delay: -1), row(330, bid, 98, 2, delay: 0)],
        finding: "warning negative-latency"),
    Defect(testDescription: "repeated row", rows: [row(310, bid, 98, 1), row(310, bid, 98, 1)], finding: "warning duplicate-row"),
    Defect(
        testDescription: "repeated trade", rows: [row(310, bid, 98, 1, kind: EventKind.trade), row(310, bid, 98, 1, kind: EventKind.trade)],
        finding: "note repeated-trade"),
    Defect(testDescription: "unknown type", rows: [row(310, bid, 98, 1, kind: 77)], finding: "note unknown-type"),
])
func injectedDefectsAreFound(defect: Defect) throws { #expect(checks(try inspect(sound + defect.rows)) == [defect.finding]) }

@Test func silencesAreFoundOnBothClocks() throws {
    let report = try inspect(sound + [row(1301, bid, 99, 1)])
    #expect(checks(report) == ["warning silence", "warning silence"])
    #expect(report.exchange.silences == .init(count: 1, firstRows: [8]))
    #expect(report.exchange.longestSilence == .init(lengthNs: 1001, fromNs: 300, row: 8))
}

@Test func crossedAndLockedSpansAreJudgedBetweenTimestamps() throws {
    // At 400 the book passes through a crossing and ends sound; 500–560 crossed; 600–700 locked.
    let rows = sound + [
        row(400, bid, 101, 1), row(400, ask, 101, 0), row(500, bid, 103, 1), row(520, bid, 98, 1), row(560, bid, 103, 0), row(600, bid, 102, 1),
        row(700, bid, 102, 0),
    ]
    let report = try inspect(rows)
    for side in [report.exchange, report.local] {
        #expect(side.crossed == .init(count: 1, totalNs: 60, longestNs: 60, longestRow: 10, firstRow: 10))
        #expect(side.locked == .init(count: 1, totalNs: 100, longestNs: 100, longestRow: 13, firstRow: 13))
    }
    #expect(checks(report).filter { $0.hasPrefix("warning") }.count == 4)
}

@Test func eachSideHasItsOwnBook() throws {
    // Crossed for the exchange alone: the local side never hears of the bid.
    let report = try inspect(sound + [row(400, bid, 101, 1, flags: EventFlags.exchange), row(500, bid, 98, 1)])
    #expect(report.exchange.locked.count == 1)
    #expect(report.local.locked.count == 0)
}

@Test func clearsRemoveUpToTheirPrice() throws {
    let rows = sound + [row(400, bid, 100, 0, kind: EventKind.depthClear), row(400, ask, 100, 1)]
    #expect(checks(try inspect(rows)) == [])
    #expect(checks(try inspect(sound + [row(400, bid, .nan, 0, kind: EventKind.depthClear), row(400, ask, 90, 1)])) == [])
    #expect(checks(try inspect(sound + [row(400, 0, .nan, 0, kind: EventKind.depthClear), row(400, ask, 90, 1)])) == [])
    #expect(checks(try inspect(sound + [row(400, ask, 100, 1)])).isEmpty == false)
}

@Test func initialSnapshotsSetUpTheBook() throws {
    let levels = [MarketEvent(ev: both | bid | 4, exchangeNs: 0, localNs: 0, price: 61_659.700000000004, quantity: 1)]
    let rows = [row(1, bid, 61_659.7, 0), row(2, ask, 61_659.7, 1), row(3, ask, 61_660, 1)]
    let report = try FeedInspector.inspect(ArrayEventSource(rows), initialSnapshot: levels)
    #expect(checks(report) == [])
    #expect(checks(try inspect([row(1, bid, 1, 1)])) == ["note no-snapshot"])
    #expect(checks(try inspect([])) == ["error empty"])
}

@Test func rawFindingsJoinTheReport() throws {
    let folder = try ScratchFolder()
    func update(_ pu: Int, _ u: Int) -> String {
        #"1660228023037049000 {"data":{"e":"depthUpdate","T":1660228023031,"U":\#(pu + 1),"u":\#(u),"pu":\#(pu),"b":[["1","\#(u)"]],"a":[]}}"#
    }
    let lines = [update(9, 12), update(13, 15), #"1660228023037049001 {"code":-1,"msg":"no"}"#]
    let path = try folder.write([UInt8](lines.joined(separator: "\n").utf8), to: "x.gz")
    let report = try FeedInspector.inspect(CollectorEventSource(paths: [path]))
    #expect(checks(report) == ["error update-gap", "warning rest-error", "note no-snapshot"])
    let text = FeedValidation(report).text
    #expect(text.contains("\(path):2: 12 expected, 13 found"))
    #expect(text.hasSuffix("fails: 1 errors, 1 warnings"))
    #expect(try report.json() == FeedInspector.inspect(CollectorEventSource(paths: [path])).json())
    #expect(report.text.contains("update gaps     1"))
}

@Test func extremeValuesDoNotTrap() throws {
    let wild: [Double] = [0, -1, .nan, .infinity, -.infinity, 1e300, -1e300, .leastNonzeroMagnitude]
    var rows: [MarketEvent] = []
    for kind in [UInt8(1), 2, 3, 4, 77] {
        for price in wild {
            for t in [Int64.min, -1, 0, .max] {
                rows.append(MarketEvent(ev: both | bid | UInt64(kind), exchangeNs: t, localNs: ~t, price: price, quantity: price))
                rows.append(MarketEvent(ev: both | ask | UInt64(kind), exchangeNs: t, localNs: t, price: price, quantity: 1))
            }
        }
    }
    let report = try inspect(rows)
    #expect(report.rows == rows.count)
    #expect(!report.text.isEmpty && !FeedValidation(report).text.isEmpty)
}
