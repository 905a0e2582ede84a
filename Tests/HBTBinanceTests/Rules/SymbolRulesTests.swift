import Testing

@testable import HBTBinance

@Suite struct SymbolRulesTests {
    private func rules(_ market: VenueMarket) throws -> SymbolRules {
        SymbolRules(
            market: market, symbol: "BTCUSDT", baseAsset: "BTC", quoteAsset: "USDT", tick: try #require(WireStep("0.10")), lot: try #require(WireStep("0.001")))
    }

    private func code(_ rules: SymbolRules, _ price: String?, _ quantity: String, reference: Double? = 60_000, open: Int = 0) throws -> Int {
        do {
            _ = try rules.check(
                price: try price.map { try #require(WireDecimal($0)) }, quantity: try #require(WireDecimal(quantity)), reference: reference, openOrders: open)
            return 0
        } catch let error as VenueError {
            return error.code
        }
    }

    @Test func filtersAnswerAsTheVenue() throws {
        let futures = try rules(.usdMargined), spot = try rules(.spot)
        #expect(try code(futures, "60000.1", "0.001") == 0)
        #expect(try code(futures, "60000.10", "0.0010") == 0)
        #expect(try code(futures, "60000.15", "0.001") == -4014)
        #expect(try code(futures, "60000.123", "0.001") == -1111)
        #expect(try code(futures, "60000", "0.0001") == -1111)
        #expect(try code(futures, "60000", "-1") == -4003)
        #expect(try code(futures, "70000", "1") == -4016)
        #expect(try code(futures, "50000", "1") == -4024)
        #expect(try code(futures, "55000", "0.00") == -4003)
        #expect(try code(futures, nil, "0.001", reference: 100) == -4164)
        #expect(try code(futures, "60000", "1", open: 200) == -2025)
        #expect(try code(spot, "60000.15", "0.001") == -1013)
        #expect(try code(spot, "60000", "0.00000001") == -1013)
        #expect(try code(spot, "1", "0.001") == -1013)
        #expect(try futures.check(price: WireDecimal("60000.1"), quantity: #require(WireDecimal("0.002")), reference: nil, openOrders: 0)
            == SymbolRules.Amounts(priceTick: 600_001, lots: 2))
    }

    @Test(arguments: VenueMarket.allCases) func rulesSurviveTheWire(market: VenueMarket) throws {
        let rules = try rules(market)
        var out = JSONWriter()
        rules.encode(into: &out)
        let again = try SymbolRules(try JSONValue.parse(out.bytes), market: market)
        #expect(again == rules)
    }

    // Needs the recordings beside the repository.
    @Test(.enabled(if: Recorded.isThere)) func recordedRules() throws {
        let text = try Recorded.lines("binance-payloads/recorded/usdm_rest_exchangeInfo.json.gz").joined()
        let symbols = try #require(try JSONValue.parse(text)["symbols"]?.elements).map { try SymbolRules($0, market: .usdMargined) }
        let btc = try #require(symbols.first { $0.symbol == "BTCUSDT" })
        #expect(btc.tick == WireStep("0.01") && btc.lot == WireStep("0.001") && btc.maxOrders == 200 && btc.priceDigits == 2)
        #expect(symbols.count > 100)
    }
}
