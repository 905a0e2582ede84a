import HBTBinance
import HBTLive
import HBTSockets
import HBTTypes
import NIOCore
import Testing

@testable import HBTRunner

@Suite struct VenueAnswersTests {
    private func answers(_ market: VenueMarket = .usdMargined) throws -> VenueAnswers {
        VenueAnswers(market: market, rules: [try VenueCallsTests.rules(market)], specs: [AssetSpec(symbol: "BTCUSDT", tickSize: 0.1, lotSize: 0.001)])
    }

    private func reply(_ status: Int, _ body: String, _ headers: [(name: String, value: String)] = []) -> Result<HTTPReply, any Error> {
        .success(HTTPReply(status: status, headers: headers, body: ByteBuffer(string: body), receivedNs: 0))
    }

    private let order = """
        {"orderId":7,"symbol":"BTCUSDT","status":"PARTIALLY_FILLED","clientOrderId":"hbt-a-1","price":"61789.50","avgPrice":"61789.50","origQty":"0.300",
        "executedQty":"0.100","cumQuote":"6178.95","timeInForce":"GTC","type":"LIMIT","reduceOnly":false,"closePosition":false,"side":"SELL",
        "positionSide":"BOTH","stopPrice":"0","workingType":"CONTRACT_PRICE","updateTime":1700000000123}
        """

    @Test func answersBecomeOutcomes() throws {
        let answers = try answers()
        let wanted = VenueOrder(
            clientId: "hbt-a-1", asset: 0, side: .sell, status: .partiallyFilled, priceTick: 617_895, quantity: 0.3, executed: 0.1,
            exchangeNs: 1_700_000_000_123_000_000)
        #expect(answers.outcome(reply(200, order), of: .place, asset: 0, nowNs: 0) == .accepted(wanted))
        let cases: [(Int, String, RequestOutcome)] = [
            (400, #"{"code":-2011,"msg":"Unknown order sent."}"#, .unknownOrder),
            (400, #"{"code":-2019,"msg":"Margin is insufficient."}"#, .refused("-2019 Margin is insufficient.")),
            (400, #"{"code":-5022,"msg":"Post only"}"#, .expired(exchangeNs: 0)),
            (400, #"{"code":-2010,"msg":"Order would immediately match and take."}"#, .expired(exchangeNs: 0)),
            (400, #"{"code":-2010,"msg":"Account has insufficient balance for requested action."}"#,
                .refused("-2010 Account has insufficient balance for requested action.")),
            (408, #"{"code":-1007,"msg":"Timeout"}"#, .lost),
            (400, #"{"code":-4116,"msg":"ClientOrderId is duplicated."}"#, .lost),
            (500, "oops", .lost), (503, #"{"code":-1008,"msg":"overloaded"}"#, .lost), (400, "oops", .lost), (200, "oops", .lost), (200, "{}", .lost),
            (429, #"{"code":-1003,"msg":"Too many requests"}"#, .limited(untilNs: 10_000_000_005)),
            (418, "", .limited(untilNs: 10_000_000_005)), (400, #"{"code":-1015,"msg":"Too many new orders"}"#, .limited(untilNs: 10_000_000_005)),
        ]
        for (status, body, outcome) in cases {
            #expect(answers.outcome(reply(status, body), of: .place, asset: 0, nowNs: 5) == outcome, "\(status) \(body)")
        }
        #expect(answers.outcome(reply(429, "", [("retry-after", "3")]), of: .place, asset: 0, nowNs: 5) == .limited(untilNs: 3_000_000_005))
        #expect(answers.outcome(reply(429, "", [("retry-after", "-9999999999")]), of: .place, asset: 0, nowNs: 5) == .limited(untilNs: 1_000_000_005))
    }

    @Test func eachOfABatchHasItsOwnOutcome() throws {
        let answers = try answers()
        func outcomes(_ result: Result<HTTPReply, any Error>) -> [RequestOutcome] { answers.outcomes(result, of: .place, asset: 0, count: 3, nowNs: 5) }
        let mixed = outcomes(reply(200, "[\(order),{\"code\":-2019,\"msg\":\"Margin is insufficient.\"},{\"code\":-5022,\"msg\":\"Post only\"}]"))
        guard case .accepted = mixed[0] else { return #expect(Bool(false), "\(mixed)") }
        #expect(mixed[1...] == [.refused("-2019 Margin is insufficient."), .expired(exchangeNs: 0)])
        #expect(outcomes(reply(200, "[\(order)]")) == [.lost, .lost, .lost], "one answer for three says nothing")
        #expect(outcomes(reply(200, "oops")) == [.lost, .lost, .lost])
        #expect(outcomes(reply(429, "")) == Array(repeating: .limited(untilNs: 10_000_000_005), count: 3))
        #expect(outcomes(.failure(SocketFault.cannotConnect("x"))) == Array(repeating: .refused("not sent: no connection: x"), count: 3))
    }

    @Test func onlyWhatNeverLeftIsRefused() throws {
        let answers = try answers()
        #expect(answers.outcome(.failure(SocketFault.timedOut(seconds: 1)), of: .place, asset: 0, nowNs: 0) == .lost)
        #expect(answers.outcome(.failure(SocketFault.broken("x")), of: .place, asset: 0, nowNs: 0) == .lost)
        #expect(answers.outcome(.failure(SocketFault.cannotConnect("x")), of: .place, asset: 0, nowNs: 0) == .refused("not sent: no connection: x"))
        #expect(answers.outcome(.failure(SocketFault.cannotConnect("x")), of: .cancel, asset: 0, nowNs: 0) == .lost)
    }

    @Test func positionsAreRead() throws {
        let futures = #"[{"symbol":"ETHUSDT","positionAmt":"9"},{"symbol":"BTCUSDT","positionAmt":"-0.048","positionSide":"BOTH"}]"#
        #expect(try answers().position(Array(futures.utf8), asset: 0) == -0.048)
        #expect(try answers().position(Array("[]".utf8), asset: 0) == 0)
        let hedge = #"[{"symbol":"BTCUSDT","positionAmt":"1","positionSide":"LONG"}]"#
        #expect(throws: WireFault.self) { try answers().position(Array(hedge.utf8), asset: 0) }
        let spot = #"{"balances":[{"asset":"USDT","free":"5","locked":"0"},{"asset":"BTC","free":"0.5","locked":"0.25"}]}"#
        #expect(try answers(.spot).position(Array(spot.utf8), asset: 0) == 0.75)
        #expect(throws: WireFault.self) { try answers().position(Array("{}".utf8), asset: 0) }
    }

    @Test func aListWithOneBadOrderIsNoList() throws {
        #expect(try answers().openOrders(Array("[\(order)]".utf8), asset: 0)?.count == 1)
        #expect(try answers().openOrders(Array("[\(order),{}]".utf8), asset: 0) == nil)
        #expect(try answers().openOrders(Array("{}".utf8), asset: 0) == nil)
    }

    @Test func executionsAddUpInTheirOrder() throws {
        let list = """
            [{"symbol":"BTCUSDT","id":12,"orderId":7,"price":"61789.6","qty":"0.2","commission":"0.3","commissionAsset":"BNB","time":2,"maker":false},
            {"symbol":"BTCUSDT","id":11,"orderId":7,"price":"61789.5","qty":"0.1","commission":"0.2","commissionAsset":"USDT","time":1,"maker":true}]
            """
        let reports = try #require(try answers().trades(Array(list.utf8), clientId: "hbt-a-1", asset: 0))
        #expect(reports.map(\.tradeId) == [11, 12])
        #expect(reports.map(\.tradeTick) == [617_895, 617_896])
        #expect(reports.map(\.fee) == [0.2, nil], "a fee in another currency is unknown, not zero")
        #expect(reports.map(\.isMaker) == [true, false])
        #expect(abs(reports[1].executed - 0.3) < 1e-12)
    }
}
