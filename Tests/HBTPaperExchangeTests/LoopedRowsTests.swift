import HBTBinance
import HBTMarketData
import HBTTypes
import Testing

@testable import HBTPaperExchange

@Suite struct LoopedRowsTests {
    private static let rows: [MarketEvent] = [
        PaperClient.level(.buy, 100, 1, at: 1000), PaperClient.level(.sell, 100.1, 2, at: 1000), PaperClient.level(.buy, 99.9, 3, at: 1500),
        PaperClient.trade(.buy, 100.1, 1, at: 2000), PaperClient.level(.sell, 100.2, 4, at: 2500),
    ]

    private func read(_ source: any EventSource, blocks: Int) throws -> [MarketEvent] {
        let buffer = UnsafeMutableBufferPointer<MarketEvent>.allocate(capacity: 2)
        defer { buffer.deallocate() }
        var out: [MarketEvent] = []
        for _ in 0..<blocks { out += buffer.prefix(try source.read(into: buffer)) }
        return out
    }

    @Test func timeGoesOnAndEachTurnClearsTheBookFirst() throws {
        let rows = try read(LoopedRows { ArrayEventSource(Self.rows) }, blocks: 7)
        let turn = 1_500_000_001
        #expect(rows.map(\.exchangeNs) == Self.rows.map(\.exchangeNs) + [1000 * 1_000_000 + Int64(turn)] + Self.rows.map { $0.exchangeNs + Int64(turn) }
            + [1000 * 1_000_000 + Int64(2 * turn)] + [1000 * 1_000_000 + Int64(2 * turn)])
        #expect(rows[5].kind == EventKind.depthClear && rows[5].has(EventFlags.exchange) && rows[5].price.isNaN)
        #expect(rows[6].price == 100)
    }

    @Test func dataWithoutARowEnd() throws {
        #expect(try read(LoopedRows { ArrayEventSource([]) }, blocks: 3).isEmpty)
    }

    /// Ids go on over the turns, and a book kept from the stream is the exchange's in each.
    @Test func aFollowerSeesNoGap() throws {
        let client = try PaperClient(.usdMargined, source: LoopedRows { ArrayEventSource(Self.rows) })
        let id = try client.open("/ws/btcusdt@depth@0ms")
        var bids: [String: String] = [:], asks: [String: String] = [:]
        var last = try client.json(client.get("depth", "symbol=BTCUSDT&limit=1000"))["lastUpdateId"]?.integer
        func levels(_ value: JSONValue, _ name: String) -> [(String, String)] {
            (value[name]?.elements ?? []).map { ($0.elements?.first?.text ?? "", $0.elements?.last?.text ?? "") }
        }
        for step in 1...80 {
            client.wait(toMs: Int64(step) * 100)
            for message in try client.messages(id) {
                #expect(message["pu"]?.integer == last)
                last = message["u"]?.integer
                for (price, quantity) in levels(message, "b") { bids[price] = Double(quantity) == 0 ? nil : quantity }
                for (price, quantity) in levels(message, "a") { asks[price] = Double(quantity) == 0 ? nil : quantity }
            }
            // The book that the exchange was given is there until the second turn clears it.
            guard step > 25 else { continue }
            let book = try client.json(client.get("depth", "symbol=BTCUSDT&limit=1000"))
            #expect(Dictionary(uniqueKeysWithValues: levels(book, "bids")) == bids)
            #expect(Dictionary(uniqueKeysWithValues: levels(book, "asks")) == asks)
            #expect(!bids.isEmpty && !asks.isEmpty)
        }
    }
}
