import HBTBinance

/// Positions and their mode.
extension PaperExchange {
    /// Hedge mode on or off; only with nothing open.
    func setHedged(_ word: String, account: Int, market: VenueMarket) throws(VenueError) {
        let isHedged: Bool
        switch word.lowercased() {
        case "true": isHedged = true
        case "false": isHedged = false
        default: throw .malformed("dualSidePosition")
        }
        let slot = Self.index(market)
        guard accounts[account].isHedged[slot] != isHedged else { throw .noPositionSideChange }
        let mine = books.indices.filter { books[$0].rules.market == market }
        guard !openOrders.contains(where: { orders[$0].map { $0.account == account && mine.contains($0.book) } ?? false }) else {
            throw VenueError(-4067, "Position side cannot be changed if there exists open orders.")
        }
        guard mine.allSatisfy({ positions[account][$0].isFlat }) else {
            throw VenueError(-4068, "Position side cannot be changed if there exists position.")
        }
        accounts[account].isHedged[slot] = isHedged
    }

    /// An entry of `account`.
    func positionFields(_ account: Int, _ index: Int, _ side: PositionSide, into out: inout JSONWriter) {
        let held = positions[account][index], position = held[side], rules = books[index].rules
        let margin = positionMargin(account, index, side), orders = orderMargin(account: account, book: index, side)
        out.beginObject()
        out.field("symbol", rules.symbol)
        out.field("initialMargin", (margin + orders).wire)
        out.field("maintMargin", maintenanceMargin(position.lots, book: index).wire)
        out.field("unrealizedProfit", unrealized(position, index).wire)
        out.field("positionInitialMargin", margin.wire)
        out.field("openOrderInitialMargin", orders.wire)
        out.field("leverage", String(held.leverage))
        out.field("isolated", held.isIsolated)
        out.field("entryPrice", entryPrice(position))
        out.field("breakEvenPrice", entryPrice(position))
        out.field("maxNotional", "1000000")
        out.field("positionSide", side.rawValue)
        out.field("positionAmt", rules.quantity(lots: position.lots))
        out.field("notional", notional(position, index).wire)
        out.field("isolatedWallet", "0")
        out.field("updateTime", position.updateMs)
        out.endObject()
    }

    private func notional(_ position: Position, _ index: Int) -> Money {
        Money(books[index].value(lots: position.lots, price: books[index].markPrice))
    }

    private func positionMargin(_ account: Int, _ index: Int, _ side: PositionSide) -> Money {
        let held = positions[account][index], lots = Int64(clamping: held[side].lots.magnitude)
        return Money(books[index].value(lots: lots, price: books[index].markPrice) / Double(held.leverage))
    }

    func positionRisk(_ account: Int, _ call: RestCall) throws(VenueError) -> [UInt8] {
        let sides = positionSides(account, call.market)
        var chosen = try chosenBooks(call).flatMap { index in sides.map { (index: index, side: $0) } }
        // The newest version lists only what is open.
        if call.version >= 3 { chosen = chosen.filter { positions[account][$0.index][$0.side].lots != 0 } }
        return list { out in
            for (index, side) in chosen {
                let held = positions[account][index], position = held[side], book = books[index]
                let margin = positionMargin(account, index, side)
                out.beginObject()
                out.field("symbol", book.rules.symbol)
                out.field("positionAmt", book.rules.quantity(lots: position.lots))
                out.field("entryPrice", entryPrice(position))
                out.field("breakEvenPrice", entryPrice(position))
                out.field("markPrice", WireDecimal(rounding: book.markPrice, digits: 8) ?? .zero)
                out.field("unRealizedProfit", unrealized(position, index).wire)
                out.field("liquidationPrice", "0")
                out.field("leverage", String(held.leverage))
                out.field("maxNotionalValue", "1000000")
                out.field("marginType", held.isIsolated ? "isolated" : "cross")
                out.field("isolatedMargin", "0.00000000")
                out.field("isAutoAddMargin", "false")
                out.field("positionSide", side.rawValue)
                out.field(call.market == .coinMargined ? "notionalValue" : "notional", notional(position, index).wire)
                out.field("marginAsset", book.rules.marginAsset)
                out.field("isolatedWallet", "0")
                out.field("initialMargin", margin.wire)
                out.field("maintMargin", maintenanceMargin(position.lots, book: index).wire)
                out.field("positionInitialMargin", margin.wire)
                out.field("openOrderInitialMargin", orderMargin(account: account, book: index, side).wire)
                out.field("adl", 0)
                out.field("bidNotional", "0")
                out.field("askNotional", "0")
                out.field("updateTime", position.updateMs)
                out.endObject()
            }
        }
    }
}
