import HBTBinance
import HBTEngine
import HBTTypes

/// Order lists of spot: a limit order and a stop on the two sides of the price, of which one ends the other (OCO).
extension PaperExchange {
    /// One leg as asked for, in the words of a single order.
    private struct Leg {
        var query: QueryString
        var isLimit: Bool
    }

    /// `POST order/oco`: the older call, whose parameters say which leg they are for.
    func oldListAnswer(_ query: QueryString, account: Int) throws(VenueError) -> [UInt8] {
        for name in ["symbol", "side", "quantity", "price", "stopPrice"] where query[name]?.isEmpty ?? true { throw .missing(name) }
        var limit = Self.common(query), stop = limit
        limit.append("type", "LIMIT_MAKER")
        limit.append("price", query["price"] ?? "")
        if let id = query["limitClientOrderId"] { limit.append("newClientOrderId", id) }
        let isLimited = query["stopLimitPrice"] != nil
        stop.append("type", isLimited ? "STOP_LOSS_LIMIT" : "STOP_LOSS")
        stop.append("stopPrice", query["stopPrice"] ?? "")
        if isLimited {
            guard let time = query["stopLimitTimeInForce"] else { throw .missing("stopLimitTimeInForce") }
            stop.append("price", query["stopLimitPrice"] ?? "")
            stop.append("timeInForce", time)
        }
        if let id = query["stopClientOrderId"] { stop.append("newClientOrderId", id) }
        return try placeList(query, legs: [Leg(query: stop, isLimit: false), Leg(query: limit, isLimit: true)], account: account)
    }

    /// `POST orderList/oco`: each leg by whether it is above or below the price.
    func listAnswer(_ query: QueryString, account: Int) throws(VenueError) -> [UInt8] {
        for name in ["symbol", "side", "quantity", "aboveType", "belowType"] where query[name]?.isEmpty ?? true { throw .missing(name) }
        var legs: [Leg] = []
        for place in ["below", "above"] {
            var leg = Self.common(query)
            let type = query["\(place)Type"] ?? ""
            leg.append("type", type)
            for (name, standard) in [("Price", "price"), ("StopPrice", "stopPrice"), ("TimeInForce", "timeInForce"), ("ClientOrderId", "newClientOrderId")] {
                if let value = query[place + name], !value.isEmpty { leg.append(standard, value) }
            }
            legs.append(Leg(query: leg, isLimit: type == "LIMIT_MAKER"))
        }
        return try placeList(query, legs: legs, account: account)
    }

    private static func common(_ query: QueryString) -> QueryString {
        QueryString(["symbol", "side", "quantity"].map { ($0, query[$0] ?? "") })
    }

    private func placeList(_ query: QueryString, legs: [Leg], account: Int) throws(VenueError) -> [UInt8] {
        guard let index = book(.spot, query["symbol"] ?? "") else { throw .badSymbol }
        guard legs.count(where: \.isLimit) == 1 else { throw VenueError(-1158, "Order list legs' types do not form an OCO.") }
        var asked: [OrderParameters] = []
        for leg in legs { asked.append(try OrderParameters(leg.query, market: .spot)) }
        let clientId = query["listClientOrderId"].flatMap { $0.isEmpty ? nil : $0 } ?? "hbt-list-\(nextListId)"
        guard !lists.contains(where: { !$0.isDone && $0.account == account && $0.clientId == clientId }) else { throw .duplicateOrder }
        try checkPrices(asked, legs, book: books[index])
        // The stop first: it holds what either may cost. The other needs nothing of its own.
        let listId = nextListId
        var placed: [Int64] = []
        for leg in legs.indices.sorted(by: { !legs[$0].isLimit && legs[$1].isLimit }) {
            do throws(VenueError) {
                let id = try place(asked[leg], account: account, book: index, listId: listId, sharing: placed.first)
                placed.append(id)
            } catch {
                for id in placed { if let order = orders[id] { cancel(order) } }
                throw error
            }
        }
        nextListId += 1
        let shown = legs.first?.isLimit == true ? placed.reversed() : placed
        let list = PaperOrderList(id: listId, account: account, book: index, clientId: clientId, orders: Array(shown), updateMs: nowMs)
        if lists.count >= 2 * Self.keptLists { lists.removeFirst(Self.keptLists) }
        lists.append(list)
        tellList(list)
        return listBody(list, withReports: true)
    }

    /// The limit order on one side of the last price, the stop on the other.
    private func checkPrices(_ asked: [OrderParameters], _ legs: [Leg], book: PaperBook) throws(VenueError) {
        guard let reference = book.referencePrice else { throw .noDepth }
        for (order, leg) in zip(asked, legs) {
            let price = (leg.isLimit ? order.price : order.trigger?.price)?.double ?? 0
            let isAbove = leg.isLimit == (order.side == .sell)
            guard isAbove ? price > reference : price < reference else {
                throw VenueError(-2010, "The relationship of the prices for the orders is not correct.")
            }
        }
    }

    /// One leg begins to execute or to rest as the order it becomes: the other ends, and what it held is this one's.
    func endSibling(of order: PaperOrder) {
        guard order.wire.listId >= 0, let at = lists.firstIndex(where: { $0.id == order.wire.listId }) else { return }
        for id in lists[at].orders where id != order.wire.orderId {
            guard let other = orders[id], other.isOpen else { continue }
            if other.held.units > 0 {
                orders[id]?.held = .zero
                orders[order.wire.orderId]?.held += other.held
            }
            withdraw(other)
            finish(id, status: .expired, execution: "EXPIRED")
        }
    }

    /// Takes an order out of the book without telling anyone.
    func withdraw(_ order: PaperOrder) {
        var request = Order(orderId: UInt64(order.wire.orderId), side: order.isBuy ? .buy : .sell, priceTick: order.priceTick, quantity: 0, localNs: nowNs)
        request.request = .canceled
        _ = books[order.book].venue.handle(request, at: nowNs)
    }

    /// An order of a list is over: without one that is open the list is.
    func noteListOrder(_ order: PaperOrder) {
        guard order.wire.listId >= 0, let at = lists.firstIndex(where: { $0.id == order.wire.listId }), !lists[at].isDone else { return }
        // A cancelled leg takes the other with it.
        if order.wire.status == .canceled {
            for id in lists[at].orders where id != order.wire.orderId { if let other = orders[id], other.isOpen { return cancel(other) } }
        }
        guard lists[at].orders.allSatisfy({ orders[$0]?.isOpen != true }) else { return }
        lists[at].isDone = true
        lists[at].updateMs = nowMs
        tellList(lists[at])
    }

    private func tellList(_ list: PaperOrderList) {
        let payload = encoded { out in
            out.beginObject()
            out.field("e", "listStatus")
            out.field("E", shownMs)
            out.field("s", books[list.book].rules.symbol)
            out.field("g", list.id)
            out.field("c", "OCO")
            out.field("l", list.isDone ? "ALL_DONE" : "EXEC_STARTED")
            out.field("L", list.isDone ? "ALL_DONE" : "EXECUTING")
            out.field("r", "NONE")
            out.field("C", list.clientId)
            out.field("T", list.updateMs)
            out.name("O")
            out.beginArray()
            for id in list.orders {
                out.beginObject()
                out.field("s", books[list.book].rules.symbol)
                out.field("i", id)
                out.field("c", orders[id]?.wire.clientOrderId ?? "")
                out.endObject()
            }
            out.endArray()
            out.endObject()
        }
        tell(account: list.account, market: .spot, payload: payload)
    }

    // MARK: queries

    func orderListAnswer(_ call: RestCall, account: Int) throws(VenueError) -> [UInt8]? {
        guard call.market == .spot else { return nil }
        switch (call.method, call.name) {
        case ("POST", "order/oco"): return try oldListAnswer(call.query, account: account)
        case ("POST", "orderList/oco"): return try listAnswer(call.query, account: account)
        case ("GET", "orderList"):
            guard let list = try findList(call, account, idName: "origClientOrderId") else { throw VenueError(-2018, "Order list does not exist.") }
            return listBody(list)
        case ("DELETE", "orderList"):
            guard let list = try findList(call, account, idName: "listClientOrderId"), !list.isDone else { throw .unknownOrder }
            for id in list.orders { if let order = orders[id], order.isOpen { cancel(order) } }
            return listBody(lists.first { $0.id == list.id } ?? list, withReports: true)
        case ("GET", "openOrderList"): return list { out in for entry in lists where entry.account == account && !entry.isDone { out.embed(listBody(entry)) } }
        case ("GET", "allOrderList"):
            let limit = try call.limit(500, upTo: 1000), from = try call.integer("fromId") ?? .min
            let mine = lists.filter { $0.account == account && $0.id >= from }
            return list { out in for entry in mine.suffix(limit) { out.embed(listBody(entry)) } }
        default: return nil
        }
    }

    private func findList(_ call: RestCall, _ account: Int, idName: String) throws(VenueError) -> PaperOrderList? {
        if let id = try call.integer("orderListId") { return lists.last { $0.account == account && $0.id == id } }
        let name = try call.text(idName)
        return lists.last { $0.account == account && $0.clientId == name }
    }

    private func listBody(_ list: PaperOrderList, withReports: Bool = false) -> [UInt8] {
        object { out in
            out.field("orderListId", list.id)
            out.field("contingencyType", "OCO")
            out.field("listStatusType", list.isDone ? "ALL_DONE" : "EXEC_STARTED")
            out.field("listOrderStatus", list.isDone ? "ALL_DONE" : "EXECUTING")
            out.field("listClientOrderId", list.clientId)
            out.field("transactionTime", list.updateMs)
            out.field("symbol", books[list.book].rules.symbol)
            out.name("orders")
            out.beginArray()
            for id in list.orders {
                out.beginObject()
                out.field("symbol", books[list.book].rules.symbol)
                out.field("orderId", id)
                out.field("clientOrderId", orders[id]?.wire.clientOrderId ?? "")
                out.endObject()
            }
            out.endArray()
            guard withReports else { return }
            out.name("orderReports")
            out.beginArray()
            for id in list.orders {
                guard let order = orders[id] else { continue }
                if order.wire.status == .canceled {
                    order.wire.encodeSpotCancel(into: &out, requestId: "cancel-\(id)")
                } else {
                    order.wire.encodeSpotPlaced(into: &out, detail: .result, fills: [])
                }
            }
            out.endArray()
        }
    }
}
