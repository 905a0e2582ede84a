import HBTBinance
import HBTLive
import HBTTypes

/// A call of the venue's REST interface, before it is signed and sent.
struct VenueRequest: Equatable, Sendable {
    enum Security: Equatable, Sendable { case none, key, signed }
    var method: String
    var path: String
    var parameters: QueryString
    var security: Security

    init(_ method: String, _ path: String, _ parameters: [(name: String, value: String)] = [], _ security: Security = .signed) {
        self.method = method
        self.path = path
        self.parameters = QueryString(parameters)
        self.security = security
    }
}

extension VenueRequest {
    /// The method of the WebSocket API for a request about one order; nil for any other.
    func socketMethod(_ market: VenueMarket) -> String? {
        guard path == market.pathPrefix + "/order" else { return nil }
        return switch method {
        case "POST": "order.place"
        case "PUT": "order.modify"
        case "DELETE": "order.cancel"
        case "GET": "order.status"
        default: nil
        }
    }
}

/// The venue's calls, market by market.
struct VenueCalls: Sendable {
    let market: VenueMarket
    /// By asset.
    let rules: [SymbolRules]
    let specs: [AssetSpec]

    private var prefix: String { market.pathPrefix }
    private func symbol(_ asset: Int) -> (name: String, value: String) { ("symbol", rules[asset].symbol) }

    static func time(_ market: VenueMarket) -> VenueRequest { VenueRequest("GET", market.pathPrefix + "/time", [], .none) }
    static func exchangeInfo(_ market: VenueMarket) -> VenueRequest { VenueRequest("GET", market.pathPrefix + "/exchangeInfo", [], .none) }

    /// A thousand levels a side: what every market gives at once.
    func snapshot(_ asset: Int) -> VenueRequest { VenueRequest("GET", prefix + "/depth", [symbol(asset), ("limit", "1000")], .none) }

    func place(clientId: String, asset: Int, order: Order) throws(RequestFault) -> VenueRequest {
        var items = [symbol(asset), ("side", order.side == .buy ? "BUY" : "SELL")]
        switch (order.type, order.timeInForce, market) {
        case (.market, _, _): items.append(("type", "MARKET"))
        case (.limit, .gtx, .spot): items.append(("type", "LIMIT_MAKER"))
        case (.limit, let time, _):
            guard let word = Self.word(time) else { throw RequestFault("this time in force has no word at the venue") }
            items += [("type", "LIMIT"), ("timeInForce", word)]
        default: throw RequestFault("this type of order has no word at the venue")
        }
        items.append(("quantity", try quantity(order.quantity, asset)))
        if order.type == .limit { items.append(("price", try price(order.priceTick, asset))) }
        items += [("newClientOrderId", clientId), ("newOrderRespType", market == .spot ? "RESULT" : "ACK")]
        return VenueRequest("POST", prefix + "/order", items)
    }

    /// A request about one order, of one of three kinds.
    func request(_ action: OrderAction) throws(RequestFault) -> VenueRequest {
        switch action {
        case .place(let clientId, let asset, let order): return try place(clientId: clientId, asset: asset, order: order)
        case .cancel(let clientId, let asset): return cancel(clientId: clientId, asset: asset)
        case .amend(let clientId, let asset, let side, let priceTick, let quantity):
            return try amend(clientId: clientId, asset: asset, side: side, priceTick: priceTick, quantity: quantity)
        default: throw RequestFault("this is no request about one order")
        }
    }

    func cancel(clientId: String, asset: Int) -> VenueRequest {
        VenueRequest("DELETE", prefix + "/order", [symbol(asset), ("origClientOrderId", clientId)])
    }

    func amend(clientId: String, asset: Int, side: Side, priceTick: Int64, quantity: Double) throws(RequestFault) -> VenueRequest {
        guard market.isFutures else { throw RequestFault("spot orders cannot be modified; cancel and submit instead") }
        return VenueRequest("PUT", prefix + "/order", [
            symbol(asset), ("origClientOrderId", clientId), ("side", side == .buy ? "BUY" : "SELL"), ("quantity", try self.quantity(quantity, asset)),
            ("price", try price(priceTick, asset)),
        ])
    }

    /// Several requests of one kind in one call (futures).
    ///
    /// - Parameter requests: calls of the same kind for single orders.
    func batch(_ kind: RequestKind, asset: Int, _ requests: [VenueRequest]) -> VenueRequest {
        var out = JSONWriter()
        out.beginArray()
        for request in requests {
            guard kind != .cancel else {
                out.string(request.parameters["origClientOrderId"] ?? "")
                continue
            }
            out.beginObject()
            for item in request.parameters.items {
                out.name(item.name)
                out.string(item.value)
            }
            out.endObject()
        }
        out.endArray()
        let path = prefix + "/batchOrders"
        return switch kind {
        case .place: VenueRequest("POST", path, [("batchOrders", out.text)])
        case .amend: VenueRequest("PUT", path, [("batchOrders", out.text)])
        case .cancel: VenueRequest("DELETE", path, [symbol(asset), ("origClientOrderIdList", out.text)])
        }
    }

    func query(clientId: String, asset: Int) -> VenueRequest {
        VenueRequest("GET", prefix + "/order", [symbol(asset), ("origClientOrderId", clientId)])
    }

    func trades(orderId: Int64, asset: Int) -> VenueRequest {
        VenueRequest("GET", prefix + (market == .spot ? "/myTrades" : "/userTrades"), [symbol(asset), ("orderId", String(orderId)), ("limit", "1000")])
    }

    func cancelAll(asset: Int) -> VenueRequest {
        VenueRequest("DELETE", prefix + (market == .spot ? "/openOrders" : "/allOpenOrders"), [symbol(asset)])
    }

    func openOrders(asset: Int) -> VenueRequest { VenueRequest("GET", prefix + "/openOrders", [symbol(asset)]) }

    /// Versions of USD-M's list of positions, to be tried in this order: older ones are being switched off.
    static let positionVersions = [2, 3]

    func position(asset: Int, version: Int) -> VenueRequest {
        switch market {
        case .spot: VenueRequest("GET", prefix + "/account", [("omitZeroBalances", "true")])
        case .usdMargined: VenueRequest("GET", "/fapi/v\(version)/positionRisk", [symbol(asset)])
        case .coinMargined: VenueRequest("GET", prefix + "/positionRisk", [("pair", String(rules[asset].symbol.prefix { $0 != "_" }))])
        }
    }

    /// nil where the venue has no such switch.
    func countdown(asset: Int, milliseconds: Int64) -> VenueRequest? {
        guard market.isFutures else { return nil }
        return VenueRequest("POST", prefix + "/countdownCancelAll", [symbol(asset), ("countdownTime", String(milliseconds))])
    }

    func listenKey(_ method: String, _ key: String? = nil) -> VenueRequest {
        VenueRequest(method, prefix + (market == .spot ? "/userDataStream" : "/listenKey"), key.map { [("listenKey", $0)] } ?? [], .key)
    }

    // MARK: numbers

    private static func word(_ time: TimeInForce) -> String? {
        switch time {
        case .gtc: "GTC"
        case .gtx: "GTX"
        case .fok: "FOK"
        case .ioc: "IOC"
        case .unsupported: nil
        }
    }

    private func price(_ tick: Int64, _ asset: Int) throws(RequestFault) -> String {
        guard tick > 0, let value = rules[asset].tick.value(tick) else { throw RequestFault("price tick \(tick) is no price at the venue") }
        return value.description
    }

    private func quantity(_ quantity: Double, _ asset: Int) throws(RequestFault) -> String {
        let lots = (quantity / specs[asset].lotSize).rounded()
        guard lots >= 1, lots < 9e15, let value = rules[asset].lot.value(Int64(lots)) else {
            throw RequestFault("a quantity of \(quantity) is no whole number of lots of \(specs[asset].lotSize)")
        }
        return value.description
    }
}

/// An order that cannot be said in the venue's words; nothing has been sent.
struct RequestFault: Error, Equatable, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

extension OrderAction {
    /// Of a request that places, cancels or amends one order.
    var clientId: String? {
        switch self {
        case .place(let clientId, _, _), .cancel(let clientId, _), .amend(let clientId, _, _, _, _): clientId
        default: nil
        }
    }
}
