import HBTBinance

/// Listen keys and user-data events.
extension PaperExchange {
    func owner(ofKey key: String) -> (account: Int, market: VenueMarket)? {
        for account in accounts.indices {
            for market in VenueMarket.allCases where accounts[account].listenKeys[Self.index(market)]?.key == key { return (account, market) }
        }
        return nil
    }

    /// The account's key, new or prolonged.
    func listenKey(account: Int, market: VenueMarket) -> String {
        let slot = Self.index(market)
        let expiresNs = nowNs &+ PaperAccount.ListenKey.lifeNs
        if let key = accounts[account].listenKeys[slot]?.key {
            accounts[account].listenKeys[slot]?.expiresNs = expiresNs
            return key
        }
        // 64 letters and digits, a function of the seed and of how many were given out before.
        nextKey &+= 1
        var state = settings.faults.seed &* 0x9E37_79B9_7F4A_7C15 &+ nextKey
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)
        var key: [UInt8] = []
        for _ in 0..<64 {
            state ^= state &>> 12
            state ^= state &<< 25
            state ^= state &>> 27
            key.append(letters[Int((state &* 0x2545_F491_4F6C_DD1D) &>> 32) % letters.count])
        }
        let text = String(decoding: key, as: UTF8.self)
        accounts[account].listenKeys[slot] = .init(key: text, expiresNs: expiresNs)
        return text
    }

    func expireKeys() {
        for account in accounts.indices {
            for market in VenueMarket.allCases {
                if let key = accounts[account].listenKeys[Self.index(market)], key.expiresNs <= nowNs { expireKey(account: account, market: market) }
            }
        }
    }

    func expireKey(account: Int, market: VenueMarket) {
        let slot = Self.index(market)
        guard let key = accounts[account].listenKeys[slot]?.key else { return }
        let payload = encoded { out in
            out.beginObject()
            out.field("e", "listenKeyExpired")
            out.field("E", shownMs)
            out.field("listenKey", key)
            out.endObject()
        }
        tell(account: account, market: market, payload: payload)
        accounts[account].listenKeys[slot] = nil
        for id in connectionOrder { connections[id]?.users.removeAll { $0.listenKey == key } }
    }

    /// Sends an event to every connection that listens to the account.
    func tell(account: Int, market: VenueMarket, payload: [UInt8]) {
        for id in connectionOrder {
            guard let connection = connections[id] else { continue }
            for user in connection.users where user.account == account && user.market == market {
                switch (connection.kind, user.listenKey) {
                case (.combined, let key?): deliver(payload, to: id, name: key)
                case (.socketAPI, _):
                    let wrapped = encoded { out in
                        out.beginObject()
                        out.field("subscriptionId", user.subscriptionId)
                        out.name("event")
                        out.embed(payload)
                        out.endObject()
                    }
                    send(.text(wrapped), to: id, isMarketData: true)
                default: send(.text(payload), to: id, isMarketData: true)
                }
            }
        }
    }

    func tellOrder(_ order: PaperOrder, _ change: (inout OrderUpdate) -> Void) {
        let market = books[order.book].rules.market
        var update = OrderUpdate(eventMs: shownMs, transactionMs: order.wire.updateMs, order: order.wire, execution: "NEW")
        if market == .spot { update.tradeId = -1 }
        change(&update)
        tell(account: order.account, market: market, payload: encoded { update.encode(into: &$0, market: market) })
    }

    /// The balances (and on futures the position) that an execution or a hold has changed.
    /// - Parameter change: what was paid out (negative: charged) and why, when no order was the reason.
    func tellAccount(_ account: Int, book index: Int, change: (amount: Money, reason: String)? = nil) {
        let book = books[index]
        let rules = book.rules
        let wallet = accounts[account].wallets[Self.index(rules.market)]
        let payload: [UInt8]
        if rules.market == .spot {
            let balances = [rules.baseAsset, rules.quoteAsset].map { asset in
                SpotBalance(asset: asset, free: wallet[asset].free.wire, locked: wallet[asset].locked.wire)
            }
            payload = encoded { SpotAccountPosition(eventMs: shownMs, updateMs: nowMs, balances: balances).encode(into: &$0) }
        } else {
            let cash = wallet[rules.marginAsset].free.wire
            let update = AccountUpdate(
                eventMs: shownMs, transactionMs: nowMs, reason: change?.reason ?? "ORDER",
                balances: [.init(asset: rules.marginAsset, wallet: cash, crossWallet: cash, change: change?.amount.wire ?? .zero)],
                positions: positionSides(account, rules.market).map { side in
                    let position = positions[account][index][side]
                    return .init(
                        symbol: rules.symbol, amount: rules.quantity(lots: position.lots), entryPrice: entryPrice(position),
                        realized: position.realized.wire, unrealized: unrealized(position, index).wire, side: side.rawValue)
                })
            payload = encoded { update.encode(into: &$0, marginAsset: rules.marginAsset) }
        }
        tell(account: account, market: rules.market, payload: payload)
    }

    func entryPrice(_ position: Position) -> WireDecimal { WireDecimal(rounding: position.entryPrice, digits: 8) ?? .zero }

    /// Of all positions in a book.
    func unrealized(account: Int, book index: Int) -> Money {
        PositionSide.allCases.reduce(.zero) { $0 + unrealized(positions[account][index][$1], index) }
    }

    /// The positions that an account has of each symbol.
    func positionSides(_ account: Int, _ market: VenueMarket) -> [PositionSide] {
        accounts[account].isHedged[Self.index(market)] ? PositionSide.allCases : [.both]
    }

    func unrealized(_ position: Position, _ index: Int) -> Money {
        let book = books[index]
        guard position.lots != 0, book.markPrice > 0 else { return .zero }
        return profit(book, closed: position.lots, entry: position.entryPrice, exit: book.markPrice)
    }

    /// Profit of closing `closed` lots (with the position's sign), in the margin asset.
    func profit(_ book: PaperBook, closed: Int64, entry: Double, exit: Double) -> Money {
        guard closed != 0, entry > 0, exit > 0 else { return .zero }
        let difference = book.value(lots: closed, price: exit) - book.value(lots: closed, price: entry)
        return Money(book.rules.market == .coinMargined ? -difference : difference)
    }
}
