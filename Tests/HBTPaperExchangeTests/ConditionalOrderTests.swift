import HBTBinance
import HBTTypes
import Testing

@testable import HBTPaperExchange

@Suite struct ConditionalOrderTests {
    /// Down from 50,000 to 49,000 after a second, up to 51,000 after three.
    private func market() -> [MarketEvent] {
        var rows = PaperClient.book.map { row in row }
        for (ms, price) in [(Int64(1000), 49_000.0), (3000, 51_000)] {
            for level in [50_000.0, 49_999.9, 49_000.0, 50_000.1, 50_000.2, 50_000.3, 49_000.1] {
                rows.append(PaperClient.level(.buy, level, 0, at: ms))
                rows.append(PaperClient.level(.sell, level, 0, at: ms))
            }
            rows.append(PaperClient.level(.buy, price, 5, at: ms))
            rows.append(PaperClient.level(.sell, price + 0.1, 5, at: ms))
            rows.append(PaperClient.trade(.sell, price, 0.001, at: ms))
        }
        return rows
    }

    private func place(_ client: PaperClient, _ side: String, _ type: String, _ extra: String) throws -> JSONValue {
        try client.json(try client.signed("POST", "order", "symbol=\(client.symbol)&side=\(side)&type=\(type)&\(extra)"))
    }

    private func order(_ client: PaperClient, _ id: Int64) throws -> JSONValue {
        try client.json(try client.signed("GET", "order", "symbol=\(client.symbol)&orderId=\(id)"))
    }

    @Test func aStopSellsWhenThePriceHasFallen() throws {
        let client = try PaperClient(rows: market())
        _ = try client.place(.buy, nil, "0.010")
        let id = try place(client, "SELL", "STOP_MARKET", "stopPrice=49500&quantity=0.010&reduceOnly=true").integer("orderId")
        let far = try place(client, "SELL", "STOP_MARKET", "stopPrice=48000&closePosition=true").integer("orderId")
        client.wait(toMs: 900)
        #expect(try order(client, id).text("status") == "NEW")
        client.wait(toMs: 1500)
        let done = try order(client, id)
        #expect(try done.text("status") == "FILLED")
        #expect(try done.text("type") == "MARKET" && done.text("origType") == "STOP_MARKET")
        #expect(try done.decimal("avgPrice").double == 49_000)
        #expect(try order(client, far).text("status") == "NEW")
        let cancelled = try client.json(try client.signed("DELETE", "order", "symbol=BTCUSDT&orderId=\(far)"))
        #expect(try cancelled.text("status") == "CANCELED")
        #expect(client.exchange.conditional.isEmpty)
    }

    @Test func aTakeProfitWaitsForTheOtherSide() throws {
        let client = try PaperClient(rows: market())
        _ = try client.place(.buy, nil, "0.010")
        let id = try place(client, "SELL", "TAKE_PROFIT", "stopPrice=50500&price=50400&quantity=0.010").integer("orderId")
        client.wait(toMs: 2000)
        #expect(try order(client, id).text("status") == "NEW")
        client.wait(toMs: 3500)
        #expect(try order(client, id).text("status") == "FILLED")
    }

    /// Without a position there is nothing left to close.
    @Test func closingNothingExpires() throws {
        let client = try PaperClient(rows: market())
        let stream = try client.userStream()
        let id = try place(client, "SELL", "STOP_MARKET", "stopPrice=49500&closePosition=true").integer("orderId")
        client.wait(toMs: 1500)
        #expect(try order(client, id).text("status") == "EXPIRED")
        let words = try client.messages(stream).compactMap { $0["o"]?["X"]?.text }
        #expect(words == ["NEW", "EXPIRED"])
    }

    @Test func whatIsWrongIsRefused() throws {
        let client = try PaperClient(rows: market())
        #expect(try place(client, "SELL", "STOP_MARKET", "stopPrice=50500&quantity=0.010").integer("code") == -2021)
        #expect(try place(client, "BUY", "TAKE_PROFIT_MARKET", "stopPrice=50500&quantity=0.010").integer("code") == -2021)
        #expect(try place(client, "SELL", "STOP_MARKET", "quantity=0.010").integer("code") == -1102)
        #expect(try place(client, "SELL", "STOP", "stopPrice=49500&quantity=0.010").integer("code") == -1102)
        #expect(try place(client, "SELL", "STOP_MARKET", "stopPrice=49500").integer("code") == -1102)
        #expect(try place(client, "SELL", "STOP_MARKET", "stopPrice=49500&quantity=1&closePosition=true").integer("code") == -4136)
        let id = try place(client, "SELL", "STOP", "stopPrice=49500&price=49400&quantity=0.010").integer("orderId")
        let changed = try client.signed("PUT", "order", "symbol=BTCUSDT&side=SELL&orderId=\(id)&quantity=0.010&price=49300")
        #expect(try client.code(changed) == -1116)
    }

    /// Spot sets the money aside at once and gives it back.
    @Test func spotStopsHoldTheirMoney() throws {
        let client = try PaperClient(.spot, rows: market())
        let id = try place(client, "SELL", "STOP_LOSS_LIMIT", "timeInForce=GTC&stopPrice=49500&price=48000&quantity=0.5").integer("orderId")
        let wallet = client.exchange.accounts[0].wallets[PaperExchange.index(.spot)]
        #expect(wallet["BTC"].locked == Money(0.5))
        client.wait(toMs: 1500)
        #expect(try order(client, id).text("status") == "FILLED")
        #expect(client.exchange.accounts[0].wallets[PaperExchange.index(.spot)]["BTC"].locked == .zero)
    }
}
