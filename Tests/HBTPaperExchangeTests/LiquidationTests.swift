import HBTBinance
import HBTTypes
import Testing

@testable import HBTPaperExchange

@Suite struct LiquidationTests {
    /// The book falls from 50,000 to `price` at 200 ms.
    private func client(fallTo price: Double) throws -> PaperClient {
        try PaperClient(rows: [
            PaperClient.level(.buy, 50_000, 0, at: 200), PaperClient.level(.buy, 49_999.9, 0, at: 200), PaperClient.level(.buy, price, 50, at: 200),
            PaperClient.level(.sell, price + 0.1, 50, at: 200),
        ])
    }

    @Test func aPositionWithoutMarginIsTakenAway() throws {
        let client = try client(fallTo: 40_000), user = try client.userStream(), market = try client.open("/market/ws/btcusdt@forceOrder")
        _ = try client.signed("POST", "leverage", "symbol=BTCUSDT&leverage=50")
        // 500,000 USDT of value on 100,000 of margin: the fall costs all of it and more.
        #expect(try client.place(.buy, nil, "10") > 0)
        #expect(try client.place(.sell, "50500", "0.01") > 0)
        _ = try client.events(user)
        client.wait(toMs: 300)
        let frames = client.exchange.takeFrames()
        let texts = frames.compactMap { frame -> (ConnectionID, JSONValue)? in
            guard case .text(let bytes) = frame.content, let json = try? JSONValue.parse(bytes) else { return nil }
            return (frame.connection, json)
        }
        let forced = texts.filter { $0.0 == market && $0.1["e"]?.text == "forceOrder" }
        #expect(forced.count == 1 && forced.first?.1["o"]?["S"]?.text == "SELL" && forced.first?.1["o"]?["q"]?.text == "10.000")
        let told = texts.filter { $0.0 == user }.compactMap { $0.1["o"]?["c"]?.text }.filter { $0.hasPrefix("autoclose-") }
        #expect(!told.isEmpty)
        #expect(try client.json(try client.signed("GET", "openOrders")).elements?.count == 0)
        #expect(try client.json(try client.signed("GET", "forceOrders")).elements?.count == 1)
        #expect(client.exchange.positions[0][0].isFlat)
        #expect(client.exchange.accounts[0].wallets[1]["USDT"].free >= .zero)
    }

    @Test func aPositionWithMarginStays() throws {
        let client = try client(fallTo: 45_000)
        #expect(try client.place(.buy, nil, "5") > 0)
        client.wait(toMs: 300)
        #expect(!client.exchange.positions[0][0].isFlat)
        #expect(try client.json(try client.signed("GET", "forceOrders")).elements?.count == 0)
    }
}
