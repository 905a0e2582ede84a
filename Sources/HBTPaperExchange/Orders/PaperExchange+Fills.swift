import HBTBinance
import HBTEngine
import HBTTypes

extension PaperExchange {
    /// Books what the matching engine has answered.
    func takeAnswers(book index: Int) {
        while let answer = books[index].venue.nextAnswer() {
            let id = Int64(clamping: answer.orderId)
            guard let order = orders[id], order.isOpen else { continue }
            if answer.executionId != 0 {
                fill(id, lots: books[index].venue.lots(answer.executedQuantity), tick: answer.executedPriceTick, isMaker: answer.isMaker)
            } else if answer.status == .expired {
                finish(id, status: .expired, execution: "EXPIRED")
            } else if answer.status == .canceled {
                finish(id, status: .canceled, execution: "CANCELED")
            }
        }
    }

    private func fill(_ id: Int64, lots executed: Int64, tick: Int64, isMaker: Bool) {
        if let listed = orders[id], listed.wire.listId >= 0 { endSibling(of: listed) }
        guard var order = orders[id] else { return }
        // A reduce-only order may have become smaller since.
        let lots = min(executed, order.lots - order.filledLots)
        guard lots > 0 else { return }
        let book = books[order.book]
        let rules = book.rules
        let price = Double(tick) * rules.tick.size.double
        let value = book.value(lots: lots, price: price)
        order.filledLots += lots
        order.filledTickLots &+= tick &* lots
        order.filledBase += Double(lots) / price
        order.wire.executedQuantity = rules.quantity(lots: order.filledLots)
        order.wire.status = order.filledLots >= order.lots ? .filled : .partiallyFilled
        order.wire.updateMs = nowMs
        setValues(&order, book)

        var commission = Money(value * (isMaker ? book.settings.makerRate : book.settings.takerRate))
        var asset = rules.marginAsset
        var realized = Money.zero
        if rules.market == .spot {
            (commission, asset) = settleSpot(&order, lots: lots, value: value, isMaker: isMaker)
        } else {
            let side = order.positionSide
            let (closed, entry) = positions[order.account][order.book][side].take(
                order.isBuy ? lots : -lots, at: price, isInverse: rules.market == .coinMargined)
            realized = profit(book, closed: closed, entry: entry, exit: price)
            positions[order.account][order.book][side].realized += realized
            positions[order.account][order.book][side].updateMs = nowMs
            let slot = Self.index(rules.market)
            accounts[order.account].wallets[slot][asset].free += realized - commission
            accounts[order.account].wallets[slot][asset].updateMs = nowMs
        }
        let lastPrice = rules.price(tick: tick), lastQuantity = rules.quantity(lots: lots)
        let tradeId = nextFillId
        nextFillId += 1
        order.fills.append(SpotFill(price: lastPrice, quantity: lastQuantity, commission: commission.wire, commissionAsset: asset, tradeId: tradeId))
        if fills.count >= 2 * Self.keptOrders { fills.removeFirst(Self.keptOrders) }
        fills.append(PaperFill(
            account: order.account, book: order.book, id: tradeId, orderId: id, side: order.wire.side, positionSide: order.positionSide,
            price: lastPrice, quantity: lastQuantity,
            quote: Money(value), commission: commission, commissionAsset: asset, realized: realized, isMaker: isMaker, timeMs: nowMs))
        orders[id] = order
        if !order.isOpen { retire(id) }
        if rules.market.isFutures { tellAccount(order.account, book: order.book) }
        tellOrder(order) { update in
            update.execution = "TRADE"
            update.lastPrice = lastPrice
            update.lastQuantity = lastQuantity
            update.commission = commission.wire
            update.commissionAsset = asset
            update.tradeId = tradeId
            update.isMaker = isMaker
            update.realizedProfit = realized.wire
        }
        if !order.isOpen { noteListOrder(order) }
        if rules.market == .spot { tellAccount(order.account, book: order.book) } else { trimReducing(order.account, order.book, order.positionSide) }
    }

    /// Reduce-only orders in the book never hold more than there is to reduce: they shrink with the position, and expire with it.
    private func trimReducing(_ account: Int, _ book: Int, _ side: PositionSide) {
        for id in openOrders {
            guard let order = orders[id], order.account == account, order.book == book, order.positionSide == side, order.wire.isReduceOnly,
                order.trigger == nil
            else { continue }
            let position = positions[account][book][side].lots
            let most = (position < 0) == order.isBuy ? Int64(clamping: position.magnitude) : 0
            guard order.lots - order.filledLots > most else { continue }
            var request = Order(
                orderId: UInt64(id), side: order.isBuy ? .buy : .sell, timeInForce: .gtc, priceTick: order.priceTick,
                quantity: Double(most) * books[book].rules.lot.size.double, localNs: nowNs)
            request.request = most > 0 ? .replaced : .canceled
            if most == 0 {
                finish(id, status: .expired, execution: "EXPIRED")
            } else {
                var smaller = order
                smaller.lots = order.filledLots + most
                smaller.wire.originalQuantity = books[book].rules.quantity(lots: smaller.lots)
                smaller.wire.updateMs = nowMs
                orders[id] = smaller
                tellOrder(smaller) { $0.execution = "AMENDMENT" }
            }
            _ = books[book].venue.handle(request, at: nowNs)
        }
    }

    /// Average price and executed value, as the venue shows them.
    private func setValues(_ order: inout PaperOrder, _ book: PaperBook) {
        let rules = book.rules
        let lotSize = rules.lot.size.double, tickSize = rules.tick.size.double
        let lots = Double(order.filledLots)
        if rules.market == .coinMargined {
            let base = order.filledBase * lotSize * Double(rules.contractSize)
            order.wire.cumulativeQuote = WireDecimal(rounding: base, digits: 8) ?? .zero
            order.wire.averagePrice = WireDecimal(rounding: lots / order.filledBase, digits: 8) ?? .zero
        } else {
            let quote = Double(order.filledTickLots) * tickSize * lotSize
            order.wire.cumulativeQuote = WireDecimal(rounding: quote, digits: rules.market == .spot ? 8 : rules.priceDigits + rules.quantityDigits) ?? .zero
            order.wire.averagePrice = WireDecimal(rounding: Double(order.filledTickLots) * tickSize / lots, digits: max(2, rules.priceDigits)) ?? .zero
        }
    }

    /// Moves both assets; the commission is paid in the asset received.
    private func settleSpot(_ order: inout PaperOrder, lots: Int64, value: Double, isMaker: Bool) -> (commission: Money, asset: String) {
        let book = books[order.book], rules = book.rules
        let rate = isMaker ? book.settings.makerRate : book.settings.takerRate
        let slot = Self.index(.spot)
        let quantity = Double(lots) * rules.lot.size.double
        let given = order.isBuy ? Money(value) : Money(quantity)
        let received = order.isBuy ? Money(quantity) : Money(value)
        let commission = Money(received.double * rate)
        let (from, to) = order.isBuy ? (rules.quoteAsset, rules.baseAsset) : (rules.baseAsset, rules.quoteAsset)
        // What was set aside for these lots at the order's own price; a better price frees the rest.
        let isDone = !order.isOpen
        let atLimit = Money(order.isBuy ? quantity * Double(order.priceTick) * rules.tick.size.double : quantity)
        let released = isDone ? order.held : min(order.held, atLimit)
        order.held -= released
        accounts[order.account].wallets[slot][from].locked -= released
        accounts[order.account].wallets[slot][from].free += released - given
        accounts[order.account].wallets[slot][to].free += received - commission
        accounts[order.account].wallets[slot][from].updateMs = nowMs
        accounts[order.account].wallets[slot][to].updateMs = nowMs
        return (commission, to)
    }

    /// Ends an order without an execution.
    func finish(_ id: Int64, status: WireOrderStatus, execution: String, cancelId: String? = nil) {
        guard var order = orders[id], order.isOpen else { return }
        let rules = books[order.book].rules
        order.wire.status = status
        order.wire.updateMs = nowMs
        order.wire.isWorking = false
        if rules.market == .spot, order.held.units != 0 {
            let asset = order.isBuy ? rules.quoteAsset : rules.baseAsset
            let slot = Self.index(.spot)
            accounts[order.account].wallets[slot][asset].locked -= order.held
            accounts[order.account].wallets[slot][asset].free += order.held
            order.held = .zero
        }
        orders[id] = order
        retire(id)
        tellOrder(order) { $0.execution = execution }
        if rules.market == .spot { tellAccount(order.account, book: order.book) }
        noteListOrder(order)
    }

    private func retire(_ id: Int64) {
        if !conditional.isEmpty { conditional.removeAll { $0 == id } }
        openOrders.removeAll { $0 == id }
        closedOrders.append(id)
        if closedOrders.count >= 2 * Self.keptOrders {
            for old in closedOrders.prefix(Self.keptOrders) { orders[old] = nil }
            closedOrders.removeFirst(Self.keptOrders)
        }
    }
}
