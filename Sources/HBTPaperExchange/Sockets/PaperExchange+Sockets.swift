import HBTBinance

/// WebSocket connections: opening by path, live subscriptions, closing.
extension PaperExchange {
    /// A client wants a WebSocket at `path` (with its query).
    ///
    /// - Parameter standard: the market of paths that name none; nil looks for each stream in all.
    /// - Returns: the connection, or nil when there is nothing at that path.
    public func open(path target: String, market standard: VenueMarket? = nil, at ns: Int64) -> ConnectionID? {
        advance(to: ns)
        let cut = target.firstIndex(of: "?") ?? target.endIndex
        var parts = target[..<cut].split(separator: "/").map(String.init)
        let query = (try? QueryString(parsing: target[cut...].dropFirst())) ?? QueryString()
        var market = standard
        if let first = parts.first, let named = Self.namedMarket(first) {
            market = named
            parts.removeFirst()
        }
        // The venue splits USD-M traffic over three routes; each takes the same messages.
        if let first = parts.first, ["public", "market", "private"].contains(first) {
            if market != .coinMargined { market = .usdMargined }
            parts.removeFirst()
        }
        guard let kind = parts.first else { return nil }
        let names: [String]
        let connectionKind: Connection.Kind
        switch kind {
        case "ws":
            connectionKind = .raw
            names = parts.dropFirst() + (query["streams"]?.split(separator: "/").map(String.init) ?? []) + (query["listenKey"].map { [$0] } ?? [])
        case "stream":
            connectionKind = .combined
            names = (query["streams"]?.split(separator: "/").map(String.init) ?? []) + (query["listenKey"].map { [$0] } ?? [])
        case "ws-api":
            connectionKind = .socketAPI
            market = market ?? .spot
            names = []
        case "ws-fapi":
            connectionKind = .socketAPI
            market = .usdMargined
            names = []
        case "ws-dapi":
            connectionKind = .socketAPI
            market = .coinMargined
            names = []
        default: return nil
        }
        let id = ConnectionID(number: nextConnection)
        nextConnection += 1
        connections[id] = Connection(id: id, kind: connectionKind, market: market, openedNs: nowNs, nextPingNs: nowNs &+ Self.pingNs(market))
        connectionOrder.append(id)
        for name in names { subscribe(id, name) }
        return id
    }

    /// A market before the path: by its name, or by the venue's host, for clients that tell markets by it.
    private static func namedMarket(_ part: String) -> VenueMarket? {
        if let market = VenueMarket(rawValue: part) { return market }
        let hosts: [(prefix: String, market: VenueMarket)] = [
            ("stream.binance.", .spot), ("fstream.binance.", .usdMargined), ("dstream.binance.", .coinMargined),
            ("ws-api.binance.", .spot), ("ws-fapi.binance.", .usdMargined), ("ws-dapi.binance.", .coinMargined),
        ]
        return hosts.first { part.hasPrefix($0.prefix) }?.market
    }

    /// The socket is gone, from whichever side.
    public func close(_ id: ConnectionID) {
        connections[id] = nil
        connectionOrder.removeAll { $0 == id }
    }

    /// A text frame from a client.
    public func receive(_ text: [UInt8], on id: ConnectionID, at ns: Int64) {
        advance(to: ns)
        guard let connection = connections[id] else { return }
        let request: SocketRequest
        do throws(WireFault) {
            request = try SocketRequest(try JSONValue.parse(text))
        } catch {
            return refuse(id, error, kind: connection.kind)
        }
        if connection.kind == .socketAPI { answer(request, on: connection) } else { change(request, on: connection) }
    }

    private func refuse(_ id: ConnectionID, _ fault: WireFault, kind: Connection.Kind) {
        let payload = encoded { out in
            out.beginObject()
            if kind == .socketAPI {
                out.name("id")
                out.null()
                out.field("status", 400)
            }
            out.name("error")
            out.beginObject()
            out.field("code", kind == .socketAPI ? -32_600 : 2)
            out.field("msg", "Invalid request: \(fault)")
            out.endObject()
            out.endObject()
        }
        send(.text(payload), to: id)
    }

    /// `SUBSCRIBE`, `UNSUBSCRIBE`, `LIST_SUBSCRIPTIONS`, `GET_PROPERTY`, `SET_PROPERTY`.
    private func change(_ request: SocketRequest, on connection: Connection) {
        let names = request.parameters.elements?.compactMap(\.text) ?? []
        var result = JSONValue.null
        switch request.method {
        case "SUBSCRIBE": for name in names { subscribe(connection.id, name) }
        case "UNSUBSCRIBE":
            for name in names {
                connections[connection.id]?.streams.removeAll { $0.name == name }
                connections[connection.id]?.users.removeAll { $0.listenKey == name }
            }
        case "LIST_SUBSCRIPTIONS":
            result = .array(connection.streams.map { .string($0.name) } + connection.users.compactMap { $0.listenKey.map(JSONValue.string) })
        case "GET_PROPERTY": result = .bool(connection.kind == .combined)
        case "SET_PROPERTY": break
        default:
            return refuse(connection.id, WireFault("unknown method \(request.method)"), kind: connection.kind)
        }
        let payload = encoded { out in
            out.beginObject()
            out.name("result")
            out.value(result)
            out.name("id")
            out.value(request.id)
            out.endObject()
        }
        send(.text(payload), to: connection.id)
    }

    private func subscribe(_ id: ConnectionID, _ name: String) {
        guard let connection = connections[id], !connection.streams.contains(where: { $0.name == name }) else { return }
        if let (account, market) = owner(ofKey: name) {
            guard !connection.users.contains(where: { $0.listenKey == name }) else { return }
            connections[id]?.users.append(.init(account: account, market: market, listenKey: name, subscriptionId: 0))
            return
        }
        for market in connection.market.map({ [$0] }) ?? streamMarkets {
            guard let stream = StreamName(name, market: market) else { continue }
            let wanted = books.indices.filter {
                books[$0].rules.market == market && (stream.symbol == nil || books[$0].rules.symbol == stream.symbol)
            }
            guard !wanted.isEmpty else { continue }
            if case .depth(let everyMs) = stream.kind { for book in wanted { _ = books[book].depthWindow(everyMs: everyMs, at: nowNs) } }
            connections[id]?.streams.append(.init(name: name, stream: stream, books: wanted))
            return
        }
        connections[id]?.streams.append(.init(name: name, stream: nil, books: []))
    }

    /// Markets in the order of the books: where a path names none, the first that knows the stream has it.
    private var streamMarkets: [VenueMarket] {
        var found: [VenueMarket] = []
        for book in books where !found.contains(book.rules.market) { found.append(book.rules.market) }
        return found
    }

    /// The venue pings every 20 seconds on spot, every 3 minutes on futures.
    private static func pingNs(_ market: VenueMarket?) -> Int64 { market == .spot ? 20_000_000_000 : 180_000_000_000 }

    func pingConnections() {
        for id in connectionOrder {
            guard var connection = connections[id] else { continue }
            if nowNs &- connection.openedNs >= faults.plan.connectionLifeNs {
                outbox.append(OutgoingFrame(connection: id, content: .close(1001)))
                close(id)
                continue
            }
            if connection.nextPingNs <= nowNs {
                connection.nextPingNs = nowNs &+ Self.pingNs(connection.market)
                connections[id] = connection
                send(.ping, to: id)
            }
        }
    }
}
