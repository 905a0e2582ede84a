import HBTBinance
import HBTTypes
import Testing

@testable import HBTRunner

@Suite struct VenueCallsTests {
    static func rules(_ market: VenueMarket) throws -> SymbolRules {
        SymbolRules(
            market: market, symbol: market == .coinMargined ? "BTCUSD_PERP" : "BTCUSDT", baseAsset: "BTC", quoteAsset: "USDT",
            tick: try #require(WireStep("0.10")), lot: try #require(WireStep(market == .coinMargined ? "1" : "0.001")))
    }

    private func calls(_ market: VenueMarket) throws -> VenueCalls {
        VenueCalls(market: market, rules: [try Self.rules(market)], specs: [AssetSpec(symbol: "BTCUSDT", tickSize: 0.1, lotSize: 0.001)])
    }

    private func text(_ request: VenueRequest) -> String { "\(request.method) \(request.path)?\(request.parameters.text)" }

    @Test func ordersAreSaidInEachMarketsWords() throws {
        // 0.3 / 0.001 is 299.99…: whole lots are meant.
        let order = Order(orderId: 1, side: .buy, timeInForce: .gtx, priceTick: 617_895, quantity: 0.3)
        #expect(try text(calls(.usdMargined).place(clientId: "hbt-a-1", asset: 0, order: order))
            == "POST /fapi/v1/order?symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTX&quantity=0.300&price=61789.50"
                + "&newClientOrderId=hbt-a-1&newOrderRespType=ACK")
        #expect(try text(calls(.spot).place(clientId: "hbt-a-1", asset: 0, order: order))
            == "POST /api/v3/order?symbol=BTCUSDT&side=BUY&type=LIMIT_MAKER&quantity=0.300&price=61789.50&newClientOrderId=hbt-a-1&newOrderRespType=RESULT")
        let market = Order(orderId: 1, side: .sell, type: .market, priceTick: 0, quantity: 0.002)
        #expect(try text(calls(.usdMargined).place(clientId: "c", asset: 0, order: market))
            == "POST /fapi/v1/order?symbol=BTCUSDT&side=SELL&type=MARKET&quantity=0.002&newClientOrderId=c&newOrderRespType=ACK")
        #expect(try text(calls(.usdMargined).amend(clientId: "c", asset: 0, side: .sell, priceTick: 5, quantity: 0.01))
            == "PUT /fapi/v1/order?symbol=BTCUSDT&origClientOrderId=c&side=SELL&quantity=0.010&price=0.50")
    }

    @Test func severalAreSaidInOneCall() throws {
        let calls = try calls(.usdMargined)
        let order = Order(orderId: 1, side: .buy, timeInForce: .gtx, priceTick: 617_895, quantity: 0.3)
        let places = try ["a", "b"].map { try calls.place(clientId: $0, asset: 0, order: order) }
        let placed = calls.batch(.place, asset: 0, places)
        #expect(placed.method == "POST" && placed.path == "/fapi/v1/batchOrders")
        let list = try #require(try JSONValue.parse(Array((placed.parameters["batchOrders"] ?? "").utf8)).elements)
        #expect(list.compactMap { $0["newClientOrderId"]?.text } == ["a", "b"] && list[0]["price"]?.text == "61789.50")
        let cancelled = calls.batch(.cancel, asset: 0, ["a", "b"].map { calls.cancel(clientId: $0, asset: 0) })
        #expect(cancelled == VenueRequest("DELETE", "/fapi/v1/batchOrders", [("symbol", "BTCUSDT"), ("origClientOrderIdList", #"["a","b"]"#)]))
    }

    @Test func whatTheVenueHasNoWordForIsNotSent() throws {
        for (tick, quantity) in [(0, 1.0), (-3, 1.0), (5, 0.0), (5, -1.0), (5, .nan), (5, .infinity), (5, 0.0001)] {
            let order = Order(orderId: 1, side: .buy, priceTick: Int64(tick), quantity: quantity)
            #expect(throws: RequestFault.self, "\(tick) \(quantity)") { try calls(.usdMargined).place(clientId: "c", asset: 0, order: order) }
        }
        #expect(throws: RequestFault.self) { try calls(.spot).amend(clientId: "c", asset: 0, side: .buy, priceTick: 5, quantity: 1) }
        #expect(try calls(.spot).countdown(asset: 0, milliseconds: 1) == nil)
    }

    @Test func eachMarketHasItsPaths() throws {
        #expect(try text(calls(.spot).cancelAll(asset: 0)) == "DELETE /api/v3/openOrders?symbol=BTCUSDT")
        #expect(try text(calls(.coinMargined).cancelAll(asset: 0)) == "DELETE /dapi/v1/allOpenOrders?symbol=BTCUSD_PERP")
        #expect(try text(calls(.coinMargined).position(asset: 0, version: 2)) == "GET /dapi/v1/positionRisk?pair=BTCUSD")
        #expect(try text(calls(.usdMargined).position(asset: 0, version: 3)) == "GET /fapi/v3/positionRisk?symbol=BTCUSDT")
        #expect(VenueAddresses.speed(market: .usdMargined, depthNs: 0) == "@0ms")
        #expect(VenueAddresses.speed(market: .usdMargined, depthNs: 250_000_000) == "")
        #expect(VenueAddresses.speed(market: .spot, depthNs: 100_000_000) == "@100ms")
        for market in VenueMarket.allCases {
            for ms in VenueAddresses.speeds(market) {
                let name = "btcusdt@depth\(VenueAddresses.speed(market: market, depthNs: ms * 1_000_000))"
                #expect(StreamName(name, market: market)?.kind == .depth(everyMs: ms))
            }
        }
    }
}
