import HBTBinance

/// Public calls.
extension PaperExchange {
    /// nil when the call is no public one.
    func publicAnswer(_ call: RestCall) throws(VenueError) -> [UInt8]? {
        guard call.method == "GET", call.security == .none else { return nil }
        switch call.name {
        case "ping": return Self.empty
        case "time": return object { $0.field("serverTime", shownMs) }
        case "exchangeInfo": return exchangeInfo(call.market, try infoBooks(call))
        case "depth": return try depthAnswer(call)
        case "trades", "historicalTrades": return try tradesAnswer(call)
        case "aggTrades": return try aggregatesAnswer(call)
        case "klines", "uiKlines": return try candlesAnswer(call, book: try symbolBook(call))
        case "continuousKlines", "indexPriceKlines":
            let pair = try call.text("pair")
            guard let book = books.indices.first(where: { books[$0].rules.market == call.market && (books[$0].pair ?? books[$0].rules.symbol) == pair }) else {
                throw .badSymbol
            }
            return try candlesAnswer(call, book: book)
        case "markPriceKlines", "premiumIndexKlines": return try candlesAnswer(call, book: try symbolBook(call))
        case "avgPrice":
            let book = books[try symbolBook(call)]
            return object { out in
                out.field("mins", 5)
                out.field("price", WireDecimal(rounding: book.referencePrice ?? 0, digits: 8) ?? .zero)
                out.field("closeTime", nowMs)
            }
        case "ticker/price": return try perSymbol(call) { book, out in
            out.field("symbol", book.rules.symbol)
            if let pair = book.pair { out.field("ps", pair) }
            out.field("price", book.rules.price(tick: book.trades.last?.tick ?? book.venue.depth.bestBidTick))
            if call.market.isFutures { out.field("time", book.lastRowNs / 1_000_000) }
        }
        case "ticker/bookTicker": return try perSymbol(call) { book, out in bookTickerFields(book, into: &out) }
        case "ticker/24hr", "ticker": return try perSymbol(call) { book, out in dayTickerFields(book, into: &out) }
        case "premiumIndex": return try perSymbol(call) { book, out in premiumFields(book, into: &out) }
        case "fundingRate": return try fundingRates(call)
        case "fundingInfo", "constituents", "assetIndex", "sapi/margin/allPairs", "sapi/margin/isolated/allPairs": return list { _ in }
        case "openInterest":
            let book = books[try symbolBook(call)]
            return object { out in
                out.field("openInterest", book.rules.quantity(lots: 0))
                out.field("symbol", book.rules.symbol)
                out.field("time", nowMs)
            }
        default: return nil
        }
    }

    /// One object for a named symbol, a list without; COIN-M always lists.
    private func perSymbol(_ call: RestCall, _ write: (PaperBook, inout JSONWriter) -> Void) throws(VenueError) -> [UInt8] {
        let chosen = try namedBooks(call)
        let isList = call.query["symbol"] == nil || call.market == .coinMargined
        return encoded { out in
            if isList { out.beginArray() }
            for index in chosen {
                out.beginObject()
                write(books[index], &out)
                out.endObject()
            }
            if isList { out.endArray() }
        }
    }

    private func namedBooks(_ call: RestCall) throws(VenueError) -> [Int] {
        if call.query["symbol"] == nil, call.query["symbols"] != nil { return try infoBooks(call) }
        return try chosenBooks(call)
    }

    /// Spot may name one symbol, or several as a JSON list.
    private func infoBooks(_ call: RestCall) throws(VenueError) -> [Int] {
        if call.market == .spot, let text = call.query["symbols"] {
            guard let names = (try? JSONValue.parse(text))?.elements?.compactMap(\.text) else { throw .illegal("symbols") }
            var found: [Int] = []
            for name in names {
                guard let book = book(.spot, name) else { throw .badSymbol }
                found.append(book)
            }
            return found
        }
        return call.market == .spot ? try chosenBooks(call) : books.indices.filter { books[$0].rules.market == call.market }
    }

    private func exchangeInfo(_ market: VenueMarket, _ chosen: [Int]) -> [UInt8] {
        let orders = RequestWeight.orderLimits(market)
        return object { out in
            out.field("timezone", "UTC")
            out.field("serverTime", shownMs)
            if market.isFutures { out.field("futuresType", market == .usdMargined ? "U_MARGINED" : "C_MARGINED") }
            out.name("rateLimits")
            out.beginArray()
            limit(into: &out, "REQUEST_WEIGHT", "MINUTE", 1, RequestWeight.limit(market))
            limit(into: &out, "ORDERS", "SECOND", 10, orders.per10s)
            limit(into: &out, "ORDERS", orders.longInterval, 1, orders.long)
            out.endArray()
            out.name("exchangeFilters")
            out.beginArray()
            out.endArray()
            if market == .usdMargined {
                out.name("assets")
                out.beginArray()
                var seen: [String] = []
                for index in chosen where !seen.contains(books[index].rules.marginAsset) {
                    seen.append(books[index].rules.marginAsset)
                    out.beginObject()
                    out.field("asset", books[index].rules.marginAsset)
                    out.field("marginAvailable", true)
                    out.field("autoAssetExchange", "-10000")
                    out.endObject()
                }
                out.endArray()
            }
            out.name("symbols")
            out.beginArray()
            for index in chosen { books[index].rules.encode(into: &out) }
            out.endArray()
        }
    }

    private func limit(into out: inout JSONWriter, _ type: String, _ interval: String, _ number: Int64, _ limit: Int) {
        out.beginObject()
        out.field("rateLimitType", type)
        out.field("interval", interval)
        out.field("intervalNum", number)
        out.field("limit", Int64(limit))
        out.endObject()
    }

    private func depthAnswer(_ call: RestCall) throws(VenueError) -> [UInt8] {
        let book = books[try symbolBook(call)]
        let limit = try call.limit(call.market == .spot ? 100 : 500, upTo: call.market == .spot ? 5000 : 1000)
        if let stale = book.staleSnapshot, faults.strikes(.stale) { return stale }
        let body = book.snapshot(limit: limit, nowMs: shownMs)
        // What a stale answer will be: the first snapshot of each minute.
        if book.staleSnapshot == nil || nowMs % 60_000 < 1000 { book.staleSnapshot = body }
        return body
    }

    private func tradesAnswer(_ call: RestCall) throws(VenueError) -> [UInt8] {
        let book = books[try symbolBook(call)], rules = book.rules
        let limit = try call.limit(500, upTo: 1000)
        return list { out in
            for trade in book.trades.rows.suffix(limit) {
                let lots = book.venue.lots(trade.quantity)
                let value = book.value(lots: lots, price: Double(trade.tick) * rules.tick.size.double)
                out.beginObject()
                out.field("id", trade.id)
                out.field("price", rules.price(tick: trade.tick))
                out.field("qty", rules.quantity(lots: lots))
                out.field(rules.market == .coinMargined ? "baseQty" : "quoteQty", Money(value).wire)
                out.field("time", trade.ms)
                out.field("isBuyerMaker", !trade.isBuy)
                if rules.market == .spot { out.field("isBestMatch", true) }
                out.endObject()
            }
        }
    }

    private func aggregatesAnswer(_ call: RestCall) throws(VenueError) -> [UInt8] {
        let book = books[try symbolBook(call)]
        let limit = try call.limit(500, upTo: 1000)
        let fromId = try call.integer("fromId"), fromMs = try call.integer("startTime"), toMs = try call.integer("endTime")
        let chosen = book.trades.aggregates.filter { $0.id >= fromId ?? .min && $0.row.ms >= fromMs ?? .min && $0.row.ms <= toMs ?? .max }
        let page = fromId == nil && fromMs == nil ? chosen.suffix(limit) : chosen.prefix(limit)
        return list { out in
            for trade in page {
                let message = book.message(trade, eventMs: 0)
                out.beginObject()
                out.field("a", message.aggTradeId)
                out.field("p", message.price)
                out.field("q", message.quantity)
                out.field("f", message.firstTradeId)
                out.field("l", message.lastTradeId)
                out.field("T", message.transactionMs)
                out.field("m", message.isBuyerMaker)
                if call.market == .spot { out.field("M", true) }
                out.endObject()
            }
        }
    }

    private func candlesAnswer(_ call: RestCall, book index: Int) throws(VenueError) -> [UInt8] {
        guard let interval = KlineInterval(rawValue: try call.text("interval")) else { throw .badInterval }
        let limit = try call.limit(500, upTo: call.market == .spot ? 1000 : 1500)
        let fromMs = try call.integer("startTime"), toMs = try call.integer("endTime")
        let candles = books[index].candles.candles(interval, fromMs: fromMs, toMs: toMs, limit: limit, books[index].rules)
        return list { out in for candle in candles { candle.encodeRow(into: &out) } }
    }
}
