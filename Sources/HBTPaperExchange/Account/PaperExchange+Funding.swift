import HBTBinance

/// A payment between holders of a perpetual contract.
struct PaperFunding {
    var account: Int
    var book: Int
    /// What the account got; below 0 when it paid.
    var amount: Money
    var timeMs: Int64
    var id: Int64
}

/// Funding: longs pay shorts a share of their positions' value, in the margin asset.
extension PaperExchange {
    func payFunding() {
        let dueMs = nextFundingMs
        nextFundingMs = settings.funding.nextMs(after: nowMs)
        guard settings.funding.rate.mantissa != 0 else { return }
        if fundingRates.count >= 2 * Self.keptOrders { fundingRates.removeFirst(Self.keptOrders) }
        for book in books.indices where books[book].rules.market.isFutures { fundingRates.append((book, dueMs, books[book].markPrice)) }
        for account in accounts.indices {
            for book in books.indices where books[book].rules.market.isFutures && !positions[account][book].isFlat && books[book].markPrice > 0 {
                let net = PositionSide.allCases.reduce(0) { $0 + positions[account][book][$1].lots }
                let value = books[book].value(lots: net, price: books[book].markPrice)
                let amount = Money(-value * settings.funding.rate.double)
                let rules = books[book].rules
                accounts[account].wallets[Self.index(rules.market)][rules.marginAsset].free += amount
                accounts[account].wallets[Self.index(rules.market)][rules.marginAsset].updateMs = nowMs
                if fundings.count >= 2 * Self.keptOrders { fundings.removeFirst(Self.keptOrders) }
                fundings.append(PaperFunding(account: account, book: book, amount: amount, timeMs: dueMs, id: nextFillId))
                nextFillId += 1
                tellAccount(account, book: book, change: (amount, "FUNDING_FEE"))
            }
        }
    }

    /// `fundingRate`: what has been paid, oldest first.
    func fundingRates(_ call: RestCall) throws(VenueError) -> [UInt8] {
        let chosen = try chosenBooks(call), limit = try call.limit(100, upTo: 1000)
        let fromMs = try call.integer("startTime") ?? .min, toMs = try call.integer("endTime") ?? .max
        let found = fundingRates.filter { chosen.contains($0.book) && $0.timeMs >= fromMs && $0.timeMs <= toMs }
        return list { out in
            for entry in found.suffix(limit) {
                out.beginObject()
                out.field("symbol", books[entry.book].rules.symbol)
                out.field("fundingTime", entry.timeMs)
                out.field("fundingRate", settings.funding.rate)
                out.field("markPrice", WireDecimal(rounding: entry.mark, digits: 8) ?? .zero)
                out.endObject()
            }
        }
    }

    /// `income`: of what the venue lists there, funding is all that is kept.
    func incomeAnswer(_ call: RestCall, account: Int) throws(VenueError) -> [UInt8] {
        let chosen = try chosenBooks(call), limit = try call.limit(100, upTo: 1000)
        let fromMs = try call.integer("startTime") ?? .min, toMs = try call.integer("endTime") ?? .max
        let wantsFunding = call.query["incomeType"].map { $0 == "FUNDING_FEE" } ?? true
        let mine = fundings.filter { wantsFunding && $0.account == account && chosen.contains($0.book) && $0.timeMs >= fromMs && $0.timeMs <= toMs }
        return list { out in
            for entry in mine.suffix(limit) {
                out.beginObject()
                out.field("symbol", books[entry.book].rules.symbol)
                out.field("incomeType", "FUNDING_FEE")
                out.field("income", entry.amount.wire)
                out.field("asset", books[entry.book].rules.marginAsset)
                out.field("info", "FUNDING_FEE")
                out.field("time", entry.timeMs)
                out.field("tranId", entry.id)
                out.field("tradeId", "")
                out.endObject()
            }
        }
    }
}
