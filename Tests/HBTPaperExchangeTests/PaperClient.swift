import HBTBinance
import HBTMarketData
import HBTTypes

@testable import HBTPaperExchange

/// A client of an exchange in the same process, with the account's key.
struct PaperClient {
    let exchange: PaperExchange
    let signer = RequestSigner(apiKey: "key", secret: "secret")
    var market: VenueMarket

    static let startNs: Int64 = 1_700_000_000_000_000_000

    init(_ market: VenueMarket = .usdMargined, rows: [MarketEvent] = [], faults: FaultPlan = FaultPlan(), limits: Bool = true) throws {
        try self.init(market, source: ArrayEventSource(rows), faults: faults, limits: limits)
    }

    init(_ market: VenueMarket, source: any EventSource, faults: FaultPlan = FaultPlan(), limits: Bool = true) throws {
        var settings = PaperSettings(
            books: [.init(rules: try Self.rules(market), rows: source, snapshot: Self.book)],
            accounts: [.init(apiKey: "key", secret: "secret")],
            funds: [.init(asset: "USDT", amount: try Self.decimal("100000")), .init(asset: "BTC", amount: try Self.decimal("2"))],
            clock: ReplayClock(dataStartNs: 0, venueStartNs: Self.startNs), faults: faults)
        settings.enforcesLimits = limits
        exchange = try PaperExchange(settings)
        self.market = market
    }

    init(exchange: PaperExchange, market: VenueMarket) {
        self.exchange = exchange
        self.market = market
    }

    struct NotADecimal: Error {}

    static func decimal(_ text: String) throws -> WireDecimal {
        guard let value = WireDecimal(text) else { throw NotADecimal() }
        return value
    }

    static func rules(_ market: VenueMarket) throws -> SymbolRules {
        guard let tick = WireStep("0.1"), let lot = WireStep(market == .coinMargined ? "1" : "0.001") else { throw NotADecimal() }
        return market == .coinMargined
            ? SymbolRules(market: market, symbol: "BTCUSD_PERP", baseAsset: "BTC", quoteAsset: "USD", tick: tick, lot: lot)
            : SymbolRules(market: market, symbol: "BTCUSDT", baseAsset: "BTC", quoteAsset: "USDT", tick: tick, lot: lot)
    }

    var symbol: String { market == .coinMargined ? "BTCUSD_PERP" : "BTCUSDT" }

    /// 50000.0 bid, 50000.1 offered, 5 each; more behind.
    static let book: [MarketEvent] = [
        level(.buy, 50_000, 5), level(.buy, 49_999.9, 7), level(.sell, 50_000.1, 5), level(.sell, 50_000.2, 7), level(.sell, 50_000.3, 9),
    ]

    static func level(_ side: Side, _ price: Double, _ quantity: Double, at ms: Int64 = 0) -> MarketEvent {
        row(EventKind.depth, side, price, quantity, at: ms)
    }

    static func trade(_ side: Side, _ price: Double, _ quantity: Double, at ms: Int64) -> MarketEvent { row(EventKind.trade, side, price, quantity, at: ms) }

    private static func row(_ kind: UInt8, _ side: Side, _ price: Double, _ quantity: Double, at ms: Int64) -> MarketEvent {
        let flags = EventFlags.exchange | EventFlags.local | (side == .buy ? EventFlags.buy : EventFlags.sell)
        return MarketEvent(ev: flags | UInt64(kind), exchangeNs: ms * 1_000_000, localNs: ms * 1_000_000, price: price, quantity: quantity)
    }

    var nowMs: Int64 { exchange.nowNs / 1_000_000 }

    func wait(toMs ms: Int64) { exchange.advance(to: Self.startNs + ms * 1_000_000) }

    func path(_ name: String) -> String { name.hasPrefix("/") ? name : market.pathPrefix + "/" + name }

    func get(_ name: String, _ query: String = "") -> RestReply {
        exchange.handle(RestRequest(method: "GET", path: path(name), query: query), at: exchange.nowNs)
    }

    /// A signed request; the parameters as a query, or as a body for POST when asked.
    func signed(_ method: String, _ name: String, _ query: String = "", inBody: Bool = false) throws -> RestReply {
        let text = signer.signed(try QueryString(parsing: query), timestampMs: nowMs)
        return exchange.handle(
            RestRequest(
                method: method, path: path(name), query: inBody ? "" : text, body: inBody ? text : "", headers: [("x-mbx-apikey", signer.apiKey)]),
            at: exchange.nowNs)
    }

    func json(_ reply: RestReply) throws -> JSONValue { try JSONValue.parse(reply.body) }

    /// The number of a new order, or the error's code below 0.
    func place(_ side: WireSide, _ price: String?, _ quantity: String, extra: String = "") throws -> Int64 {
        let kind = price.map { "type=LIMIT&timeInForce=GTC&price=\($0)" } ?? "type=MARKET"
        let body = try json(try signed("POST", "order", "symbol=\(symbol)&side=\(side.rawValue)&\(kind)&quantity=\(quantity)\(extra)"))
        return try body["code"]?.integer ?? body.integer("orderId")
    }

    func code(_ reply: RestReply) throws -> Int64 { try json(reply)["code"]?.integer ?? 0 }

    func open(_ path: String) throws -> ConnectionID {
        guard let id = exchange.open(path: path, at: exchange.nowNs) else { throw WireFault("nothing at \(path)") }
        return id
    }

    /// What came on a connection since the last call, parsed.
    func messages(_ id: ConnectionID) throws -> [JSONValue] {
        try exchange.takeFrames().compactMap { frame in
            guard frame.connection == id, case .text(let bytes) = frame.content else { return nil }
            return try JSONValue.parse(bytes)
        }
    }

    /// A connection that hears the account's events.
    func userStream() throws -> ConnectionID {
        if market == .spot {
            let id = try open("/ws-api/v3")
            var parameters: [(name: String, value: String)] = [("apiKey", "key"), ("timestamp", String(nowMs))]
            parameters.append(("signature", signer.socketSignature(parameters)))
            let text = parameters.map { "\"\($0.name)\":\($0.name == "timestamp" ? $0.value : "\"\($0.value)\"")" }.joined(separator: ",")
            exchange.receive(Array("{\"id\":1,\"method\":\"userDataStream.subscribe.signature\",\"params\":{\(text)}}".utf8), on: id, at: exchange.nowNs)
            return id
        }
        let key = try json(exchange.handle(
            RestRequest(method: "POST", path: path("listenKey"), headers: [("x-mbx-apikey", "key")]), at: exchange.nowNs)).text("listenKey")
        return try open(market == .usdMargined ? "/private/ws?listenKey=\(key)" : "/ws/\(key)")
    }

    func events(_ id: ConnectionID) throws -> [UserEvent] {
        try messages(id).filter { $0["id"] == nil }.map { try UserEvent($0) }
    }
}
