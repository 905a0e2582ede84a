import HBTBinance
import HBTTypes
import Testing

@testable import HBTPaperExchange

@Suite struct AccessTests {
    private func code(_ client: PaperClient, query: String, body: String = "", key: String? = "key") throws -> Int64 {
        try client.code(client.exchange.handle(
            RestRequest(method: "GET", path: "/fapi/v1/openOrders", query: query, body: body, headers: key.map { [("x-mbx-apikey", $0)] } ?? []),
            at: client.exchange.nowNs))
    }

    private func query(_ client: PaperClient, _ text: String) -> String { text + "&signature=" + client.signer.signature(query: text) }

    @Test func signaturesAndTimes() throws {
        let client = try PaperClient()
        let now = client.nowMs
        #expect(try code(client, query: query(client, "timestamp=\(now)")) == 0)
        #expect(try code(client, query: query(client, "timestamp=\(now)"), key: nil) == -2014)
        #expect(try code(client, query: query(client, "timestamp=\(now)"), key: "other") == -2015)
        #expect(try code(client, query: "signature=x") == -1102)
        #expect(try code(client, query: "timestamp=\(now)") == -1102)
        #expect(try code(client, query: "timestamp=\(now)&signature=00") == -1022)
        #expect(try code(client, query: query(client, "timestamp=\(now - 5001)")) == -1021)
        #expect(try code(client, query: query(client, "timestamp=\(now + 1001)")) == -1021)
        #expect(try code(client, query: query(client, "timestamp=\(now - 5001)&recvWindow=6000")) == 0)
        #expect(try code(client, query: query(client, "timestamp=\(now)&recvWindow=60001")) == -1131)
        #expect(try code(client, query: query(client, "timestamp=x")) == -1100)
        #expect(try code(client, query: query(client, "timestamp=\(Int64.min)")) == -1021)
        // Query and body: signed together, the signature in either.
        let signature = client.signer.signature(query: "symbol=BTCUSDT", body: "timestamp=\(now)")
        #expect(try code(client, query: "symbol=BTCUSDT", body: "timestamp=\(now)&signature=\(signature)") == 0)
    }

    /// A key of another scheme: whatever the verifier says; and a session needs no signatures.
    @Test func verifiersAndSessions() throws {
        let account = PaperSettings.Account(apiKey: "ed", credential: .verifier { text, signature in signature == "ok \(text.count)" })
        let settings = PaperSettings(
            books: [.init(rules: try PaperClient.rules(.usdMargined), rows: ArrayEventSource([]), snapshot: PaperClient.book)],
            accounts: [account, .init(apiKey: "key", secret: "secret")], funds: [], clock: ReplayClock(dataStartNs: 0, venueStartNs: PaperClient.startNs))
        let exchange = try PaperExchange(settings)
        let now = exchange.nowNs / 1_000_000
        func rest(_ signature: String) -> Int {
            exchange.handle(
                RestRequest(
                    method: "GET", path: "/fapi/v1/openOrders", query: "timestamp=\(now)&signature=\(QueryString.encoded(signature))",
                    headers: [("x-mbx-apikey", "ed")]),
                at: exchange.nowNs).status
        }
        #expect(rest("ok \("timestamp=\(now)".count)") == 200)
        #expect(rest("ok 1") == 400)
        let id = try #require(exchange.open(path: "/ws-fapi/v1", at: exchange.nowNs))
        func ask(_ method: String, _ parameters: String) throws -> JSONValue {
            exchange.receive(Array(#"{"id":1,"method":"\#(method)","params":{\#(parameters)}}"#.utf8), on: id, at: exchange.nowNs)
            guard case .text(let bytes)? = exchange.takeFrames().last?.content else { throw WireFault("no answer") }
            return try JSONValue.parse(bytes)
        }
        let stranger = try ask("account.balance", "\"timestamp\":\(now)")
        #expect(stranger["status"]?.integer != 200, "nobody has logged on")
        #expect(try ask("session.logon", #""apiKey":"key","timestamp":\#(now),"signature":"x""#)["error"]?["code"]?.integer == -4056)
        #expect(try ask("session.logon", #""apiKey":"ed","timestamp":\#(now),"signature":"bad""#)["error"]?["code"]?.integer == -1022)
        let payload = "apiKey=ed&timestamp=\(now)"
        let session = try ask("session.logon", #""apiKey":"ed","timestamp":\#(now),"signature":"ok \#(payload.count)""#)
        #expect(session["result"]?["apiKey"]?.text == "ed")
        #expect(try ask("account.balance", "\"timestamp\":\(now)")["status"]?.integer == 200)
        #expect(try ask("account.balance", "\"timestamp\":\(now - 9000)")["error"]?["code"]?.integer == -1021)
        #expect(try ask("session.logout", "")["status"]?.integer == 200)
        #expect(try ask("account.balance", "\"timestamp\":\(now)")["status"]?.integer != 200)
    }

    @Test func limitsAndHeaders() throws {
        let client = try PaperClient()
        let first = client.get("depth", "symbol=BTCUSDT&limit=1000")
        #expect(first.headers.contains { $0.name == "X-MBX-USED-WEIGHT-1M" && $0.value == "20" })
        for _ in 0..<119 { #expect(client.get("depth", "symbol=BTCUSDT&limit=1000").status == 200) }
        let refused = client.get("ping")
        #expect(refused.status == 429 && refused.headers.contains { $0.name == "Retry-After" })
        for _ in 0..<130 { _ = client.get("depth", "symbol=BTCUSDT&limit=1000") }
        #expect(client.get("ping").status == 418)
        client.wait(toMs: 180_000)
        #expect(client.get("ping").status == 200)
    }

    @Test func theSocketApi() throws {
        let client = try PaperClient(.spot)
        let id = try client.open("/ws-api/v3")
        var parameters: [(name: String, value: String)] = [
            ("symbol", "BTCUSDT"), ("side", "BUY"), ("type", "LIMIT"), ("timeInForce", "GTC"), ("price", "49000"), ("quantity", "0.01"), ("apiKey", "key"),
            ("timestamp", String(client.nowMs)),
        ]
        let signature = client.signer.socketSignature(parameters)
        func send(_ signature: String) {
            let text = (parameters + [("signature", signature)]).map { "\"\($0.name)\":\"\($0.value)\"" }.joined(separator: ",")
            client.exchange.receive(Array("{\"id\":\"o1\",\"method\":\"order.place\",\"params\":{\(text)}}".utf8), on: id, at: client.exchange.nowNs)
        }
        send(signature)
        send("00")
        parameters[4].value = "48000"
        send(signature)
        let answers = try client.messages(id).map { try SocketResponse($0) }
        #expect(answers.map(\.status) == [200, 400, 400])
        #expect(try answers[0].result.integer("orderId") == 1)
        #expect(answers[1].error == .badSignature && answers[2].error == .badSignature)
        client.exchange.receive(Array(#"{"id":2,"method":"time"}"#.utf8), on: id, at: client.exchange.nowNs)
        #expect(try client.messages(id)[0]["result"]?["serverTime"]?.integer == client.nowMs)
        client.exchange.receive(Array(#"{"id":2,"method":"order.dance"}"#.utf8), on: id, at: client.exchange.nowNs)
        #expect(try SocketResponse(try client.messages(id)[0]).error?.code == -32_601)
    }

    @Test func listenKeysDie() throws {
        let client = try PaperClient()
        let user = try client.userStream()
        client.wait(toMs: 3_599_000)
        #expect(try client.events(user).isEmpty)
        client.wait(toMs: 3_601_000)
        #expect(try client.events(user) == [.listenKeyExpired(eventMs: PaperClient.startNs / 1_000_000 + 3_600_000)])
        let reply = client.exchange.handle(
            RestRequest(method: "PUT", path: "/fapi/v1/listenKey", headers: [("x-mbx-apikey", "key")]), at: client.exchange.nowNs)
        #expect(try client.code(reply) == -1125)
    }

    @Test func publicCalls() throws {
        for market in VenueMarket.allCases {
            let client = try PaperClient(market, rows: [PaperClient.trade(.sell, 50_000, 1, at: 100), PaperClient.trade(.buy, 50_000.1, 2, at: 200)])
            client.wait(toMs: 1000)
            #expect(try client.json(client.get("ping")) == .object([]))
            #expect(try client.json(client.get("time")).integer("serverTime") == client.nowMs)
            let rules = try SymbolRules(try #require(try client.json(client.get("exchangeInfo")).array("symbols").first), market: market)
            #expect(rules == (try PaperClient.rules(market)))
            #expect(try client.json(client.get("trades", "symbol=\(client.symbol)")).elements?.count == 2)
            #expect(try client.json(client.get("aggTrades", "symbol=\(client.symbol)")).elements?.count == 2)
            let candles = try #require(try client.json(client.get("klines", "symbol=\(client.symbol)&interval=1m")).elements)
            #expect(try candles.map { try Candle($0).trades } == [2])
            for name in ["ticker/bookTicker", "ticker/price", "ticker/24hr"] { #expect(client.get(name, "symbol=\(client.symbol)").status == 200, "\(name)") }
            if market.isFutures { #expect(client.get("premiumIndex", "symbol=\(client.symbol)").status == 200) }
            #expect(try client.code(client.get("depth", "symbol=NONE")) == -1121)
            #expect(try client.code(client.get("klines", "symbol=\(client.symbol)&interval=7m")) == -1120)
            #expect(client.get("/nowhere").status == 404)
        }
    }
}
