import HBTBinance
import Testing

@testable import HBTPaperExchange

@Suite struct OrderTests {
    @Test func aRestingOrderFillsWhenTheMarketTradesThroughIt() throws {
        let client = try PaperClient(rows: [PaperClient.trade(.sell, 49_999.9, 1, at: 1500)])
        let user = try client.userStream()
        let id = try client.place(.buy, "50000", "0.002", extra: "&newClientOrderId=mine")
        #expect(id == 1)
        let open = try client.json(try client.signed("GET", "openOrders", "symbol=BTCUSDT"))
        #expect(open.elements?.count == 1)
        client.wait(toMs: 2000)
        let events = try client.events(user)
        var updates: [OrderUpdate] = []
        for case .order(let update) in events { updates.append(update) }
        #expect(updates.map(\.execution) == ["NEW", "TRADE"])
        #expect(updates[1].order.status == .filled && updates[1].isMaker && updates[1].order.clientOrderId == "mine")
        #expect(updates[1].transactionMs == PaperClient.startNs / 1_000_000 + 1500)
        // 0.002 × 50000 × 0.0002
        #expect(updates[1].commission.description == "0.02000000")
        guard case .account(let account)? = events.last(where: { if case .account = $0 { true } else { false } }) else {
            Issue.record("no account update")
            return
        }
        #expect(account.positions.map(\.amount.description) == ["0.002"])
        #expect(account.balances.map(\.wallet.description) == ["99999.98000000"])
        let query = try client.json(try client.signed("GET", "order", "symbol=BTCUSDT&origClientOrderId=mine"))
        #expect(try WireOrder(query).status == .filled)
        #expect(try client.code(try client.signed("DELETE", "order", "symbol=BTCUSDT&orderId=1")) == -2011)
        #expect(try client.json(try client.signed("GET", "userTrades", "symbol=BTCUSDT")).elements?.count == 1)
    }

    @Test func aMarketOrderWalksTheBookAndBack() throws {
        let client = try PaperClient()
        let bought = try client.json(try client.signed("POST", "order", "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=6&newOrderRespType=RESULT"))
        // 5 at 50000.1, 1 at 50000.2.
        #expect(try bought.text("avgPrice") == "50000.12" && bought.text("status") == "FILLED")
        let risk = try #require(try client.json(try client.signed("GET", "/fapi/v3/positionRisk")).elements?.first)
        #expect(try risk.text("positionAmt") == "6.000")
        #expect(try client.place(.sell, nil, "6") == 2)
        let flat = try client.json(try client.signed("GET", "/fapi/v3/positionRisk"))
        #expect(flat.elements?.isEmpty == true)
        // Sold 5 at 50000.0 and 1 at 49999.9; fees 0.0005 of both sides.
        let paid = 5 * 50_000.1 + 50_000.2, got = 5 * 50_000 + 49_999.9
        let balance = try #require(try client.json(try client.signed("GET", "/fapi/v3/balance")).elements?.first)
        #expect(try abs(balance.decimal("balance").double - (100_000 + got - paid - (got + paid) * 0.0005)) < 1e-6)
    }

    @Test func theVenuesRefusals() throws {
        let client = try PaperClient()
        #expect(try client.place(.buy, "50000.05", "1") == -1111)
        #expect(try client.place(.buy, "50000", "0.0001") == -1111)
        #expect(try client.place(.buy, "40000", "1") == -4024)
        #expect(try client.place(.buy, "50000", "100") == -2019)
        #expect(try client.place(.buy, "50000.1", "1", extra: "&reduceOnly=true") == -2022)
        #expect(try client.code(try client.signed("POST", "order", "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTX&price=50000.1&quantity=1")) == -5022)
        #expect(try client.code(try client.signed("POST", "order", "symbol=X&side=BUY&type=MARKET&quantity=1")) == -1121)
        #expect(try client.code(try client.signed("POST", "order", "symbol=BTCUSDT&side=UP&type=MARKET&quantity=1")) == -1117)
        #expect(try client.code(try client.signed("POST", "order", "symbol=BTCUSDT&side=BUY&type=NO_SUCH_TYPE&quantity=1")) == -1116)
        #expect(try client.code(try client.signed("POST", "order", "symbol=BTCUSDT&side=BUY&type=LIMIT&quantity=1&price=50000")) == -1102)
        #expect(try client.place(.buy, "50000", "1", extra: "&newClientOrderId=a") == 1)
        #expect(try client.place(.buy, "50000", "1", extra: "&newClientOrderId=a") == -4116)
        #expect(try client.code(try client.signed("GET", "order", "symbol=BTCUSDT&orderId=99")) == -2013)
        #expect(try client.code(try client.signed("DELETE", "order", "symbol=BTCUSDT&orderId=99")) == -2011)
        let spot = try PaperClient(.spot)
        #expect(try spot.place(.sell, "50001", "3") == -2010)
        #expect(try spot.code(try spot.signed("POST", "order", "symbol=BTCUSDT&side=BUY&type=LIMIT_MAKER&price=50000.1&quantity=1")) == -2010)
    }

    @Test func modifyBatchAndCancelAll() throws {
        let client = try PaperClient()
        let items = [("BUY", "GTC", "49990"), ("BUY", "GTX", "50001"), ("SELL", "GTX", "50010")].map { side, word, price in
            #"{"symbol":"BTCUSDT","side":"\#(side)","type":"LIMIT","timeInForce":"\#(word)","price":"\#(price)","quantity":"0.010"}"#
        }
        let list = "[\(items.joined(separator: ","))]"
        let placed = try #require(try client.json(try client.signed("POST", "batchOrders", "batchOrders=" + QueryString.encoded(list), inBody: true)).elements)
        #expect(placed.map { $0["code"]?.integer ?? 0 } == [0, -5022, 0])
        let changed = try client.json(try client.signed("PUT", "order", "symbol=BTCUSDT&orderId=1&side=BUY&price=49991&quantity=0.020"))
        #expect(try WireOrder(changed).price.description == "49991.0" && WireOrder(changed).originalQuantity.description == "0.020")
        #expect(try client.code(try client.signed("PUT", "order", "symbol=BTCUSDT&orderId=1&side=BUY&price=49991&quantity=0.020")) == -5027)
        #expect(try client.code(try client.signed("DELETE", "allOpenOrders", "symbol=BTCUSDT")) == 200)
        #expect(try client.json(try client.signed("GET", "openOrders")).elements?.isEmpty == true)
    }

    @Test func theDeadMansSwitch() throws {
        let client = try PaperClient()
        _ = try client.place(.buy, "49990", "0.01")
        _ = try client.signed("POST", "countdownCancelAll", "symbol=BTCUSDT&countdownTime=3000")
        client.wait(toMs: 2900)
        #expect(try client.json(try client.signed("GET", "openOrders")).elements?.count == 1)
        client.wait(toMs: 4000)
        #expect(try client.json(try client.signed("GET", "openOrders")).elements?.isEmpty == true)
    }

    @Test func spotMovesBothAssetsAndFreesWhatIsLeft() throws {
        let client = try PaperClient(.spot)
        let user = try client.userStream()
        // Marketable: five at 50000.1, one at 50000.2, though the limit allows 50000.3... all of which was set aside.
        let answer = try client.json(try client.signed("POST", "order", "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=IOC&price=50000.3&quantity=1.5"))
        #expect(try answer.array("fills").count == 1 && answer.text("status") == "FILLED")
        let balances = try client.json(try client.signed("GET", "account")).array("balances")
        func amount(_ asset: String, _ field: String) throws -> Double {
            try #require(balances.first { $0["asset"]?.text == asset }).decimal(field).double
        }
        #expect(try abs(amount("USDT", "free") - (100_000 - 1.5 * 50_000.1)) < 1e-6)
        #expect(try amount("USDT", "locked") == 0)
        #expect(try abs(amount("BTC", "free") - (2 + 1.5 * (1 - 0.0005))) < 1e-9)
        let kinds = try client.events(user).map { event in
            switch event {
            case .order(let update): update.execution
            case .balances: "balances"
            default: "other"
            }
        }
        #expect(kinds == ["NEW", "balances", "TRADE", "balances"])
        // A resting order holds its money until it is cancelled.
        #expect(try client.place(.buy, "40000", "0.1") == 2)
        let held = try client.json(try client.signed("GET", "account")).array("balances")
        #expect(try #require(held.first { $0["asset"]?.text == "USDT" }).text("locked") == "4000.00000000")
        #expect(try client.json(try client.signed("DELETE", "openOrders", "symbol=BTCUSDT")).elements?.count == 1)
        let freed = try client.json(try client.signed("GET", "account")).array("balances")
        #expect(try #require(freed.first { $0["asset"]?.text == "USDT" }).text("locked") == "0.00000000")
    }

    @Test func aSpotMarketOrderNeedsWhatTheBookAsks() throws {
        let client = try PaperClient(.spot)
        #expect(try client.place(.buy, nil, "1.999") == 1)
        // 49.8 USDT are left; a thousandth costs 50.0001.
        #expect(try client.place(.buy, nil, "0.001") == -2010)
        let account = client.exchange.accounts[0].wallets[PaperExchange.index(.spot)]
        #expect(account["USDT"].free >= .zero && account["USDT"].locked == .zero)
    }

    @Test func inverseContractsPayInTheCoin() throws {
        let client = try PaperClient(.coinMargined)
        #expect(try client.place(.buy, nil, "4") == 1)
        #expect(try client.place(.sell, nil, "4") == 2)
        // 4 contracts of 100 USD.
        let bought = 400 / 50_000.1, sold = 400 / 50_000.0
        let balances = try #require(try client.json(try client.signed("GET", "balance")).elements)
        let coin = try #require(balances.first { $0["asset"]?.text == "BTC" })
        #expect(try abs(coin.decimal("balance").double - (2 + bought - sold - (bought + sold) * 0.0005)) < 2e-8)
    }
}
