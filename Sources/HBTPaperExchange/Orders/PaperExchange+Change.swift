import HBTBinance
import HBTEngine
import HBTTypes

/// Cancelling and modifying.
extension PaperExchange {
    /// The order that a request names by `orderId` or `origClientOrderId`, open or closed.
    func find(_ query: QueryString, account: Int, book: Int) throws(VenueError) -> PaperOrder? {
        if let text = query["orderId"], !text.isEmpty {
            guard let id = Int64(text) else { throw .illegal("orderId") }
            guard let order = orders[id], order.account == account, order.book == book else { return nil }
            return order
        }
        guard let name = query["origClientOrderId"], !name.isEmpty else {
            throw VenueError(-1102, "Param 'origClientOrderId' or 'orderId' must be sent, but both were empty/null!")
        }
        let newestFirst = openOrders.reversed() + closedOrders.reversed()
        return newestFirst.first { isNamed($0, name, account: account, book: book) }.flatMap { orders[$0] }
    }

    func cancel(_ order: PaperOrder) {
        var request = Order(orderId: UInt64(order.wire.orderId), side: order.isBuy ? .buy : .sell, priceTick: order.priceTick, quantity: 0, localNs: nowNs)
        request.request = .canceled
        _ = books[order.book].venue.handle(request, at: nowNs)
        takeAnswers(book: order.book)
        // An order the matching engine does not know any more is gone all the same.
        finish(order.wire.orderId, status: .canceled, execution: "CANCELED")
    }

    func cancelAll(account: Int, book: Int) -> [Int64] {
        let mine = openOrders.filter { orders[$0]?.account == account && orders[$0]?.book == book }
        for id in mine { if let order = orders[id] { cancel(order) } }
        return mine
    }

    /// Futures: a new price or quantity for an open order. A larger quantity or another price loses the place in the queue.
    func modify(_ order: PaperOrder, price: WireDecimal, quantity: WireDecimal) throws(VenueError) {
        // The venue amends limit orders alone.
        guard order.trigger == nil else { throw .badOrderType }
        let book = books[order.book], rules = book.rules
        let amounts = try rules.check(price: price, quantity: quantity, reference: book.referencePrice, openOrders: 0, isReduceOnly: order.wire.isReduceOnly)
        guard amounts.priceTick != order.priceTick || amounts.lots != order.lots else { throw .noChangeInOrder }
        guard amounts.lots > order.filledLots else {
            cancel(order)
            return
        }
        let depth = book.venue.depth
        let crosses = order.isBuy ? amounts.priceTick >= depth.bestAskTick : amounts.priceTick <= depth.bestBidTick
        if order.wire.timeInForce == "GTX", crosses { throw .postOnlyRejected }
        var changed = order
        changed.priceTick = amounts.priceTick
        changed.lots = amounts.lots
        changed.wire.price = rules.price(tick: amounts.priceTick)
        changed.wire.originalQuantity = rules.quantity(lots: amounts.lots)
        changed.wire.updateMs = nowMs
        orders[order.wire.orderId] = changed
        tellOrder(changed) { $0.execution = "AMENDMENT" }
        var request = Order(
            orderId: UInt64(order.wire.orderId), side: order.isBuy ? .buy : .sell, timeInForce: order.wire.timeInForce == "GTX" ? .gtx : .gtc,
            priceTick: amounts.priceTick, quantity: Double(amounts.lots - order.filledLots) * rules.lot.size.double, localNs: nowNs)
        request.request = .replaced
        _ = book.venue.handle(request, at: nowNs)
        takeAnswers(book: order.book)
    }

    func runCountdowns() {
        let due = countdowns.filter { $0.dueNs <= nowNs }
        countdowns.removeAll { $0.dueNs <= nowNs }
        for entry in due { _ = cancelAll(account: entry.account, book: entry.book) }
    }
}
