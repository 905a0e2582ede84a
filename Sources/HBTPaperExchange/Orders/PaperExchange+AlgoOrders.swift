import HBTBinance

/// Conditional orders of futures by the venue's newer calls (`algoOrder`). They are the same orders as those of `order`: an algo id is
/// an order's number, and both ways find both.
extension PaperExchange {
    /// nil when the call is none of these.
    func algoAnswer(_ call: RestCall, account: Int) throws(VenueError) -> [UInt8]? {
        guard call.market.isFutures else { return nil }
        switch (call.method, call.name) {
        case ("POST", "algoOrder"):
            guard try call.text("algoType") == "CONDITIONAL" else { throw .malformed("algoType") }
            let book = try symbolBook(call)
            let asked = try OrderParameters(Self.orderQuery(call.query), market: call.market)
            guard asked.trigger != nil else { throw .badOrderType }
            let id = try place(asked, account: account, book: book)
            guard let order = orders[id] else { throw .unknown }
            return algoBody(order)
        case ("GET", "algoOrder"):
            guard let order = try findAlgo(call, account) else { throw .noSuchOrder }
            return algoBody(order)
        case ("DELETE", "algoOrder"):
            guard let order = try findAlgo(call, account), order.isOpen else { throw .unknownOrder }
            cancel(order)
            return object { out in
                out.field("algoId", order.wire.orderId)
                out.field("clientAlgoId", order.wire.clientOrderId)
                out.field("code", "200")
                out.field("msg", "success")
            }
        case ("DELETE", "algoOpenOrders"):
            let book = try symbolBook(call)
            for id in conditional { if let order = orders[id], order.account == account, order.book == book { cancel(order) } }
            return object { out in
                out.field("code", 200)
                out.field("msg", "The operation of cancel all open order is done.")
            }
        case ("GET", "openAlgoOrders"):
            let chosen = try chosenBooks(call)
            let open = conditional.compactMap { orders[$0] }.filter { $0.account == account && chosen.contains($0.book) }
            return list { out in for order in open { out.embed(algoBody(order)) } }
        case ("GET", "allAlgoOrders"):
            let book = try symbolBook(call), limit = try call.limit(500, upTo: 1000)
            let mine = (closedOrders + openOrders).sorted().compactMap { orders[$0] }.filter {
                $0.account == account && $0.book == book && Self.isConditional($0)
            }
            return list { out in for order in mine.suffix(limit) { out.embed(algoBody(order)) } }
        default: return nil
        }
    }

    /// The same order in the words of `order`.
    private static func orderQuery(_ query: QueryString) -> QueryString {
        let renamed = ["triggerPrice": "stopPrice", "clientAlgoId": "newClientOrderId"]
        return QueryString(query.items.map { (renamed[$0.name] ?? $0.name, $0.value) })
    }

    private static func isConditional(_ order: PaperOrder) -> Bool { order.trigger != nil || order.wire.originalType ?? order.wire.type != order.wire.type }

    private func findAlgo(_ call: RestCall, _ account: Int) throws(VenueError) -> PaperOrder? {
        let found: PaperOrder?
        if let id = try call.integer("algoId") {
            found = orders[id]
        } else {
            let name = try call.text("clientAlgoId")
            found = (openOrders.reversed() + closedOrders.reversed()).lazy.compactMap { self.orders[$0] }.first {
                $0.account == account && $0.wire.clientOrderId == name
            }
        }
        return found.flatMap { $0.account == account && books[$0.book].rules.market == call.market ? $0 : nil }
    }

    private func algoBody(_ order: PaperOrder) -> [UInt8] {
        let wire = order.wire
        // What has fired is an order of its own number, which goes its way.
        let status = order.trigger != nil ? wire.status.rawValue : wire.status == .canceled ? "CANCELED" : order.isOpen ? "TRIGGERED" : "FINISHED"
        return object { out in
            out.field("algoId", wire.orderId)
            out.field("clientAlgoId", wire.clientOrderId)
            out.field("algoType", "CONDITIONAL")
            out.field("orderType", wire.originalType ?? wire.type)
            out.field("symbol", wire.symbol)
            out.field("side", wire.side.rawValue)
            out.field("positionSide", wire.positionSide)
            out.field("timeInForce", wire.timeInForce)
            out.field("quantity", wire.originalQuantity)
            out.field("algoStatus", status)
            out.field("actualOrderId", order.trigger == nil ? String(wire.orderId) : "")
            out.field("actualPrice", wire.averagePrice)
            out.field("triggerPrice", wire.stopPrice)
            out.field("price", wire.price)
            out.field("selfTradePreventionMode", wire.selfTradePrevention)
            out.field("workingType", wire.workingType)
            out.field("priceMatch", "NONE")
            out.field("closePosition", wire.isClosePosition)
            out.field("priceProtect", false)
            out.field("reduceOnly", wire.isReduceOnly)
            if let callbackRate = wire.callbackRate {
                out.field("activatePrice", wire.activatePrice ?? .zero)
                out.field("callbackRate", callbackRate)
            }
            out.field("createTime", wire.timeMs)
            out.field("updateTime", wire.updateMs)
            out.field("triggerTime", order.trigger == nil ? wire.updateMs : 0)
            out.field("goodTillDate", wire.goodTillMs)
        }
    }
}
