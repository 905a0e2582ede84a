import HBTBinance

/// Calls about orders.
extension PaperExchange {
    /// nil when the call is none of these.
    func orderAnswer(_ call: RestCall, account: Int) throws(VenueError) -> [UInt8]? {
        let isFutures = call.market.isFutures
        switch (call.method, call.name) {
        case ("POST", "order"): return try placeAnswer(call.query, market: call.market, account: account)
        case ("POST", "order/test"):
            _ = try OrderParameters(call.query, market: call.market)
            _ = try symbolBook(call)
            return Self.empty
        case ("PUT", "order") where isFutures: return try modifyAnswer(call.query, market: call.market, account: account)
        case ("DELETE", "order"): return try cancelAnswer(call, account: account)
        case ("GET", "order"):
            guard let order = try find(call.query, account: account, book: try symbolBook(call)) else { throw .noSuchOrder }
            return written(order, .queried)
        case ("GET", "openOrder") where isFutures:
            guard let order = try find(call.query, account: account, book: try symbolBook(call)), order.isOpen else { throw .noSuchOrder }
            return written(order, .queried)
        case ("GET", "openOrders"):
            let chosen = try chosenBooks(call)
            let open = openOrders.compactMap { orders[$0] }.filter { $0.account == account && chosen.contains($0.book) }
            return list { out in for order in open { out.embed(written(order, .queried)) } }
        case ("GET", "allOrders"): return try allOrders(call, account: account)
        case ("DELETE", "openOrders") where !isFutures:
            let book = try symbolBook(call)
            let canceled = cancelAll(account: account, book: book)
            guard !canceled.isEmpty else { throw .unknownOrder }
            return list { out in for id in canceled { if let order = orders[id] { out.embed(canceledBody(order, requestId: nil)) } } }
        case ("DELETE", "allOpenOrders") where isFutures:
            _ = cancelAll(account: account, book: try symbolBook(call))
            return object { out in
                out.field("code", 200)
                out.field("msg", "The operation of cancel all open order is done.")
            }
        case ("POST", "countdownCancelAll") where isFutures: return try countdownAnswer(call, account: account)
        case ("POST", "batchOrders") where isFutures:
            return try batch(call) { query throws(VenueError) in try self.placeAnswer(query, market: call.market, account: account) }
        case ("PUT", "batchOrders") where isFutures:
            return try batch(call) { query throws(VenueError) in try self.modifyAnswer(query, market: call.market, account: account) }
        case ("DELETE", "batchOrders") where isFutures: return try cancelBatch(call, account: account)
        case ("POST", "order/cancelReplace") where !isFutures: return try cancelReplace(call, account: account)
        case ("GET", "rateLimit/order"): return list { _ in }
        default: return nil
        }
    }

    func written(_ order: PaperOrder, _ answer: OrderAnswer) -> [UInt8] {
        let market = books[order.book].rules.market
        return encoded { out in
            if market == .spot { order.wire.encodeSpotQuery(into: &out) } else { order.wire.encodeFutures(into: &out, market: market, answer: answer) }
        }
    }

    private func placeAnswer(_ query: QueryString, market: VenueMarket, account: Int) throws(VenueError) -> [UInt8] {
        guard let symbol = query["symbol"], !symbol.isEmpty else { throw .missing("symbol") }
        guard let book = book(market, symbol) else { throw .badSymbol }
        let asked = try OrderParameters(query, market: market)
        let id = try place(asked, account: account, book: book)
        guard var order = orders[id] else { throw .unknown }
        if market == .spot {
            let standard: SpotAnswerDetail = asked.type == "LIMIT_MAKER" ? .ack : .full
            let detail = try asked.answerType.map { word throws(VenueError) in
                guard let detail = SpotAnswerDetail(rawValue: word) else { throw VenueError.malformed("newOrderRespType") }
                return detail
            } ?? standard
            return encoded { order.wire.encodeSpotPlaced(into: &$0, detail: detail, fills: order.fills) }
        }
        if asked.answerType != "RESULT" {
            // An acknowledgement is written before the order meets the book.
            order.wire.status = .new
            order.wire.executedQuantity = books[book].rules.quantity(lots: 0)
            order.wire.averagePrice = WireDecimal(mantissa: 0, digits: 2)
            order.wire.cumulativeQuote = WireDecimal(mantissa: 0, digits: Int(order.wire.cumulativeQuote.digits))
        }
        return written(order, .placed)
    }

    private func modifyAnswer(_ query: QueryString, market: VenueMarket, account: Int) throws(VenueError) -> [UInt8] {
        guard let symbol = query["symbol"], !symbol.isEmpty else { throw .missing("symbol") }
        guard let book = book(market, symbol) else { throw .badSymbol }
        guard let quantity = try OrderParameters.number(query, "quantity") else { throw .missing("quantity") }
        guard let price = try OrderParameters.number(query, "price") else { throw .missing("price") }
        guard let order = try find(query, account: account, book: book) else { throw .noSuchOrder }
        guard order.isOpen else { throw .noSuchOrder }
        guard query["side"] == nil || query["side"] == order.wire.side.rawValue else { throw .badSide }
        try modify(order, price: price, quantity: quantity)
        guard let changed = orders[order.wire.orderId] else { throw .unknown }
        return written(changed, .placed)
    }

    private func cancelAnswer(_ call: RestCall, account: Int) throws(VenueError) -> [UInt8] {
        guard let order = try find(call.query, account: account, book: try symbolBook(call)), order.isOpen else { throw .unknownOrder }
        cancel(order)
        guard let canceled = orders[order.wire.orderId] else { throw .unknown }
        return canceledBody(canceled, requestId: call.query["newClientOrderId"])
    }

    private func canceledBody(_ order: PaperOrder, requestId: String?) -> [UInt8] {
        guard books[order.book].rules.market == .spot else { return written(order, .canceled) }
        return encoded { order.wire.encodeSpotCancel(into: &$0, requestId: requestId ?? "cancel-\(order.wire.orderId)") }
    }

    private func allOrders(_ call: RestCall, account: Int) throws(VenueError) -> [UInt8] {
        let book = try symbolBook(call)
        let limit = try call.limit(500, upTo: 1000)
        let from = try call.integer("orderId"), fromMs = try call.integer("startTime"), toMs = try call.integer("endTime")
        let ids = (closedOrders + openOrders).sorted()
        let mine = ids.compactMap { orders[$0] }.filter {
            $0.account == account && $0.book == book && $0.wire.orderId >= from ?? .min && $0.wire.timeMs >= fromMs ?? .min && $0.wire.timeMs <= toMs ?? .max
        }
        let page = from == nil && fromMs == nil ? mine.suffix(limit) : mine.prefix(limit)
        return list { out in for order in page { out.embed(written(order, .queried)) } }
    }

    private func countdownAnswer(_ call: RestCall, account: Int) throws(VenueError) -> [UInt8] {
        let book = try symbolBook(call)
        guard let ms = try call.integer("countdownTime") else { throw .missing("countdownTime") }
        guard ms >= 0, ms <= 1_000_000_000_000 else { throw .malformed("countdownTime") }
        countdowns.removeAll { $0.account == account && $0.book == book }
        if ms > 0 { countdowns.append((account, book, nowNs &+ ms * 1_000_000)) }
        return object { out in
            out.field("symbol", books[book].rules.symbol)
            out.field("countdownTime", String(ms))
        }
    }

    /// One answer per order, each an order or an error.
    private func batch(_ call: RestCall, _ act: (QueryString) throws(VenueError) -> [UInt8]) throws(VenueError) -> [UInt8] {
        guard let items = (try? JSONValue.parse(try call.text("batchOrders")))?.elements else { throw .malformed("batchOrders") }
        guard !items.isEmpty, items.count <= 5 else { throw VenueError(-4082, "Invalid number of batch orders.") }
        var bodies: [[UInt8]] = []
        for item in items {
            guard let query = try? SocketRequest(id: .null, method: "", parameters: item).query() else { throw .malformed("batchOrders") }
            do throws(VenueError) { bodies.append(try act(query)) } catch { bodies.append(error.json) }
        }
        return list { out in for body in bodies { out.embed(body) } }
    }

    private func cancelBatch(_ call: RestCall, account: Int) throws(VenueError) -> [UInt8] {
        let book = try symbolBook(call)
        let isById = call.query["orderIdList"] != nil
        let text = call.query["orderIdList"] ?? call.query["origClientOrderIdList"] ?? ""
        guard let items = (try? JSONValue.parse(text))?.elements, items.count <= 10 else { throw .malformed(isById ? "orderIdList" : "origClientOrderIdList") }
        var bodies: [[UInt8]] = []
        for item in items {
            var query = QueryString()
            switch item {
            case .number(let id), .string(let id): query.append(isById ? "orderId" : "origClientOrderId", id)
            default: throw .malformed("orderIdList")
            }
            guard let order = try find(query, account: account, book: book), order.isOpen else {
                bodies.append(VenueError.unknownOrder.json)
                continue
            }
            cancel(order)
            if let canceled = orders[order.wire.orderId] { bodies.append(canceledBody(canceled, requestId: nil)) }
        }
        return list { out in for body in bodies { out.embed(body) } }
    }

    /// Spot: cancel one order and place another, in one request.
    private func cancelReplace(_ call: RestCall, account: Int) throws(VenueError) -> [UInt8] {
        let book = try symbolBook(call)
        let mode = try call.text("cancelReplaceMode")
        guard mode == "STOP_ON_FAILURE" || mode == "ALLOW_FAILURE" else { throw .malformed("cancelReplaceMode") }
        var query = QueryString()
        if let id = call.query["cancelOrderId"] { query.append("orderId", id) }
        if let name = call.query["cancelOrigClientOrderId"] { query.append("origClientOrderId", name) }
        var cancelBody = VenueError.unknownOrder.json
        var hasCanceled = false
        if let order = try find(query, account: account, book: book), order.isOpen {
            cancel(order)
            hasCanceled = true
            if let canceled = orders[order.wire.orderId] { cancelBody = canceledBody(canceled, requestId: call.query["cancelNewClientOrderId"]) }
        } else if mode == "STOP_ON_FAILURE" {
            throw VenueError(-2022, "Order cancel-replace failed.")
        }
        let placed = try placeAnswer(call.query, market: .spot, account: account)
        return object { out in
            out.field("cancelResult", hasCanceled ? "SUCCESS" : "FAILURE")
            out.field("newOrderResult", "SUCCESS")
            out.name("cancelResponse")
            out.embed(cancelBody)
            out.name("newOrderResponse")
            out.embed(placed)
        }
    }
}
