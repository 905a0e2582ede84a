import HBTBinance
import HBTEngine
import HBTTypes

extension PaperExchange {
    /// Takes a new order in, from filters to fills.
    ///
    /// - Parameters:
    ///   - listId: the order list it belongs to; -1 for none.
    ///   - sharing: which order of it holds what this one may cost.
    /// - Returns: its number. The order may be finished already.
    func place(
        _ wanted: OrderParameters, account: Int, book index: Int, listId: Int64 = -1, sharing: Int64? = nil
    ) throws(VenueError) -> Int64 {
        let book = books[index]
        let asked = try inMode(wanted, account: account, market: book.rules.market)
        let rules = book.rules
        let isSpot = rules.market == .spot
        if let id = asked.clientOrderId, openOrders.contains(where: { isNamed($0, id, account: account, book: index) }) {
            throw isSpot ? .duplicateOrder : .duplicateClientOrderId
        }
        if asked.trigger != nil { return try placeConditional(asked, account: account, book: index, listId: listId) }
        let depth = book.venue.depth
        let isBuy = asked.side == .buy
        let opposite = isBuy ? depth.bestAskTick : depth.bestBidTick
        let hasOpposite = isBuy ? depth.bestAskTick != .max : depth.bestBidTick != .min
        if asked.price == nil, !hasOpposite { throw isSpot ? .noDepth : .marketPriceBound }
        let quantity = try quantity(of: asked, book: book, tick: opposite)
        let open = openOrders.count { orders[$0]?.account == account && orders[$0]?.book == index }
        var amounts = try rules.check(
            price: asked.price, quantity: quantity, reference: book.referencePrice, openOrders: open, isReduceOnly: asked.isReduceOnly)
        if asked.price == nil { amounts.priceTick = opposite }
        if asked.timeInForce == .gtx, hasOpposite, isBuy ? amounts.priceTick >= opposite : amounts.priceTick <= opposite {
            throw isSpot ? .wouldTake : .postOnlyRejected
        }
        if asked.isReduceOnly { amounts.lots = try reducible(amounts.lots, isBuy: isBuy, asked.positionSide, account: account, book: index) }

        var wire = WireOrder(
            symbol: rules.symbol, pair: book.pair, orderId: nextOrderId, clientOrderId: asked.clientOrderId ?? "hbt-\(nextOrderId)", side: asked.side,
            type: asked.type, timeInForce: asked.timeInForceWord, price: asked.price.flatMap { rules.price($0) } ?? rules.price(tick: 0),
            originalQuantity: rules.quantity(lots: amounts.lots), timeMs: nowMs)
        wire.isReduceOnly = asked.isReduceOnly
        wire.positionSide = asked.positionSide.rawValue
        wire.cumulativeQuote = WireDecimal(mantissa: 0, digits: isSpot ? 8 : rules.priceDigits)
        wire.stopPrice = rules.price(tick: 0)
        var order = PaperOrder(wire: wire, account: account, book: index, priceTick: amounts.priceTick, lots: amounts.lots)
        order.wire.listId = listId
        let price = Double(amounts.priceTick) * rules.tick.size.double
        if let other = sharing { try holdMore(other, order, price: price) } else { try hold(&order, price: price) }
        nextOrderId += 1
        let id = order.wire.orderId
        orders[id] = order
        openOrders.append(id)
        tellOrder(order) { _ in }
        if isSpot { tellAccount(account, book: index) }

        var request = Order(
            orderId: UInt64(id), side: isBuy ? .buy : .sell, type: asked.price == nil ? .market : .limit, timeInForce: asked.timeInForce,
            priceTick: amounts.priceTick, quantity: Double(amounts.lots) * rules.lot.size.double, localNs: nowNs)
        request.request = .new
        if book.venue.handle(request, at: nowNs) != .ok { finish(id, status: .rejected, execution: "REJECTED") }
        takeAnswers(book: index)
        return id
    }

    /// Which position an order may be for depends on the account's mode. In hedge mode the side says whether it opens or closes.
    private func inMode(_ asked: OrderParameters, account: Int, market: VenueMarket) throws(VenueError) -> OrderParameters {
        guard market.isFutures else { return asked }
        let isHedged = accounts[account].isHedged[Self.index(market)]
        guard isHedged == (asked.positionSide != .both) else { throw .positionSideMismatch }
        guard isHedged else { return asked }
        if asked.sendsReduceOnly { throw VenueError(-1106, "Parameter 'reduceonly' sent when not required.") }
        var order = asked
        order.isReduceOnly = (asked.side == .sell) == (asked.positionSide == .long)
        return order
    }

    func isNamed(_ orderId: Int64, _ name: String, account: Int, book: Int) -> Bool {
        guard let order = orders[orderId] else { return false }
        return order.account == account && order.book == book && order.wire.clientOrderId == name
    }

    /// As asked for, or as much as a spot market order's money buys at the best price.
    func quantity(of asked: OrderParameters, book: PaperBook, tick: Int64) throws(VenueError) -> WireDecimal {
        if let quantity = asked.quantity { return quantity }
        guard let quote = asked.quoteQuantity, quote.mantissa > 0 else { throw .missing("quantity") }
        let price = Double(tick) * book.rules.tick.size.double
        let lots = (quote.double / price / book.rules.lot.size.double).rounded(.down)
        guard lots >= 1, lots < 9e15, let value = book.rules.lot.value(Int64(lots)) else { throw .filter("LOT_SIZE") }
        return value
    }

    /// Lots that only make the position smaller.
    func reducible(_ lots: Int64, isBuy: Bool, _ side: PositionSide, account: Int, book: Int) throws(VenueError) -> Int64 {
        let position = positions[account][book][side].lots
        guard position != 0, (position < 0) == isBuy else { throw .reduceOnlyRejected }
        return min(lots, Int64(clamping: position.magnitude))
    }

    /// Spot: sets aside what the order may cost. Futures: checks that the margin is there.
    func hold(_ order: inout PaperOrder, price: Double) throws(VenueError) {
        let rules = books[order.book].rules
        let slot = Self.index(rules.market)
        if rules.market == .spot {
            let asset = order.isBuy ? rules.quoteAsset : rules.baseAsset
            let quantity = Double(order.lots) * rules.lot.size.double
            let isMarket = order.wire.type == "MARKET"
            let cost = isMarket ? books[order.book].cost(ofBuying: order.lots) : quantity * price
            let need = Money(order.isBuy ? cost : quantity)
            guard accounts[order.account].wallets[slot][asset].free >= need else { throw .insufficientBalance }
            accounts[order.account].wallets[slot][asset].free -= need
            accounts[order.account].wallets[slot][asset].locked += need
            order.held = need
            return
        }
        guard !order.wire.isReduceOnly else { return }
        let position = positions[order.account][order.book][order.positionSide]
        let opposes = position.lots.signum() == (order.isBuy ? -1 : 1)
        let increasing = opposes ? max(0, order.lots - Int64(clamping: position.lots.magnitude)) : order.lots
        let need = books[order.book].value(lots: increasing, price: price) / Double(positions[order.account][order.book].leverage)
        if need > available(account: order.account, market: rules.market, asset: rules.marginAsset).double { throw .insufficientMargin }
    }

    /// Spot: an order list holds what the dearer of its orders costs, all of it by one of them.
    private func holdMore(_ other: Int64, _ order: PaperOrder, price: Double) throws(VenueError) {
        guard let holder = orders[other] else { return }
        let rules = books[order.book].rules, slot = Self.index(.spot)
        let asset = order.isBuy ? rules.quoteAsset : rules.baseAsset
        let quantity = Double(order.lots) * rules.lot.size.double
        let more = Money(order.isBuy ? quantity * price : quantity) - holder.held
        guard more > .zero else { return }
        guard accounts[order.account].wallets[slot][asset].free >= more else { throw .insufficientBalance }
        accounts[order.account].wallets[slot][asset].free -= more
        accounts[order.account].wallets[slot][asset].locked += more
        orders[other]?.held += more
    }

    /// Futures: what new orders may use of an asset.
    func available(account: Int, market: VenueMarket, asset: String) -> Money {
        var sum = accounts[account].wallets[Self.index(market)][asset].free
        for index in books.indices where books[index].rules.market == market && books[index].rules.marginAsset == asset {
            sum += unrealized(account: account, book: index)
            sum -= positionMargin(account: account, book: index)
            sum -= orderMargin(account: account, book: index)
        }
        return sum
    }

    func positionMargin(account: Int, book index: Int) -> Money {
        let held = positions[account][index]
        return Money(books[index].value(lots: held.grossLots, price: books[index].markPrice) / Double(held.leverage))
    }

    /// - Parameter side: of one position's orders; nil for all.
    func orderMargin(account: Int, book index: Int, _ side: PositionSide? = nil) -> Money {
        var sum = Money.zero
        for id in openOrders {
            guard let order = orders[id], order.account == account, order.book == index, !order.wire.isReduceOnly,
                side == nil || order.positionSide == side
            else { continue }
            let price = Double(order.priceTick) * books[index].rules.tick.size.double
            sum += Money(books[index].value(lots: order.lots - order.filledLots, price: price) / Double(positions[account][index].leverage))
        }
        return sum
    }
}
