import Testing

@testable import HBTBinance

@Suite struct RequestTests {
    /// The example of the venue's API documentation ("SIGNED endpoint examples for POST /api/v3/order").
    private let secret = "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j"
    private let query = "symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1&recvWindow=5000&timestamp=1499827319559"

    @Test func theDocumentedSignature() throws {
        let signer = RequestSigner(apiKey: "key", secret: secret)
        let wanted = "c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71"
        #expect(signer.signature(query: query) == wanted)
        #expect(signer.signature(query: "", body: query) == wanted)
        // Query and body are joined with nothing between.
        let split = "symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC"
        #expect(signer.signature(query: split, body: "quantity=1&price=0.1&recvWindow=5000&timestamp=1499827319559")
            == "0fd168b8ddb4876a0358a8d14d0c9f3da0e9b20c5d52b2a00fcf7d1c602f9a77")
        var parameters = try QueryString(parsing: "symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1")
        parameters.append("price", "0.1")
        #expect(signer.signed(parameters, timestampMs: 1_499_827_319_559, recvWindowMs: 5000) == query + "&signature=" + wanted)
    }

    @Test func whatArrivedIsWhatWasSigned() {
        #expect(RequestSigner.signedText(query: "a=1&signature=x&b=%20", body: "") == "a=1&b=%20")
        #expect(RequestSigner.signedText(query: "a=1", body: "b=2&signature=x") == "a=1b=2")
        #expect(RequestSigner.socketPayload([("timestamp", "5"), ("apiKey", "k"), ("signature", "s"), ("price", "0.1")]) == "apiKey=k&price=0.1&timestamp=5")
    }

    @Test func queryStrings() throws {
        let query = try QueryString(parsing: "a=1&b=x%20y+z%26&c&d==&%C3%A9=1")
        #expect(query.items.map(\.name) == ["a", "b", "c", "d", "é"])
        #expect(query.items.map(\.value) == ["1", "x y z&", "", "=", "1"])
        #expect(try QueryString(parsing: query.text) == query)
        #expect(throws: WireFault.self) { try QueryString(parsing: "a=%2") }
        #expect(throws: WireFault.self) { try QueryString(parsing: "a=%GG") }
        #expect(throws: WireFault.self) { try QueryString(parsing: "a=%FF") }
    }

    @Test func socketRequests() throws {
        let request = try SocketRequest(try JSONValue.parse(
            #"{"id":"x-1","method":"order.place","params":{"symbol":"A","price":0.10,"flag":true,"list":[1,"a"]}}"#))
        #expect(try request.query().text == "symbol=A&price=0.10&flag=true&list=%5B1%2C%22a%22%5D")
        #expect(throws: WireFault.self) { try SocketRequest(try JSONValue.parse(#"{"id":[1],"method":"x"}"#)) }
        #expect(throws: WireFault.self) { try SocketRequest(try JSONValue.parse(#"{"id":1}"#)) }
        let response = try SocketResponse(try JSONValue.parse(#"{"id":1,"status":400,"error":{"code":-1021,"msg":"late"}}"#))
        #expect(response.error == VenueError(-1021, "late"))
    }

    @Test func weights() throws {
        func weight(_ market: VenueMarket, _ method: String, _ path: String, _ query: String = "") throws -> Int {
            RequestWeight.weight(market, method: method, path: path, parameters: try QueryString(parsing: query))
        }
        #expect(try weight(.spot, "GET", "/api/v3/depth", "symbol=A&limit=5000") == 250)
        #expect(try weight(.usdMargined, "GET", "/fapi/v1/depth", "symbol=A&limit=1000") == 20)
        #expect(try weight(.usdMargined, "GET", "/fapi/v1/openOrders") == 40)
        #expect(try weight(.spot, "POST", "/api/v3/order") == 1)
        #expect(RequestWeight.countsAsOrder(method: "POST", path: "/fapi/v1/batchOrders"))
        #expect(!RequestWeight.countsAsOrder(method: "DELETE", path: "/fapi/v1/order"))
    }
}
