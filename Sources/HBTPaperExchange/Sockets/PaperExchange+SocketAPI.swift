import HBTBinance

/// The WebSocket API: requests as over REST, in envelopes.
extension PaperExchange {
    /// Which REST call a method stands for; nil for methods of the socket itself and unknown ones.
    private static func rest(_ method: String, _ market: VenueMarket) -> (method: String, name: String, version: Int)? {
        let isV2 = method.hasPrefix("v2/")
        let name = isV2 ? String(method.dropFirst(3)) : method
        let version = isV2 ? 3 : market == .spot ? 3 : 2
        return switch name {
        case "ping": ("GET", "ping", 1)
        case "time": ("GET", "time", 1)
        case "exchangeInfo": ("GET", "exchangeInfo", 1)
        case "depth": ("GET", "depth", 1)
        case "trades.recent": ("GET", "trades", 1)
        case "trades.historical": ("GET", "historicalTrades", 1)
        case "trades.aggregate": ("GET", "aggTrades", 1)
        case "klines", "uiKlines": ("GET", "klines", 1)
        case "avgPrice": ("GET", "avgPrice", 1)
        case "ticker.price": ("GET", "ticker/price", 1)
        case "ticker.book": ("GET", "ticker/bookTicker", 1)
        case "ticker.24hr", "ticker": ("GET", "ticker/24hr", 1)
        case "order.place": ("POST", "order", 1)
        case "order.test": ("POST", "order/test", 1)
        case "order.cancel": ("DELETE", "order", 1)
        case "order.modify": ("PUT", "order", 1)
        case "order.status": ("GET", "order", 1)
        case "order.cancelReplace": ("POST", "order/cancelReplace", 1)
        case "algoOrder.place": ("POST", "algoOrder", 1)
        case "algoOrder.cancel": ("DELETE", "algoOrder", 1)
        case "orderList.place": ("POST", "order/oco", 1)
        case "orderList.place.oco": ("POST", "orderList/oco", 1)
        case "orderList.status": ("GET", "orderList", 1)
        case "orderList.cancel": ("DELETE", "orderList", 1)
        case "openOrderLists.status": ("GET", "openOrderList", 1)
        case "allOrderLists": ("GET", "allOrderList", 1)
        case "openOrders.status": ("GET", "openOrders", 1)
        case "openOrders.cancelAll": ("DELETE", "openOrders", 1)
        case "allOrders": ("GET", "allOrders", 1)
        case "myTrades": ("GET", "myTrades", 1)
        case "account.status": ("GET", "account", version)
        case "account.balance": ("GET", "balance", version)
        case "account.position": ("GET", "positionRisk", version)
        case "account.rateLimits.orders": ("GET", "rateLimit/order", 1)
        case "userDataStream.start": ("POST", "listenKey", 1)
        case "userDataStream.ping": ("PUT", "listenKey", 1)
        case "userDataStream.stop": ("DELETE", "listenKey", 1)
        default: nil
        }
    }

    func answer(_ request: SocketRequest, on connection: Connection) {
        let market = connection.market ?? .spot
        let query: QueryString
        do throws(WireFault) { query = try request.query() } catch {
            return reply(request.id, on: connection.id, .failure(.malformed("params")))
        }
        var headers: [(name: String, value: String)] = []
        do throws(VenueError) {
            if let fault = requestFault() { throw fault }
            if let body = try subscription(request.method, query, on: connection) {
                return reply(request.id, on: connection.id, .success(body))
            }
            guard let target = Self.rest(request.method, market) else {
                throw VenueError(-32_601, "Method \(request.method) not found.", httpStatus: 400)
            }
            let call = RestCall(market: market, method: target.method, name: target.name, version: target.version, query: query)
            try useLimits(call, headers: &headers)
            let account: Int?
            switch call.security {
            case .none: account = nil
            case .key:
                if let session = connection.session, query["apiKey"] == nil {
                    account = session.account
                } else {
                    account = try self.account(ofKey: query["apiKey"])
                }
            case .signed: account = try signedAccount(query, session: connection.session)
            }
            if call.isOrder {
                if faults.strikes(.reject) { throw VenueError(-2010, "NEW_ORDER_REJECTED") }
                if faults.strikes(.lost) { return }
                if faults.strikes(.unanswered) {
                    _ = try answer(call, account: account)
                    return
                }
            }
            reply(request.id, on: connection.id, .success(try answer(call, account: account)))
        } catch {
            reply(request.id, on: connection.id, .failure(error))
        }
    }

    /// Requests of the WebSocket API sign their parameters in alphabetical order.
    private func signedAccount(_ query: QueryString, session: Connection.Session? = nil) throws(VenueError) -> Int {
        if let session, query["apiKey"] == nil, query["signature"] == nil {
            try checkTime(query)
            return session.account
        }
        let account = try account(ofKey: query["apiKey"])
        try checkTime(query)
        guard let signature = query["signature"] else { throw .missing("signature") }
        guard accounts[account].accepts(signature, of: RequestSigner.socketPayload(query.items)) else { throw .badSignature }
        return account
    }

    /// User-data streams on the socket itself; nil for any other method.
    private func subscription(_ method: String, _ query: QueryString, on connection: Connection) throws(VenueError) -> [UInt8]? {
        let market = connection.market ?? .spot
        switch method {
        case "userDataStream.subscribe.signature":
            return try subscribe(try signedAccount(query), market, on: connection)
        case "userDataStream.subscribe":
            // Needs a session that was logged on with an Ed25519 key.
            guard let session = connection.session else { throw VenueError(-1002, "You are not authorized to execute this request.", httpStatus: 401) }
            return try subscribe(session.account, market, on: connection)
        case "userDataStream.unsubscribe":
            let number = query["subscriptionId"].flatMap { Int64($0) }
            connections[connection.id]?.users.removeAll { number == nil || $0.subscriptionId == number }
            return Self.empty
        case "session.subscriptions":
            return list { out in
                for user in connection.users {
                    out.beginObject()
                    out.field("subscriptionId", user.subscriptionId)
                    out.endObject()
                }
            }
        case "session.status": return sessionBody(connection.session, connection)
        case "session.logout":
            connections[connection.id]?.session = nil
            return sessionBody(nil, connection)
        case "session.logon":
            let account = try account(ofKey: query["apiKey"])
            guard accounts[account].mayLogOn else { throw VenueError(-4056, "HMAC_SHA256 API key is not supported.") }
            let session = Connection.Session(account: try signedAccount(query), sinceMs: shownMs)
            connections[connection.id]?.session = session
            return sessionBody(session, connection)
        default: return nil
        }
    }

    private func subscribe(_ account: Int, _ market: VenueMarket, on connection: Connection) throws(VenueError) -> [UInt8] {
        guard !connection.users.contains(where: { $0.account == account }) else {
            throw VenueError(-2035, "Subscription already active for this account.")
        }
        let number = connection.nextSubscriptionId
        connections[connection.id]?.nextSubscriptionId += 1
        connections[connection.id]?.users.append(.init(account: account, market: market, listenKey: nil, subscriptionId: number))
        return object { $0.field("subscriptionId", number) }
    }

    private func sessionBody(_ session: Connection.Session?, _ connection: Connection) -> [UInt8] {
        object { out in
            out.name("apiKey")
            if let session { out.string(accounts[session.account].apiKey) } else { out.null() }
            out.name("authorizedSince")
            if let session { out.integer(session.sinceMs) } else { out.null() }
            out.name("connectedSince")
            out.integer(connection.openedNs / 1_000_000)
            out.field("returnRateLimits", true)
            out.field("serverTime", shownMs)
        }
    }

    private func reply(_ id: JSONValue, on connection: ConnectionID, _ result: Result<[UInt8], VenueError>) {
        let payload = encoded { out in
            out.beginObject()
            out.name("id")
            out.value(id)
            switch result {
            case .success(let body):
                out.field("status", 200)
                out.name("result")
                out.embed(body)
            case .failure(let error):
                out.field("status", Int64(error.httpStatus))
                out.name("error")
                error.encode(into: &out)
            }
            out.name("rateLimits")
            out.beginArray()
            out.endArray()
            out.endObject()
        }
        send(.text(payload), to: connection)
    }
}
