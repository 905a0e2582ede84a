import HBTTypes
import Testing

@testable import HBTMarketData

private let depth =
    #"1660228023037049000 {"stream":"s","data":{"e":"depthUpdate","E":1660228023041,"T":1660228023031,"s":"BTCUSDT","#
    + #""U":10,"u":12,"pu":9,"b":[["2467.10","0.000"]],"a":[["24671.00","0.5"]]}}"#
private let trade =
    #"1660228023043260000 {"stream":"s","data":{"e":"trade","E":1660228023040,"T":1660228023035,"s":"BTCUSDT","#
    + #""t":1,"p":"24670.90","q":"0.022","X":"MARKET","m":true}}"#
private let both = EventFlags.exchange | EventFlags.local

@Test func fieldOrderSpacesAndUnknownFieldsDoNotMatter() throws {
    let odd = "1660228023037049000 \t{ \"data\" : { \"a\":[ [ \"24671.00\" , \"0.5\" , [] ] ] , "
        + "\"x\":{\"T\":[1,{\"b\":\"]\\\"\"}]}, \"b\":[[2467.10,\"0.000\"]],"
        + "\"pu\":9,\"u\":12,\"U\":10,\"T\":1660228023031,\"E\":1,\"e\":\"depthUpdate\"},\"stream\":\"\\u0041\"}\r"
    #expect(sameBytes(try convert([odd]).rows, try convert([depth]).rows))
    #expect(try convert([depth]).rows == [
        MarketEvent(ev: both | EventFlags.buy | 1, exchangeNs: 1_660_228_023_031_000_000, localNs: 1_660_228_023_037_049_000, price: 2467.1, quantity: 0),
        MarketEvent(ev: both | EventFlags.sell | 1, exchangeNs: 1_660_228_023_031_000_000, localNs: 1_660_228_023_037_049_000, price: 24671, quantity: 0.5),
    ])
}

@Test func microsecondLinesAreScaled() throws {
    let (rows, report) = try convert(["1660228023043260" + trade.dropFirst(19)])
    #expect(rows.map(\.localNs) == [1_660_228_023_043_260_000])
    #expect(report.microsecondLines == 1)
}

@Test func theWholeMessageIsThePayloadWithoutCombinedStream() throws {
    let bare = #"1660228023043260000 {"e":"trade","T":1660228023035,"t":1,"p":"24670.90","q":"0.022","X":"MARKET","m":true}"#
    #expect(sameBytes(try convert([bare], .binanceFutures, ConvertOptions(combinedStream: false)).rows, try convert([trade]).rows))
    #expect(conversionFailure([bare])?.contains("convert with combinedStream off") == true)
    #expect(conversionFailure([trade], .binanceFutures, ConvertOptions(combinedStream: false))?.contains("combinedStream on") == true)
}

@Test func unknownMessagesAreCountedAndNamed() throws {
    let (rows, report) = try convert([
        #"1660228023037049000 {"stream":"s","data":{"e":"aggTrade","a":7,"b":[1,2],"T":null}}"#,
        #"1660228023037049000 {"stream":"s","data":{"e":"aggTrade","a":[[]]}}"#,
        #"1660228023037049000 {"result":null,"id":1}"#, #"1660228023037049000 {}"#, trade,
    ])
    #expect(rows.count == 1)
    #expect(report.messages == [
        .init(name: "(no type)", count: 1), .init(name: "aggTrade", count: 2), .init(name: "reply", count: 1), .init(name: "trade", count: 1),
    ])
    #expect(report.skipped == [.init(name: "reply to a request", count: 1), .init(name: "unknown message", count: 3)])
}

@Test(arguments: [
    ("", "the line starts with 0 digits"),
    ("123 {}", "the line starts with 3 digits"),
    ("1660228023037049000{}", "19 digits"),
    ("9999999999999999999 {}", "19 digits"),
    ("1660228023037049000 ", "column 21: { expected"),
    ("1660228023037049000 nonsense", "column 21: { expected"),
    (#"1660228023037049000 {"a":1"#, ", or } expected"),
    (#"1660228023037049000 {"a":1}x"#, "more bytes after the message"),
    (#"1660228023037049000 {"data":{"e":"trade","p":"1","q":"1","X":"MARKET","m":true}}"#, "field T is missing"),
    (#"1660228023037049000 {"data":{"e":"trade","T":"1","p":"1","q":"1","X":"MARKET","m":true}}"#, "field T has a value of the wrong kind"),
    (#"1660228023037049000 {"data":{"e":"trade","T":9300000000000,"p":"1","q":"1","X":"MARKET","m":true}}"#, "no time in milliseconds"),
    (#"1660228023037049000 {"data":{"e":"trade","T":1,"p":"x","q":"1","X":"MARKET","m":true}}"#, "field p has"),
    (#"1660228023037049000 {"data":{"e":"trade","T":1,"p":"1","q":"1","m":true}}"#, "field X is missing"),
    (#"1660228023037049000 {"data":{"e":"trade","T":1,"p":"1","q":"1","X":"MARKET","m":1}}"#, "field m has"),
    (#"1660228023037049000 {"data":{"e":"depthUpdate","T":1,"U":1,"u":1,"pu":0,"b":[["1"]],"a":[]}}"#, "field b has"),
    (#"1660228023037049000 {"data":{"e":"depthUpdate","T":1,"U":1,"u":1,"pu":0,"b":[]}}"#, "field a is missing"),
    (#"1660228023037049000 {"lastUpdateId":1,"T":1,"bids":[]}"#, "field asks is missing"),
])
func damagedLinesAreErrorsOrCounted(line: String, message: String) throws {
    let error = conversionFailure([trade, line, depth])
    #expect(error?.hasPrefix(":2: column ") == true, "\(error ?? "no error")")
    #expect(error?.contains(message) == true, "\(error ?? "no error")")
    let (rows, report) = try convert([trade, line, depth], .binanceFutures, ConvertOptions(skipBad: true))
    #expect(sameBytes(rows, try convert([trade, depth]).rows))
    #expect(report.badLines == 1)
    #expect(report.bad.map(\.line) == [2])
}

@Test func gapsAndDuplicatesAreSeenAndChangeNothing() throws {
    func update(_ pu: Int, _ u: Int) -> String {
        #"1660228023037049000 {"data":{"e":"depthUpdate","T":1660228023031,"U":\#(pu + 1),"u":\#(u),"pu":\#(pu),"b":[["1","1"]],"a":[]}}"#
    }
    func print(_ id: Int) -> String {
        #"1660228023037049000 {"data":{"e":"trade","T":1660228023031,"t":\#(id),"p":"1","q":"1","X":"MARKET","m":true}}"#
    }
    let (rows, report) = try convert([update(9, 12), update(12, 15), update(16, 18), print(5), print(6), print(6), print(9)])
    #expect(rows.count == 7)
    #expect(report.updateGaps.map { [$0.expectedId, $0.foundId] } == [[15, 16]])
    #expect(report.updateGaps.map(\.line) == [3])
    #expect(report.duplicateTradeCount == 1)
    #expect(report.tradeGaps.map { [$0.expectedId, $0.foundId] } == [[7, 9]])
}

@Test func filesAreOneStream() throws {
    let folder = try ScratchFolder()
    let one = try folder.write([UInt8](depth.utf8), to: "1"), two = try folder.write(gzipMember([UInt8](trade.utf8)), to: "2")
    let rows = try drain(CollectorEventSource(paths: [one, two]))
    #expect(sameBytes(rows, try convert([depth, trade]).rows))
    #expect(failure { try CollectorEventSource(paths: []) }?.reason == .empty)
    #expect(failure { try CollectorEventSource(paths: [folder.write([], to: "3")], venue: .binanceSpot) }?.reason == .empty)
}

@Test func aFileThatBreaksOffIsKeptOnlyWhenAsked() throws {
    let folder = try ScratchFolder()
    let whole = gzipMember([UInt8]((depth + "\n" + trade + "\n" + depth).utf8))
    let path = try folder.write([UInt8](whole[..<(whole.count - 60)]), to: "x.gz")
    #expect(failure { try CollectorEventSource(paths: [path]) }?.line == 3)
    let source = try CollectorEventSource(paths: [path], options: ConvertOptions(skipBad: true))
    #expect(try drain(source).count == 3)
    #expect(source.report.badLines == 1)
}

@Test func venuesAndOptionsAreChecked() throws {
    #expect(try Venue(name: "binance-spot") == .binanceSpot)
    #expect(failure { try Venue(name: "binance-future") }?.description.contains("did you mean binance-futures?") == true)
    #expect(failure { try Venue(name: "tardis") }?.description.contains("there are binance-futures, binance-coin-futures, binance-spot") == true)
    #expect(conversionFailure([trade], .binanceFutures, ConvertOptions(options: "tx"))?.contains("option letter \"x\"") == true)
    #expect(conversionFailure([trade], .binanceFutures, ConvertOptions(rowsInMemory: 0))?.contains("at least 1") == true)
}

/// Damage anywhere: an error or rows, never a crash.
@Test(arguments: [1, 2, 3] as [UInt64])
func randomDamageNeverCrashes(seed: UInt64) throws {
    var random = FormatRandom(seed: seed)
    for _ in 0..<300 {
        var bytes = [UInt8]((depth + "\n" + trade + "\n").utf8)
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
        }
        let folder = try ScratchFolder()
        let path = try folder.write(bytes, to: "x")
        for venue in Venue.allCases {
            let source = try? CollectorEventSource(paths: [path], venue: venue, options: ConvertOptions(options: "tm", skipBad: true))
            if let source { _ = try drain(source) }
        }
    }
}
