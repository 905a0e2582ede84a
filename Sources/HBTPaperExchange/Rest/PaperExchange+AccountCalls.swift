import HBTBinance

/// Calls about balances, positions, settings and listen keys.
extension PaperExchange {
    /// nil when the call is none of these.
    func accountAnswer(_ call: RestCall, account: Int) throws(VenueError) -> [UInt8]? {
        switch (call.method, call.name) {
        case ("POST", "listenKey"), ("POST", "userDataStream"):
            let key = listenKey(account: account, market: call.market)
            return object { $0.field("listenKey", key) }
        case ("PUT", "listenKey"), ("PUT", "userDataStream"):
            guard accounts[account].listenKeys[Self.index(call.market)] != nil else { throw .badListenKey }
            let key = listenKey(account: account, market: call.market)
            return call.market.isFutures ? object { $0.field("listenKey", key) } : Self.empty
        case ("DELETE", "listenKey"), ("DELETE", "userDataStream"):
            let slot = Self.index(call.market)
            if let key = accounts[account].listenKeys[slot]?.key {
                accounts[account].listenKeys[slot] = nil
                for id in connectionOrder { connections[id]?.users.removeAll { $0.listenKey == key } }
            }
            return Self.empty
        case ("GET", "account"): return call.market == .spot ? spotAccount(account) : futuresAccount(account, call.market)
        case ("GET", "balance") where call.market.isFutures: return futuresBalance(account, call.market)
        case ("GET", "positionRisk") where call.market.isFutures: return try positionRisk(account, call)
        case ("GET", "userTrades"), ("GET", "myTrades"): return try ownTrades(account, call)
        case ("POST", "leverage") where call.market.isFutures:
            let book = try symbolBook(call)
            guard let leverage = try call.integer("leverage") else { throw .missing("leverage") }
            guard leverage >= 1, leverage <= 125 else { throw .badLeverage }
            positions[account][book].leverage = leverage
            return object { out in
                out.field("leverage", leverage)
                out.field("maxNotionalValue", "1000000")
                out.field("symbol", books[book].rules.symbol)
            }
        case ("POST", "marginType") where call.market.isFutures:
            let book = try symbolBook(call)
            let isIsolated = try call.text("marginType") == "ISOLATED"
            guard positions[account][book].isIsolated != isIsolated else { throw .noMarginTypeChange }
            positions[account][book].isIsolated = isIsolated
            return Self.done
        case ("GET", "positionSide/dual") where call.market.isFutures:
            return object { $0.field("dualSidePosition", accounts[account].isHedged[Self.index(call.market)]) }
        case ("POST", "positionSide/dual") where call.market.isFutures:
            try setHedged(try call.text("dualSidePosition"), account: account, market: call.market)
            return Self.done
        case ("GET", "multiAssetsMargin"): return object { $0.field("multiAssetsMargin", false) }
        case ("GET", "commissionRate"): return try commissionRate(call)
        case ("GET", "leverageBracket"): return try brackets(call)
        case ("GET", "income"): return try incomeAnswer(call, account: account)
        case ("GET", "forceOrders") where call.market.isFutures: return try forceOrders(call, account: account)
        case ("GET", "adlQuantile"): return list { _ in }
        case ("GET", "apiTradingStatus"): return Self.empty
        case ("GET", "sapi/capital/config/getall"): return currencies()
        default: return nil
        }
    }

    static let done = Array(#"{"code":200,"msg":"success"}"#.utf8)

    private func spotAccount(_ account: Int) -> [UInt8] {
        let first = books.first { $0.rules.market == .spot }
        let maker = WireDecimal(rounding: first?.settings.makerRate ?? 0, digits: 8) ?? .zero
        let taker = WireDecimal(rounding: first?.settings.takerRate ?? 0, digits: 8) ?? .zero
        let none = WireDecimal(mantissa: 0, digits: 8)
        return object { out in
            out.field("makerCommission", Int64((maker.double * 10_000).rounded()))
            out.field("takerCommission", Int64((taker.double * 10_000).rounded()))
            out.field("buyerCommission", 0)
            out.field("sellerCommission", 0)
            out.name("commissionRates")
            out.beginObject()
            out.field("maker", maker)
            out.field("taker", taker)
            out.field("buyer", none)
            out.field("seller", none)
            out.endObject()
            for name in ["canTrade", "canWithdraw", "canDeposit"] {
                out.name(name)
                out.bool(true)
            }
            out.field("brokered", false)
            out.field("requireSelfTradePrevention", false)
            out.field("preventSor", false)
            out.field("updateTime", nowMs)
            out.field("accountType", "SPOT")
            out.name("balances")
            out.beginArray()
            for entry in accounts[account].wallets[Self.index(.spot)].entries {
                out.beginObject()
                out.field("asset", entry.asset)
                out.field("free", entry.free.wire)
                out.field("locked", entry.locked.wire)
                out.endObject()
            }
            out.endArray()
            out.name("permissions")
            out.beginArray()
            out.string("SPOT")
            out.endArray()
            out.field("uid", Int64(account + 1))
        }
    }

    /// Amounts of one margin asset.
    private struct Margins {
        var wallet = Money.zero, unrealized = Money.zero, position = Money.zero, order = Money.zero
        var margin: Money { wallet + unrealized }
        var initial: Money { position + order }
        var maintenance = Money.zero
        var available: Money { max(.zero, margin - initial) }
    }

    private func margins(_ account: Int, _ market: VenueMarket, asset: String) -> Margins {
        var sum = Margins()
        sum.wallet = accounts[account].wallets[Self.index(market)][asset].free
        for index in books.indices where books[index].rules.market == market && books[index].rules.marginAsset == asset {
            sum.unrealized += unrealized(account: account, book: index)
            sum.position += positionMargin(account: account, book: index)
            sum.maintenance += maintenanceMargin(positions[account][index].grossLots, book: index)
            sum.order += orderMargin(account: account, book: index)
        }
        return sum
    }

    private func futuresBalance(_ account: Int, _ market: VenueMarket) -> [UInt8] {
        list { out in
            for entry in accounts[account].wallets[Self.index(market)].entries {
                let sums = margins(account, market, asset: entry.asset)
                out.beginObject()
                out.field("accountAlias", "hbt")
                out.field("asset", entry.asset)
                out.field("balance", sums.wallet.wire)
                out.field("crossWalletBalance", sums.wallet.wire)
                out.field("crossUnPnl", sums.unrealized.wire)
                out.field("availableBalance", sums.available.wire)
                if market == .coinMargined { out.field("withdrawAvailable", sums.available.wire) } else { out.field("maxWithdrawAmount", sums.available.wire) }
                out.field("marginAvailable", true)
                out.field("updateTime", entry.updateMs)
                out.endObject()
            }
        }
    }

    private func futuresAccount(_ account: Int, _ market: VenueMarket) -> [UInt8] {
        let entries = accounts[account].wallets[Self.index(market)].entries
        // The totals are in dollars, of which only the first margin asset is one here.
        let asset = books.first { $0.rules.market == market }?.rules.marginAsset ?? "USDT"
        let total = margins(account, market, asset: asset)
        return object { out in
            out.field("feeTier", 0)
            for name in ["canTrade", "canDeposit", "canWithdraw"] {
                out.name(name)
                out.bool(true)
            }
            out.field("updateTime", 0)
            out.field("multiAssetsMargin", false)
            out.field("tradeGroupId", -1)
            if market == .usdMargined {
                out.field("totalInitialMargin", total.initial.wire)
                out.field("totalMaintMargin", total.maintenance.wire)
                out.field("totalWalletBalance", total.wallet.wire)
                out.field("totalUnrealizedProfit", total.unrealized.wire)
                out.field("totalMarginBalance", total.margin.wire)
                out.field("totalPositionInitialMargin", total.position.wire)
                out.field("totalOpenOrderInitialMargin", total.order.wire)
                out.field("totalCrossWalletBalance", total.wallet.wire)
                out.field("totalCrossUnPnl", total.unrealized.wire)
                out.field("availableBalance", total.available.wire)
                out.field("maxWithdrawAmount", total.available.wire)
            }
            out.name("assets")
            out.beginArray()
            for entry in entries { marginFields(entry.asset, margins(account, market, asset: entry.asset), entry.updateMs, into: &out) }
            out.endArray()
            out.name("positions")
            out.beginArray()
            for index in books.indices where books[index].rules.market == market {
                for side in positionSides(account, market) { positionFields(account, index, side, into: &out) }
            }
            out.endArray()
        }
    }

    private func marginFields(_ asset: String, _ sums: Margins, _ updateMs: Int64, into out: inout JSONWriter) {
        out.beginObject()
        out.field("asset", asset)
        out.field("walletBalance", sums.wallet.wire)
        out.field("unrealizedProfit", sums.unrealized.wire)
        out.field("marginBalance", sums.margin.wire)
        out.field("maintMargin", sums.maintenance.wire)
        out.field("initialMargin", sums.initial.wire)
        out.field("positionInitialMargin", sums.position.wire)
        out.field("openOrderInitialMargin", sums.order.wire)
        out.field("crossWalletBalance", sums.wallet.wire)
        out.field("crossUnPnl", sums.unrealized.wire)
        out.field("availableBalance", sums.available.wire)
        out.field("maxWithdrawAmount", sums.available.wire)
        out.field("marginAvailable", true)
        out.field("updateTime", updateMs)
        out.endObject()
    }

    private func ownTrades(_ account: Int, _ call: RestCall) throws(VenueError) -> [UInt8] {
        let book = try symbolBook(call)
        let limit = try call.limit(500, upTo: 1000)
        let fromId = try call.integer("fromId"), orderId = try call.integer("orderId")
        let fromMs = try call.integer("startTime"), toMs = try call.integer("endTime")
        let mine = fills.filter {
            $0.account == account && $0.book == book && $0.id >= fromId ?? .min && (orderId == nil || $0.orderId == orderId)
                && $0.timeMs >= fromMs ?? .min && $0.timeMs <= toMs ?? .max
        }
        let page = fromId == nil && fromMs == nil ? mine.suffix(limit) : mine.prefix(limit)
        return list { out in for fill in page { fillFields(fill, into: &out) } }
    }

    private func fillFields(_ fill: PaperFill, into out: inout JSONWriter) {
        let rules = books[fill.book].rules
        let isBuyer = fill.side == .buy
        out.beginObject()
        out.field("symbol", rules.symbol)
        if let pair = books[fill.book].pair { out.field("pair", pair) }
        out.field("id", fill.id)
        out.field("orderId", fill.orderId)
        if rules.market == .spot { out.field("orderListId", -1) } else { out.field("side", fill.side.rawValue) }
        out.field("price", fill.price)
        out.field("qty", fill.quantity)
        if rules.market.isFutures { out.field("realizedPnl", fill.realized.wire) }
        out.field(rules.market == .coinMargined ? "baseQty" : "quoteQty", fill.quote.wire)
        if rules.market.isFutures { out.field("marginAsset", rules.marginAsset) }
        out.field("commission", fill.commission.wire)
        out.field("commissionAsset", fill.commissionAsset)
        out.field("time", fill.timeMs)
        if rules.market == .spot {
            out.field("isBuyer", isBuyer)
            out.field("isMaker", fill.isMaker)
            out.field("isBestMatch", true)
        } else {
            out.field("positionSide", fill.positionSide.rawValue)
            out.field("maker", fill.isMaker)
            out.field("buyer", isBuyer)
        }
        out.endObject()
    }

    private func commissionRate(_ call: RestCall) throws(VenueError) -> [UInt8] {
        let book = books[try symbolBook(call)]
        return object { out in
            out.field("symbol", book.rules.symbol)
            out.field("makerCommissionRate", WireDecimal(rounding: book.settings.makerRate, digits: 6) ?? .zero)
            out.field("takerCommissionRate", WireDecimal(rounding: book.settings.takerRate, digits: 6) ?? .zero)
        }
    }

    private func brackets(_ call: RestCall) throws(VenueError) -> [UInt8] {
        let chosen = try chosenBooks(call)
        return list { out in
            for index in chosen {
                out.beginObject()
                out.field("symbol", books[index].rules.symbol)
                out.name("brackets")
                out.beginArray()
                out.beginObject()
                out.field("bracket", 1)
                out.field("initialLeverage", 125)
                out.field("notionalCap", 1_000_000)
                out.field("notionalFloor", 0)
                out.name("maintMarginRatio")
                out.number("0.005")
                out.name("cum")
                out.number("0.0")
                out.endObject()
                out.endArray()
                out.endObject()
            }
        }
    }

    /// Every asset of every book.
    private func currencies() -> [UInt8] {
        var assets: [String] = []
        for book in books { for asset in [book.rules.baseAsset, book.rules.quoteAsset] where !assets.contains(asset) { assets.append(asset) } }
        return list { out in
            for asset in assets {
                out.beginObject()
                out.field("coin", asset)
                out.field("depositAllEnable", true)
                out.field("withdrawAllEnable", true)
                out.field("name", asset)
                out.field("free", accountsFree(asset))
                out.field("locked", "0")
                out.field("trading", true)
                out.field("isLegalMoney", false)
                out.name("networkList")
                out.beginArray()
                out.endArray()
                out.endObject()
            }
        }
    }

    private func accountsFree(_ asset: String) -> WireDecimal { accounts.first?.wallets[Self.index(.spot)][asset].free.wire ?? .zero }
}
