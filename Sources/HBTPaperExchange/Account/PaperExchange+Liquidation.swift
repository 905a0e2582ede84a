import HBTBinance
import HBTEngine
import HBTTypes

/// Liquidation: an account whose margin no longer covers what its positions must have behind them loses them.
extension PaperExchange {
    /// Of a position's value, as `leverageBracket` says.
    static let maintenanceShare = 0.005

    func maintenanceMargin(_ lots: Int64, book index: Int) -> Money {
        Money(books[index].value(lots: Int64(clamping: lots.magnitude), price: books[index].markPrice) * Self.maintenanceShare)
    }

    /// Looks at every account that holds anything; cross margin, one asset at a time.
    func liquidate() {
        for account in accounts.indices {
            for index in books.indices where books[index].rules.market.isFutures && !positions[account][index].isFlat {
                let rules = books[index].rules
                let together = books.indices.filter { books[$0].rules.market == rules.market && books[$0].rules.marginAsset == rules.marginAsset }
                var margin = accounts[account].wallets[Self.index(rules.market)][rules.marginAsset].free
                var needed = Money.zero
                for book in together {
                    margin += unrealized(account: account, book: book)
                    needed += maintenanceMargin(positions[account][book].grossLots, book: book)
                }
                if margin < needed { liquidate(account, together) }
            }
        }
    }

    private func liquidate(_ account: Int, _ together: [Int]) {
        for book in together { _ = cancelAll(account: account, book: book) }
        for book in together {
            for side in PositionSide.allCases where positions[account][book][side].lots != 0 { takeAway(side, account, book) }
        }
        // What is lost beyond the wallet is the insurance fund's.
        guard let book = together.first, together.allSatisfy({ positions[account][$0].isFlat }) else { return }
        let rules = books[book].rules, slot = Self.index(rules.market)
        let lost = accounts[account].wallets[slot][rules.marginAsset].free
        guard lost < .zero else { return }
        accounts[account].wallets[slot][rules.marginAsset].free = .zero
        tellAccount(account, book: book, change: (.zero - lost, "INSURANCE_CLEAR"))
    }

    /// Closes a position at the market's price with an order of the venue's own; what the book cannot take waits for the next look.
    private func takeAway(_ side: PositionSide, _ account: Int, _ index: Int) {
        let book = books[index], rules = book.rules, depth = book.venue.depth
        let position = positions[account][index][side]
        let isBuy = position.lots < 0
        let tick = isBuy ? depth.bestAskTick : depth.bestBidTick
        guard tick != .max, tick != .min else { return }
        let lots = Int64(clamping: position.lots.magnitude)
        var wire = WireOrder(
            symbol: rules.symbol, pair: book.pair, orderId: nextOrderId, clientOrderId: "\(Self.liquidationMark)\(nowMs)\(nextOrderId)",
            side: isBuy ? .buy : .sell, timeInForce: "IOC", price: rules.price(tick: tick), originalQuantity: rules.quantity(lots: lots), timeMs: nowMs)
        wire.originalType = "LIQUIDATION"
        wire.positionSide = side.rawValue
        wire.isReduceOnly = side != .both
        wire.cumulativeQuote = WireDecimal(mantissa: 0, digits: rules.priceDigits)
        wire.stopPrice = rules.price(tick: 0)
        let id = nextOrderId
        nextOrderId += 1
        let order = PaperOrder(wire: wire, account: account, book: index, priceTick: tick, lots: lots)
        orders[id] = order
        openOrders.append(id)
        tellOrder(order) { _ in }
        var request = Order(
            orderId: UInt64(id), side: isBuy ? .buy : .sell, type: .market, timeInForce: .ioc, priceTick: tick,
            quantity: Double(lots) * rules.lot.size.double, localNs: nowNs)
        request.request = .new
        if book.venue.handle(request, at: nowNs) != .ok { finish(id, status: .rejected, execution: "REJECTED") }
        takeAnswers(book: index)
        if let done = orders[id], done.filledLots > 0 { publishLiquidation(done) }
    }

    /// Client order ids of the venue's own orders begin with it.
    static let liquidationMark = "autoclose-"

    private func publishLiquidation(_ order: PaperOrder) {
        let listeners = listeners(book: order.book) { $0 == .forceOrder }
        guard !listeners.isEmpty else { return }
        let message = ForceOrderMessage(
            symbol: order.wire.symbol, eventMs: nowMs, transactionMs: order.wire.updateMs, side: order.wire.side.rawValue, price: order.wire.price,
            averagePrice: order.wire.averagePrice, quantity: order.wire.originalQuantity, filledQuantity: order.wire.executedQuantity)
        let payload = encoded { message.encode(into: &$0) }
        for listener in listeners { deliver(payload, to: listener.id, name: listener.name) }
    }

    /// `forceOrders`: the account's own.
    func forceOrders(_ call: RestCall, account: Int) throws(VenueError) -> [UInt8] {
        let chosen = try chosenBooks(call), limit = try call.limit(50, upTo: 100)
        let mine = closedOrders.compactMap { orders[$0] }.filter {
            $0.account == account && chosen.contains($0.book) && $0.wire.clientOrderId.hasPrefix(Self.liquidationMark)
        }
        return list { out in for order in mine.suffix(limit) { out.embed(written(order, .queried)) } }
    }
}
