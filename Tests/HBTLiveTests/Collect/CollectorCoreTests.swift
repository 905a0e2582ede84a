import HBTMarketData
import Testing

@testable import HBTLive

private let second: Int64 = 1_000_000_000
private let noon: Int64 = 1_723_118_400 * second

/// A collector with one symbol, on connection 1, and what it wrote.
private final class Bench {
    let folder = ScratchFolder()
    let core: CollectorCore
    var now = noon
    let line = CollectorCore.Connection(group: 0, id: 1)

    init(_ venue: Venue = .binanceFutures) {
        core = CollectorCore(settings: CollectorSettings(venue: venue, symbols: ["BTCUSDT", "ETHUSDT"]), recorder: FeedRecorder(folder: folder.path))
    }

    func depth(_ first: Int64, _ last: Int64, after previous: Int64?, symbol: String = "BTCUSDT", on connection: CollectorCore.Connection? = nil) {
        let pu = previous.map { #","pu":\#($0)"# } ?? ""
        let time = previous == nil ? "" : #""T":1723118400000,"#
        let ids = #""s":"\#(symbol)","U":\#(first),"u":\#(last)\#(pu)"#
        let data = #"{"e":"depthUpdate","E":1723118400001,\#(time)\#(ids),"b":[["61800.10","0.5"]],"a":[]}"#
        send(#"{"stream":"\#(symbol.lowercased())@depth@0ms","data":\#(data)}"#, on: connection)
    }

    func send(_ text: String, on connection: CollectorCore.Connection? = nil) {
        now += 1_000_000
        Array(text.utf8).withUnsafeBytes { core.message($0, on: connection ?? line, at: now) }
    }

    func snapshot(_ lastId: Int64, symbol: String = "BTCUSDT", status: Int = 200) {
        let body = #"{"lastUpdateId":\#(lastId),"E":1723118400000,"T":1723118400000,"bids":[["61800.10","1.0"]],"asks":[["61800.20","1.0"]]}"#
        Array(body.utf8).withUnsafeBytes { core.snapshot(symbol, status: status, body: $0, at: now) }
    }

    /// Symbols whose snapshots are asked for within the next `seconds`.
    func fetches(within seconds: Int64 = 0) -> [String] {
        var symbols: [String] = []
        for i in 0...(seconds * 10) {
            for case .fetch(let symbol, _) in core.tick(now + i * second / 10) { symbols.append(symbol) }
        }
        now += seconds * second
        return symbols
    }

    func lines(_ name: String = "btcusdt_20240808.gz") throws -> [String] {
        #expect(core.finish())
        return try recordedLines("\(folder.path)/\(name)")
    }
}

struct CollectorCoreTests {
    @Test func theFirstDiffAsksForASnapshotAndAGapForAnother() throws {
        let bench = Bench()
        #expect(bench.fetches(within: 5).isEmpty)
        bench.depth(10, 20, after: 9)
        #expect(bench.fetches() == ["BTCUSDT"])
        #expect(bench.fetches(within: 5).isEmpty, "one question at a time")
        bench.snapshot(15)
        bench.depth(21, 30, after: 20)
        #expect(bench.fetches(within: 5).isEmpty)
        bench.depth(41, 50, after: 40)
        #expect(bench.fetches() == ["BTCUSDT"])
        #expect(bench.core.counts.gaps == 1)
        bench.snapshot(45)
        let lines = try bench.lines()
        #expect(lines.count == 5)
        #expect(lines.filter { $0.contains("lastUpdateId") }.count == 2)
        #expect(lines.allSatisfy { $0.dropFirst(19).hasPrefix(" {") })
    }

    @Test func aSnapshotFromBeforeTheStreamIsWrittenAndAskedForAgain() {
        let bench = Bench()
        bench.depth(100, 110, after: 99)
        #expect(bench.fetches() == ["BTCUSDT"])
        bench.snapshot(90)
        #expect(bench.fetches().isEmpty, "not at once")
        #expect(bench.fetches(within: 2) == ["BTCUSDT"])
        bench.snapshot(100)
        #expect(bench.fetches(within: 120).isEmpty)
    }

    @Test func spotFollowsItsOwnRule() {
        let bench = Bench(.binanceSpot)
        bench.depth(10, 20, after: nil)
        #expect(bench.fetches() == ["BTCUSDT"])
        bench.snapshot(9)
        bench.depth(21, 25, after: nil)
        #expect(bench.fetches(within: 5).isEmpty)
        bench.depth(27, 30, after: nil)
        #expect(bench.fetches() == ["BTCUSDT"])
    }

    @Test func overTwoConnectionsEachMessageIsWrittenOnce() throws {
        let bench = Bench()
        let other = CollectorCore.Connection(group: 0, id: 2)
        for i in Int64(1)...20 {
            for connection in [bench.line, other] {
                bench.depth(i, i, after: i - 1, on: connection)
                let trade = #"{"e":"trade","E":1,"T":1,"s":"BTCUSDT","t":\#(i),"p":"1","q":"1","X":"MARKET","m":true}"#
                bench.send(#"{"stream":"btcusdt@trade","data":\#(trade)}"#, on: connection)
            }
        }
        #expect(bench.core.counts.duplicates == 40)
        #expect(bench.core.counts.gaps == 0)
        #expect(try bench.lines().count == 40)
    }

    @Test func idsThatStartAgainAreAGapNotSilence() throws {
        let bench = Bench()
        bench.depth(1_000_000, 1_000_010, after: 999_999)
        _ = bench.fetches()
        bench.snapshot(1_000_005)
        bench.depth(5, 6, after: 4)
        bench.depth(7, 8, after: 6)
        #expect(bench.fetches(within: 1) == ["BTCUSDT"])
        #expect(try bench.lines().count == 4)
    }

    @Test func aRefusalWaitsAsLongAsTheVenueSays() throws {
        let bench = Bench()
        bench.depth(10, 20, after: 9)
        #expect(bench.fetches() == ["BTCUSDT"])
        Array(#"{"code":-1003,"msg":"Too many requests"}"#.utf8).withUnsafeBytes {
            bench.core.snapshot("BTCUSDT", status: 429, body: $0, at: bench.now, retryAfterNs: 30 * second)
        }
        #expect(bench.fetches(within: 29).isEmpty)
        #expect(bench.fetches(within: 2) == ["BTCUSDT"])
        // The venue's own words are a line of the file, as HftBacktest's collector has it.
        #expect(try bench.lines().last?.contains("-1003") == true)
    }

    @Test func whatCannotBeReadIsKeptApart() throws {
        let bench = Bench()
        bench.send("{\"stream\":\"btcusdt@trade\",\"data\":{broken")
        bench.send(#"{"stream":"xrpusdt@trade","data":{"e":"other"}}"#)
        bench.send(#"{"result":null,"id":1}"#)
        #expect(bench.core.counts.unreadable == 1)
        #expect(bench.core.counts.unwanted == 2)
        #expect(try bench.lines("unreadable_20240808.gz").count == 1)
        #expect(bench.folder.files == ["unreadable_20240808.gz"])
    }

    @Test func aNewDaysFileStartsWithItsOwnSnapshot() throws {
        let bench = Bench()
        bench.depth(10, 20, after: 9)
        _ = bench.fetches()
        bench.snapshot(15)
        bench.now += 43_200 * second
        bench.depth(21, 30, after: 20)
        #expect(bench.fetches(within: 1).contains("BTCUSDT"))
        bench.snapshot(29)
        #expect(try bench.lines("btcusdt_20240809.gz").count == 2)
    }

    @Test func manySymbolsShareConnectionsAndTheSnapshotLimit() {
        var settings = CollectorSettings(venue: .binanceFutures, symbols: (0..<500).map { "S\($0)USDT" })
        settings.snapshotsPerMinute = 50
        #expect(settings.streamPaths.count == 8)
        #expect(settings.streamPaths.joined(separator: "/").split(separator: "@").count - 1 == 500 * 4)
        let folder = ScratchFolder()
        let core = CollectorCore(settings: settings, recorder: FeedRecorder(folder: folder.path))
        #expect(core.tick(noon).filter { if case .connect = $0 { true } else { false } }.count == 8)
        for i in 0..<500 {
            let text = #"{"stream":"s\#(i)usdt@depth@0ms","data":{"e":"depthUpdate","E":1,"T":1,"s":"S\#(i)USDT","U":1,"u":2,"pu":0,"b":[],"a":[]}}"#
            Array(text.utf8).withUnsafeBytes { core.message($0, on: .init(group: 0, id: 1), at: noon + 1) }
        }
        var asked = 0
        for tenth in Int64(0)..<590 { asked += core.tick(noon + tenth * second / 10).filter { if case .fetch = $0 { true } else { false } }.count }
        #expect(asked == 50)
    }
}
