import HBTBinance
import HBTTypes
import Testing

@testable import HBTPaperExchange

@Suite struct OrderListTests {
    private static let sale = "symbol=BTCUSDT&side=SELL&quantity=0.5&price=50100&stopPrice=49900&stopLimitPrice=49800&stopLimitTimeInForce=GTC"

    private func balance(_ client: PaperClient, _ asset: String) throws -> [String] {
        let entry = try client.json(try client.signed("GET", "account")).array("balances").first { try $0.text("asset") == asset }
        return [try entry?.text("free") ?? "", try entry?.text("locked") ?? ""]
    }

    private func statuses(_ client: PaperClient) throws -> [String] {
        try (client.json(try client.signed("GET", "allOrders", "symbol=BTCUSDT")).elements ?? []).map { "\(try $0.text("type")) \(try $0.text("status"))" }
    }

    @Test func bothOrdersHoldTheirMoneyOnce() throws {
        let client = try PaperClient(.spot)
        let body = try client.json(try client.signed("POST", "order/oco", Self.sale + "&listClientOrderId=mine"))
        #expect(try body.text("contingencyType") == "OCO" && body.text("listOrderStatus") == "EXECUTING" && body.text("listClientOrderId") == "mine")
        #expect(try body.array("orderReports").map { try $0.text("type") } == ["STOP_LOSS_LIMIT", "LIMIT_MAKER"])
        #expect(try balance(client, "BTC") == ["1.50000000", "0.50000000"])
        #expect(try client.json(try client.signed("GET", "openOrderList")).elements?.count == 1)
        let list = try body.integer("orderListId")
        #expect(try client.json(try client.signed("GET", "orderList", "orderListId=\(list)")).array("orders").count == 2)
        #expect(try client.code(try client.signed("GET", "orderList", "orderListId=77")) == -2018)
    }

    @Test func cancellingEitherOrTheListEndsBoth() throws {
        for way in 0..<3 {
            let client = try PaperClient(.spot), stream = try client.userStream()
            let body = try client.json(try client.signed("POST", "order/oco", Self.sale))
            let orders = try body.array("orders").map { try $0.integer("orderId") }
            if way == 2 {
                let ended = try client.json(try client.signed("DELETE", "orderList", "symbol=BTCUSDT&orderListId=\(body.integer("orderListId"))"))
                #expect(try ended.text("listOrderStatus") == "ALL_DONE")
            } else {
                _ = try client.signed("DELETE", "order", "symbol=BTCUSDT&orderId=\(orders[way])")
            }
            #expect(try statuses(client) == ["STOP_LOSS_LIMIT CANCELED", "LIMIT_MAKER CANCELED"])
            #expect(try balance(client, "BTC") == ["2.00000000", "0.00000000"])
            let told = try client.messages(stream).compactMap { $0["event"] }.filter { $0["e"]?.text == "listStatus" }
            #expect(try told.map { try $0.text("l") } == ["EXEC_STARTED", "ALL_DONE"])
        }
    }

    @Test func theLimitOrdersFillEndsTheStop() throws {
        let rows = [PaperClient.trade(.buy, 50_200, 100, at: 200), PaperClient.level(.sell, 50_000.1, 0, at: 300)]
        let client = try PaperClient(.spot, rows: rows)
        _ = try client.signed("POST", "order/oco", Self.sale)
        client.wait(toMs: 400)
        #expect(try statuses(client) == ["STOP_LOSS_LIMIT EXPIRED", "LIMIT_MAKER FILLED"])
        #expect(try balance(client, "BTC") == ["1.50000000", "0.00000000"])
        #expect(try client.json(try client.signed("GET", "openOrderList")).elements?.count == 0)
    }

    @Test func theStopEndsTheLimitOrder() throws {
        let client = try PaperClient(.spot, rows: [PaperClient.trade(.sell, 49_900, 1, at: 200)])
        let legs = "aboveType=LIMIT_MAKER&abovePrice=50100&belowType=STOP_LOSS&belowStopPrice=49900"
        _ = try client.signed("POST", "orderList/oco", "symbol=BTCUSDT&side=SELL&quantity=0.5&" + legs)
        client.wait(toMs: 400)
        #expect(try statuses(client) == ["MARKET FILLED", "LIMIT_MAKER EXPIRED"])
        #expect(try balance(client, "BTC") == ["1.50000000", "0.00000000"])
    }

    @Test func aPurchaseHoldsTheDearerOrder() throws {
        let client = try PaperClient(.spot)
        let buy = "symbol=BTCUSDT&side=BUY&quantity=1&price=49000&stopPrice=51000&stopLimitPrice=51500&stopLimitTimeInForce=GTC"
        #expect(try client.code(try client.signed("POST", "order/oco", buy)) == 0)
        #expect(try balance(client, "USDT") == ["48500.00000000", "51500.00000000"])
        #expect(try client.code(try client.signed("POST", "order/oco", buy)) == -2010)
        #expect(try balance(client, "USDT") == ["48500.00000000", "51500.00000000"])
    }

    @Test func pricesMustStandOnBothSides() throws {
        let client = try PaperClient(.spot)
        func code(_ text: String) throws -> Int64 { try client.code(try client.signed("POST", "order/oco", "symbol=BTCUSDT&side=SELL&quantity=0.5&" + text)) }
        #expect(try code("price=49000&stopPrice=48000") == -2010)
        #expect(try code("price=51000&stopPrice=50500") == -2010)
        #expect(try code("price=51000") == -1102)
        #expect(try statuses(client) == [] && balance(client, "BTC") == ["2.00000000", "0.00000000"])
    }
}
