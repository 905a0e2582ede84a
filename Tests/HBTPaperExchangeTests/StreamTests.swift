import HBTBinance
import HBTMarketData
import HBTTypes
import Testing

@testable import HBTPaperExchange

@Suite struct StreamTests {
    /// A book kept by the venue's own instructions from a snapshot and a depth stream.
    private struct Follower {
        let market: VenueMarket
        var bids: [Int64: Int64] = [:], asks: [Int64: Int64] = [:]
        var last: Int64?
        var messages = 0

        mutating func set(_ side: WritableKeyPath<Follower, [Int64: Int64]>, _ level: WireLevel) {
            let tick = level.price.rescaled(digits: 8)?.mantissa ?? 0
            self[keyPath: side][tick] = level.quantity.isZero ? nil : level.quantity.rescaled(digits: 8)?.mantissa
        }
    }

    private static func text(_ bytes: [UInt8], _ parser: inout StreamParser) throws -> (StreamMessage, [WireLevel], [WireLevel]) {
        let raw = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
        defer { raw.deallocate() }
        raw.copyBytes(from: bytes)
        let message = try parser.parse(UnsafeRawBufferPointer(raw))
        return (message, Array(parser.bids), Array(parser.asks))
    }

    private func generator() throws -> MarketGenerator {
        var parameters = MarketParameters()
        parameters.startPrice = 50_000
        parameters.startNs = 0
        parameters.durationNs = 30_000_000_000
        return try MarketGenerator(parameters)
    }

    @Test(arguments: VenueMarket.allCases, ["100ms", "0ms"]) func aFollowersBookIsTheExchanges(market: VenueMarket, speed: String) throws {
        if market == .spot && speed == "0ms" { return }
        let client = try PaperClient(market, source: try generator())
        let id = try client.open("/ws/\(client.symbol.lowercased())@depth@\(speed)")
        client.wait(toMs: 1000)
        var parser = StreamParser()
        var follower = Follower(market: market)
        let (first, bids, asks) = try Self.text(client.get("depth", "symbol=\(client.symbol)&limit=1000").body, &parser)
        guard case .snapshot(let snapshot) = first else {
            Issue.record("no snapshot")
            return
        }
        for level in bids { follower.set(\.bids, level) }
        for level in asks { follower.set(\.asks, level) }
        for step in 1...200 {
            client.wait(toMs: 1000 + Int64(step) * 100)
            for frame in client.exchange.takeFrames() {
                guard case .text(let payload) = frame.content, frame.connection == id else { continue }
                let (message, bids, asks) = try Self.text(payload, &parser)
                guard case .depth(let depth) = message, depth.finalUpdateId > snapshot.lastUpdateId else { continue }
                if let last = follower.last {
                    if market.isFutures { #expect(depth.previousFinalUpdateId == last) } else { #expect(depth.firstUpdateId == last + 1) }
                } else {
                    #expect(depth.firstUpdateId <= snapshot.lastUpdateId + 1)
                }
                follower.last = depth.finalUpdateId
                follower.messages += 1
                for level in bids { follower.set(\.bids, level) }
                for level in asks { follower.set(\.asks, level) }
            }
        }
        #expect(follower.messages > 100)
        var wanted = Follower(market: market)
        let (_, finalBids, finalAsks) = try Self.text(client.get("depth", "symbol=\(client.symbol)&limit=1000").body, &parser)
        for level in finalBids { wanted.set(\.bids, level) }
        for level in finalAsks { wanted.set(\.asks, level) }
        // Snapshots are cut at 1000 levels: compare what both surely know, near the touch.
        let lowest = try #require(wanted.bids.keys.max()) - 20_000_000_000, highest = try #require(wanted.asks.keys.min()) + 20_000_000_000
        #expect(follower.bids.filter { $0.key >= lowest } == wanted.bids.filter { $0.key >= lowest })
        #expect(follower.asks.filter { $0.key <= highest } == wanted.asks.filter { $0.key <= highest })
        #expect(wanted.bids.count > 20)
    }

    @Test func everyStreamSpeaks() throws {
        let client = try PaperClient(.usdMargined, source: try generator())
        let names = ["depth", "depth5@100ms", "trade", "aggTrade", "bookTicker", "kline_1m", "markPrice@1s", "ticker"].map { "btcusdt@\($0)" }
        let id = try client.open("/stream?streams=" + names.joined(separator: "/"))
        client.wait(toMs: 10_000)
        var seen: Set<String> = []
        var parser = StreamParser()
        for frame in client.exchange.takeFrames() {
            guard case .text(let payload) = frame.content, frame.connection == id else { continue }
            let name = try JSONValue.parse(payload).text("stream")
            seen.insert(name)
            let (message, _, _) = try Self.text(payload, &parser)
            if !name.hasSuffix("ticker") { #expect(message != .other, "\(name)") }
        }
        #expect(seen == Set(names))
    }

    @Test func liveSubscriptions() throws {
        let client = try PaperClient(rows: [(6, 10), (7, 20), (8, 30)].map { PaperClient.level(.buy, 50_000, $0, at: $1) })
        let id = try client.open("/public/ws")
        func call(_ text: String) { client.exchange.receive(Array(text.utf8), on: id, at: client.exchange.nowNs) }
        call(#"{"method":"SUBSCRIBE","params":["btcusdt@bookTicker"],"id":"a"}"#)
        #expect(try client.messages(id) == [try JSONValue.parse(#"{"result":null,"id":"a"}"#)])
        client.wait(toMs: 15)
        #expect(try client.messages(id).map { try $0.text("B") } == ["6.000"])
        call(#"{"method":"LIST_SUBSCRIPTIONS","id":3}"#)
        #expect(try client.messages(id) == [try JSONValue.parse(#"{"result":["btcusdt@bookTicker"],"id":3}"#)])
        call(#"{"method":"UNSUBSCRIBE","params":["btcusdt@bookTicker"],"id":4}"#)
        client.wait(toMs: 25)
        #expect(try client.messages(id).count == 1)
        for bad in ["", "{", "[]", #"{"id":1}"#, #"{"method":"NONE","id":1}"#, #"{"method":5}"#] {
            call(bad)
            #expect(try client.messages(id).first?["error"] != nil, "\(bad)")
        }
        for path in ["/ws", "/usdm/stream", "/fstream.binance.com/ws/x", "/private/ws?listenKey=x", "/ws-fapi/v1"] {
            #expect(client.exchange.open(path: path, at: client.exchange.nowNs) != nil, "\(path)")
        }
        #expect(client.exchange.open(path: "/nowhere", at: client.exchange.nowNs) == nil)
    }

    @Test func theDataMayRunFaster() throws {
        let rules = try PaperClient.rules(.usdMargined)
        let settings = PaperSettings(
            books: [.init(rules: rules, rows: ArrayEventSource([PaperClient.level(.buy, 50_000, 6, at: 0), PaperClient.level(.buy, 50_000, 7, at: 10_000)]))],
            accounts: [], funds: [], clock: ReplayClock(venueStartNs: PaperClient.startNs, speed: 10))
        let exchange = try PaperExchange(settings)
        #expect(exchange.nextRowNs == PaperClient.startNs + 1_000_000_000)
        exchange.advance(to: PaperClient.startNs + 1_000_000_000)
        #expect(exchange.hasEnded)
    }
}
