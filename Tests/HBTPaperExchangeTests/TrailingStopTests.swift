import HBTBinance
import HBTTypes
import Testing

@testable import HBTPaperExchange

@Suite struct TrailingStopTests {
    private static let from = "symbol=BTCUSDT&type=TRAILING_STOP_MARKET&quantity=0.001"

    private func status(_ client: PaperClient, _ id: Int64) throws -> String {
        try client.json(try client.signed("GET", "order", "symbol=BTCUSDT&orderId=\(id)")).text("status")
    }

    /// Trades at these prices, one every 100 ms, above a book that stands still.
    private func client(_ prices: [Double]) throws -> PaperClient {
        try PaperClient(rows: prices.enumerated().map { PaperClient.trade(.buy, $1, 0.001, at: Int64($0 + 1) * 100) })
    }

    @Test func aSaleFollowsTheHighestPrice() throws {
        let client = try client([50_100, 50_600, 50_200, 50_090])
        let body = try client.json(try client.signed("POST", "order", Self.from + "&side=SELL&callbackRate=1"))
        let id = try body.integer("orderId")
        #expect(try body.text("priceRate") == "1" && body.text("origType") == "TRAILING_STOP_MARKET")
        client.wait(toMs: 350)
        // 1 % below 50,600 is 50,094.
        #expect(try status(client, id) == "NEW")
        client.wait(toMs: 450)
        #expect(try status(client, id) == "FILLED")
    }

    @Test func aPurchaseStartsAtItsPriceAndFollowsTheLowest() throws {
        let client = try client([49_800, 49_900, 49_500, 49_560, 49_800])
        let id = try client.json(try client.signed("POST", "order", Self.from + "&side=BUY&callbackRate=0.5&activationPrice=49600")).integer("orderId")
        // 0.5 % above 49,800 is passed by nothing; the order follows from 49,500 on, and 49,747.5 is passed at the end.
        client.wait(toMs: 450)
        #expect(try status(client, id) == "NEW")
        client.wait(toMs: 550)
        #expect(try status(client, id) == "FILLED")
    }

    @Test func theNewerCallsPlaceTheSameOrders() throws {
        let client = try client([50_100, 49_900])
        let asked = "algoType=CONDITIONAL&symbol=BTCUSDT&side=SELL&type=STOP_MARKET&quantity=0.001&triggerPrice=49900&clientAlgoId=mine"
        let body = try client.json(try client.signed("POST", "algoOrder", asked)), id = try body.integer("algoId")
        #expect(try body.text("algoStatus") == "NEW" && body.decimal("triggerPrice").double == 49_900)
        #expect(try client.json(try client.signed("GET", "openAlgoOrders")).elements?.count == 1)
        let lower = asked.replacing("mine", with: "other").replacing("49900", with: "40000")
        let other = try client.json(try client.signed("POST", "algoOrder", lower)).integer("algoId")
        #expect(try client.json(try client.signed("DELETE", "algoOrder", "algoId=\(other)")).text("code") == "200")
        client.wait(toMs: 300)
        #expect(try client.json(try client.signed("GET", "algoOrder", "clientAlgoId=mine")).text("algoStatus") == "FINISHED")
        #expect(try status(client, id) == "FILLED" && status(client, other) == "CANCELED")
        #expect(try client.code(try client.signed("GET", "algoOrder", "algoId=99")) == -2013)
        #expect(try client.code(try client.signed("POST", "algoOrder", "algoType=CONDITIONAL&symbol=BTCUSDT&side=SELL&type=MARKET&quantity=1")) == -1116)
    }

    @Test func whatTheVenueRefuses() throws {
        let client = try client([])
        func code(_ more: String) throws -> Int64 { try client.code(try client.signed("POST", "order", Self.from + more)) }
        #expect(try code("&side=SELL") == -1102)
        #expect(try code("&side=SELL&callbackRate=0.05") == -1130)
        #expect(try code("&side=SELL&callbackRate=11") == -1130)
        #expect(try code("&side=SELL&callbackRate=1&activationPrice=49000") == -4135)
        #expect(try code("&side=BUY&callbackRate=1&activatePrice=51000") == -4135)
    }
}
