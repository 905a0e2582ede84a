import HBTBinance

/// The REST surface: who asks, whether they may, and which call it is.
extension PaperExchange {
    /// Answers a request that arrives at venue time `ns`.
    public func handle(_ request: RestRequest, at ns: Int64) -> RestReply {
        advance(to: ns)
        guard let call = RestCall(request) else {
            return RestReply(status: 404, body: Array("<html><body>404 Not found</body></html>".utf8))
        }
        var reply: RestReply
        var headers: [(name: String, value: String)] = []
        do throws(VenueError) {
            if let fault = requestFault() { throw fault }
            try useLimits(call, headers: &headers)
            let account = try authenticate(request, call)
            if let loss = try orderFault(call, account: account) { return loss }
            reply = RestReply(body: try answer(call, account: account))
        } catch {
            reply = RestReply(error)
            if error.httpStatus == 429 || error.httpStatus == 418 { headers.append(("Retry-After", "30")) }
        }
        if faults.strikes(.delay) { reply.delayMs = faults.delayMs() }
        reply.headers = [("Content-Type", "application/json;charset=UTF-8")] + headers
        return reply
    }

    /// Orders may be refused, or their answers be lost, by a fault.
    private func orderFault(_ call: RestCall, account: Int?) throws(VenueError) -> RestReply? {
        guard call.isOrder else { return nil }
        if faults.strikes(.reject) { throw VenueError(-2010, "NEW_ORDER_REJECTED") }
        if faults.strikes(.lost) { return Self.lost }
        guard faults.strikes(.unanswered) else { return nil }
        _ = try answer(call, account: account)
        return Self.lost
    }

    private static var lost: RestReply {
        var reply = RestReply(VenueError.timeout)
        reply.isLost = true
        return reply
    }

    func useLimits(_ call: RestCall, headers: inout [(name: String, value: String)]) throws(VenueError) {
        let slot = Self.index(call.market)
        let weight = RequestWeight.weight(call.market, method: call.method, path: call.name, parameters: call.query)
        let used = limits.use(weight, market: slot, ms: nowMs)
        let name = call.market == .spot ? "x-mbx-used-weight" : "X-MBX-USED-WEIGHT-1M"
        headers.append((name, String(used)))
        if call.market == .spot { headers.append(("x-mbx-used-weight-1m", String(used))) }
        let limit = RequestWeight.limit(call.market)
        if settings.enforcesLimits {
            if used > 2 * limit {
                bannedUntilMs = nowMs &+ 2 * 60_000
                throw .banned(untilMs: bannedUntilMs)
            }
            if used > limit { throw .tooManyRequests(limit: limit, interval: "1 MINUTE") }
        }
        guard call.isOrder else { return }
        let count = limits.order(market: slot, ms: nowMs)
        let allowed = RequestWeight.orderLimits(call.market)
        headers.append(("X-MBX-ORDER-COUNT-10S", String(count.short)))
        headers.append((call.market == .spot ? "X-MBX-ORDER-COUNT-1D" : "X-MBX-ORDER-COUNT-1M", String(count.long)))
        if settings.enforcesLimits, count.short > allowed.per10s || count.long > allowed.long { throw .tooManyOrders }
    }

    /// The account that a call is for; nil for public calls.
    private func authenticate(_ request: RestRequest, _ call: RestCall) throws(VenueError) -> Int? {
        guard call.security != .none else { return nil }
        let account = try account(ofKey: request.header("x-mbx-apikey"))
        guard call.security == .signed else { return account }
        try checkTime(call.query)
        guard let signature = call.query["signature"] else { throw .missing("signature") }
        let signed = RequestSigner.signedText(query: request.query, body: request.body)
        guard accounts[account].accepts(signature, of: signed) else { throw .badSignature }
        return account
    }

    func account(ofKey key: String?) throws(VenueError) -> Int {
        guard let key, !key.isEmpty else { throw .badApiKeyFormat }
        guard let account = accounts.firstIndex(where: { $0.apiKey == key }) else { throw .badApiKey }
        return account
    }

    /// `timestamp` and `recvWindow` against the clock that clients see.
    func checkTime(_ query: QueryString) throws(VenueError) {
        guard let text = query["timestamp"], !text.isEmpty else { throw .missing("timestamp") }
        guard let timestamp = Int64(text) else { throw .illegal("timestamp") }
        var window: Int64 = 5000
        if let text = query["recvWindow"], !text.isEmpty {
            guard let value = WireDecimal(text), value.mantissa >= 0 else { throw .illegal("recvWindow") }
            guard value.double <= 60_000 else { throw .badRecvWindow }
            window = Int64(value.double)
        }
        let (age, overflow) = shownMs.subtractingReportingOverflow(timestamp)
        guard !overflow else { throw .badTimestamp }
        if age < -1000 { throw .timestampAhead }
        if age > window { throw .badTimestamp }
    }
}

/// One call: market, method and the rest of the path.
struct RestCall {
    enum Security { case none, key, signed }
    let market: VenueMarket
    let method: String
    /// What follows the market and the version: "order", "ticker/price".
    let name: String
    let version: Int
    /// Query and body together.
    let query: QueryString

    init(market: VenueMarket, method: String, name: String, version: Int = 1, query: QueryString) {
        self.market = market
        self.method = method
        self.name = name
        self.version = version
        self.query = query
    }

    init?(_ request: RestRequest) {
        let parts = request.path.split(separator: "/").map(String.init)
        guard parts.count >= 3, parts[1].hasPrefix("v"), let version = Int(parts[1].dropFirst()) else { return nil }
        switch parts[0] {
        case "api", "sapi": market = .spot
        case "fapi": market = .usdMargined
        case "dapi": market = .coinMargined
        default: return nil
        }
        guard var query = try? QueryString(parsing: request.query), let body = try? QueryString(parsing: request.body) else { return nil }
        query.append(contentsOf: body)
        self.query = query
        self.version = version
        method = request.method
        name = (parts[0] == "sapi" ? "sapi/" : "") + parts.dropFirst(2).joined(separator: "/")
    }

    var isOrder: Bool { RequestWeight.countsAsOrder(method: method, path: "/" + name) }

    var security: Security {
        switch name {
        case "ping", "time", "exchangeInfo", "depth", "trades", "historicalTrades", "aggTrades", "klines", "uiKlines", "continuousKlines",
            "indexPriceKlines", "markPriceKlines", "premiumIndexKlines", "avgPrice", "ticker/24hr", "ticker/price", "ticker/bookTicker", "ticker",
            "premiumIndex", "fundingRate", "fundingInfo", "openInterest", "sapi/margin/allPairs", "sapi/margin/isolated/allPairs", "constituents",
            "assetIndex":
            .none
        case "listenKey", "userDataStream": .key
        default: .signed
        }
    }

    func text(_ name: String) throws(VenueError) -> String {
        guard let text = query[name], !text.isEmpty else { throw .missing(name) }
        return text
    }

    func integer(_ name: String) throws(VenueError) -> Int64? {
        guard let text = query[name] else { return nil }
        guard let value = Int64(text) else { throw .illegal(name) }
        return value
    }

    func limit(_ standard: Int, upTo maximum: Int) throws(VenueError) -> Int {
        guard let value = try integer("limit") else { return standard }
        guard value > 0 else { throw .malformed("limit") }
        return Int(min(value, Int64(maximum)))
    }
}
