import Testing

@testable import HBTBinance

@Suite struct UserEventTests {
    // Needs the recordings beside the repository.
    @Test(.enabled(if: Recorded.isThere)) func recordedEvents() throws {
        func event(_ path: String) throws -> UserEvent { try UserEvent(try JSONValue.parse(try Recorded.payload(path))) }
        guard case .order(let fill) = try event("recorded/usdm_user_ORDER_TRADE_UPDATE_filled_market.json") else {
            Issue.record("no order update")
            return
        }
        #expect(fill.order.status == .filled && fill.execution == "TRADE" && fill.tradeId == 154_402_974 && !fill.isMaker)
        #expect(fill.commission.description == "15.93997200" && fill.lastPrice.description == "39849.93")
        guard case .account(let account) = try event("recorded/usdm_user_ACCOUNT_UPDATE_order.json") else {
            Issue.record("no account update")
            return
        }
        #expect(account.balances.map(\.wallet.description) == ["41155.75036105"])
        #expect(account.positions.count == 3 && account.positions[0].amount.description == "5")
        #expect(try event("recorded/usdm_user_listenKeyExpired.json") == .listenKeyExpired(eventMs: 1_658_247_671_735))
        for name in ["new", "trade", "canceled"] {
            guard case .order(let update) = try event("documented/spot_user_data_execution_report_\(name).json") else {
                Issue.record("no execution report")
                return
            }
            #expect(update.order.symbol == "ETHUSDT")
        }
        for order in try #require(try JSONValue.parse(try Recorded.payload("recorded/rest_usdm_batchOrders_new.json")).elements) {
            #expect(try WireOrder(order).clientOrderId == "x-xcKtGhcu04075babaeb34c55af79ba")
        }
        #expect(try WireOrder(try JSONValue.parse(try Recorded.payload("documented/spot_http_order_response.json"))).orderId == 1)
        let canceled = try WireOrder(try JSONValue.parse(try Recorded.payload("documented/spot_http_cancel_order_response.json")))
        #expect(canceled.clientOrderId == "myOrder1" && canceled.status == .canceled)
    }

    @Test(arguments: VenueMarket.allCases) func updatesSurviveTheWire(market: VenueMarket) throws {
        var order = WireOrder(
            symbol: "BTCUSDT", orderId: 7, clientOrderId: "a\"b", side: .sell, price: try #require(WireDecimal("1.50")),
            originalQuantity: try #require(WireDecimal("2.000")), timeMs: 11)
        order.status = .partiallyFilled
        var update = OrderUpdate(eventMs: 12, transactionMs: 11, order: order, execution: "TRADE")
        update.lastQuantity = try #require(WireDecimal("0.500"))
        update.lastPrice = try #require(WireDecimal("1.50"))
        update.commission = try #require(WireDecimal("0.00030"))
        update.commissionAsset = "USDT"
        update.tradeId = 9
        update.isMaker = true
        var out = JSONWriter()
        update.encode(into: &out, market: market)
        #expect(try UserEvent(try JSONValue.parse(out.bytes)) == .order(update))
    }

    @Test(arguments: VenueMarket.allCases) func ordersSurviveTheWire(market: VenueMarket) throws {
        var order = WireOrder(
            symbol: "BTCUSD", pair: market == .coinMargined ? "BTC" : nil, orderId: 7, clientOrderId: "x", side: .buy, timeInForce: "GTX", price: .zero,
            originalQuantity: .zero, timeMs: 11)
        order.updateMs = 12
        order.cumulativeQuote = try #require(WireDecimal("3.5"))
        var out = JSONWriter()
        if market == .spot { order.encodeSpotQuery(into: &out) } else { order.encodeFutures(into: &out, market: market, answer: .queried) }
        #expect(try WireOrder(try JSONValue.parse(out.bytes)) == order)
    }
}
