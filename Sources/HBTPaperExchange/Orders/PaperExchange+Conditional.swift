import HBTBinance
import HBTEngine
import HBTTypes

/// Orders that wait for a price: stops and take-profits.
extension PaperExchange {
    /// Takes a conditional order in; the book sees nothing of it before its trigger.
    func placeConditional(_ asked: OrderParameters, account: Int, book index: Int, listId: Int64) throws(VenueError) -> Int64 {
        let book = books[index], rules = book.rules
        guard let condition = asked.trigger else { throw .badOrderType }
        let isBuy = asked.side == .buy
        let stopTick = try triggerTick(condition, isBuy: isBuy, book)
        let trigger = PaperTrigger(
            tick: stopTick, isAbove: condition.isStop == isBuy, isByMark: condition.isByMark, timeInForce: asked.timeInForce, isMarket: asked.price == nil,
            trail: condition.callbackRate.map { $0.double / 100 })
        if let price = watched(trigger, book), trigger.fires(at: price, tickSize: rules.tick.size.double) { throw .wouldTrigger }
        var amounts = SymbolRules.Amounts(priceTick: stopTick, lots: 0)
        if !asked.closesPosition {
            let open = openOrders.count { orders[$0]?.account == account && orders[$0]?.book == index }
            amounts = try rules.check(
                price: asked.price, quantity: try quantity(of: asked, book: book, tick: stopTick), reference: Double(stopTick) * rules.tick.size.double,
                openOrders: open,
                isReduceOnly: asked.isReduceOnly)
            if asked.price == nil { amounts.priceTick = stopTick }
        }
        var wire = WireOrder(
            symbol: rules.symbol, pair: book.pair, orderId: nextOrderId, clientOrderId: asked.clientOrderId ?? "hbt-\(nextOrderId)", side: asked.side,
            type: asked.type, timeInForce: asked.timeInForceWord, price: asked.price.flatMap { rules.price($0) } ?? rules.price(tick: 0),
            originalQuantity: rules.quantity(lots: amounts.lots), timeMs: nowMs)
        wire.isReduceOnly = asked.isReduceOnly
        wire.isClosePosition = asked.closesPosition
        wire.positionSide = asked.positionSide.rawValue
        wire.workingType = condition.isByMark ? "MARK_PRICE" : "CONTRACT_PRICE"
        wire.cumulativeQuote = WireDecimal(mantissa: 0, digits: rules.market == .spot ? 8 : rules.priceDigits)
        wire.stopPrice = rules.price(tick: stopTick)
        wire.callbackRate = condition.callbackRate
        if condition.callbackRate != nil { wire.activatePrice = rules.price(tick: stopTick) }
        wire.isWorking = false
        wire.listId = listId
        var order = PaperOrder(wire: wire, account: account, book: index, priceTick: amounts.priceTick, lots: amounts.lots)
        order.trigger = trigger
        try hold(&order, price: Double(amounts.priceTick) * rules.tick.size.double)
        nextOrderId += 1
        let id = order.wire.orderId
        orders[id] = order
        openOrders.append(id)
        conditional.append(id)
        tellOrder(order) { _ in }
        if rules.market == .spot { tellAccount(account, book: index) }
        return id
    }

    /// The level of a trigger; a trailing stop without one starts at the present price, and with one may not have passed it.
    private func triggerTick(_ condition: OrderParameters.Trigger, isBuy: Bool, _ book: PaperBook) throws(VenueError) -> Int64 {
        guard condition.callbackRate != nil else {
            guard condition.price.mantissa > 0, let tick = book.rules.tick.steps(condition.price) else { throw .priceNotOnTick }
            return tick
        }
        guard let price = watched(isByMark: condition.isByMark, book) else { throw .noDepth }
        let here = book.venue.tick(price)
        guard condition.price.mantissa != 0 else { return here }
        guard let tick = book.rules.tick.steps(condition.price), isBuy ? tick < here : tick > here else {
            throw VenueError(-4135, "Invalid activation price.")
        }
        return tick
    }

    /// The price that a trigger looks at; nil before there is one.
    private func watched(_ trigger: PaperTrigger, _ book: PaperBook) -> Double? { watched(isByMark: trigger.isByMark, book) }

    private func watched(isByMark: Bool, _ book: PaperBook) -> Double? {
        if isByMark { return book.markPrice > 0 ? book.markPrice : nil }
        return book.trades.last.map { Double($0.tick) * book.rules.tick.size.double } ?? book.referencePrice
    }

    /// Wakes the orders of a book whose price has come, oldest first.
    func fireTriggers(book index: Int) {
        guard !conditional.isEmpty else { return }
        let book = books[index]
        for id in conditional {
            guard let order = orders[id], order.book == index, var trigger = order.trigger, let price = watched(trigger, book) else { continue }
            if trigger.trail != nil {
                trigger.follow(price, tickSize: book.rules.tick.size.double)
                orders[id]?.trigger = trigger
            }
            guard trigger.fires(at: price, tickSize: book.rules.tick.size.double)
            else { continue }
            wake(order, trigger)
        }
    }

    private func wake(_ waiting: PaperOrder, _ trigger: PaperTrigger) {
        endSibling(of: waiting)
        var order = orders[waiting.wire.orderId] ?? waiting
        let id = order.wire.orderId, book = books[order.book], rules = book.rules
        conditional.removeAll { $0 == id }
        order.trigger = nil
        order.wire.originalType = order.wire.type
        order.wire.type = trigger.isMarket ? "MARKET" : "LIMIT"
        order.wire.isWorking = true
        order.wire.updateMs = nowMs
        let depth = book.venue.depth
        let opposite = order.isBuy ? depth.bestAskTick : depth.bestBidTick
        let hasOpposite = order.isBuy ? depth.bestAskTick != .max : depth.bestBidTick != .min
        if trigger.isMarket, hasOpposite { order.priceTick = opposite }
        if order.wire.isReduceOnly {
            let wanted = order.wire.isClosePosition ? Int64.max : order.lots
            order.lots = (try? reducible(wanted, isBuy: order.isBuy, order.positionSide, account: order.account, book: order.book)) ?? 0
            order.wire.originalQuantity = rules.quantity(lots: order.lots)
        }
        orders[id] = order
        guard order.lots > 0, hasOpposite || !trigger.isMarket else { return finish(id, status: .expired, execution: "EXPIRED") }
        tellOrder(order) { _ in }
        var request = Order(
            orderId: UInt64(id), side: order.isBuy ? .buy : .sell, type: trigger.isMarket ? .market : .limit, timeInForce: trigger.timeInForce,
            priceTick: order.priceTick, quantity: Double(order.lots) * rules.lot.size.double, localNs: nowNs)
        request.request = .new
        if book.venue.handle(request, at: nowNs) != .ok { finish(id, status: .rejected, execution: "REJECTED") }
        takeAnswers(book: order.book)
    }
}
