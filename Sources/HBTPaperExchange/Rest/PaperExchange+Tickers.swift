import HBTBinance

/// Tickers, as REST objects and as stream events.
extension PaperExchange {
    func bookTickerFields(_ book: PaperBook, into out: inout JSONWriter) {
        let depth = book.venue.depth
        let none = WireLevel(price: book.rules.price(tick: 0), quantity: book.rules.quantity(lots: 0))
        let bid = depth.bestBidTick == .min ? none : book.level(depth.bestBidTick, depth.bestBidQuantity)
        let ask = depth.bestAskTick == .max ? none : book.level(depth.bestAskTick, depth.bestAskQuantity)
        if book.rules.market.isFutures { out.field("lastUpdateId", book.updateId) }
        out.field("symbol", book.rules.symbol)
        if let pair = book.pair { out.field("pair", pair) }
        out.field("bidPrice", bid.price)
        out.field("bidQty", bid.quantity)
        out.field("askPrice", ask.price)
        out.field("askQty", ask.quantity)
        if book.rules.market.isFutures { out.field("time", book.lastRowNs / 1_000_000) }
    }

    func premiumFields(_ book: PaperBook, into out: inout JSONWriter) {
        let mark = book.markPrice(eventMs: shownMs, settings.funding)
        out.field("symbol", mark.symbol)
        if let pair = book.pair { out.field("pair", pair) }
        out.field("markPrice", mark.markPrice)
        out.field("indexPrice", ifPresent: mark.indexPrice)
        out.field("estimatedSettlePrice", ifPresent: mark.settlePrice)
        out.field("lastFundingRate", mark.fundingRate)
        out.field("interestRate", "0.00010000")
        out.field("nextFundingTime", mark.nextFundingMs)
        out.field("time", shownMs)
    }

    /// The last 24 hours, in candles of an hour.
    private struct Day {
        var open: WireDecimal, high: WireDecimal, low: WireDecimal, close: WireDecimal
        var volume = 0.0, quote = 0.0
        var fromMs: Int64, toMs: Int64
        var firstId: Int64, lastId: Int64, trades: Int64 = 0
        var lastQuantity: WireDecimal

        init(_ book: PaperBook, nowMs: Int64) {
            let rules = book.rules
            let hours = book.candles.candles(.hour1, fromMs: nowMs - 86_400_000, toMs: nil, limit: 25, rules)
            let none = rules.price(tick: 0)
            open = hours.first?.open ?? none
            close = hours.last?.close ?? none
            high = hours.map(\.high).max() ?? none
            low = hours.map(\.low).min() ?? none
            for hour in hours {
                volume += hour.volume.double
                quote += hour.quoteVolume.double
                trades += hour.trades
            }
            fromMs = nowMs - 86_400_000
            toMs = nowMs
            firstId = hours.first?.firstTradeId ?? -1
            lastId = hours.last?.lastTradeId ?? -1
            lastQuantity = rules.quantity(lots: book.trades.last.map { book.venue.lots($0.quantity) } ?? 0)
        }

        func change(digits: Int) -> WireDecimal { WireDecimal(rounding: close.double - open.double, digits: digits) ?? .zero }
        var percent: WireDecimal { WireDecimal(rounding: open.isZero ? 0 : (close.double / open.double - 1) * 100, digits: 3) ?? .zero }
        func average(digits: Int) -> WireDecimal { WireDecimal(rounding: volume > 0 ? quote / volume : 0, digits: digits) ?? .zero }
        func amount(_ value: Double, digits: Int) -> WireDecimal { WireDecimal(rounding: value, digits: digits) ?? .zero }
    }

    func dayTickerFields(_ book: PaperBook, into out: inout JSONWriter) {
        let rules = book.rules
        let day = Day(book, nowMs: nowMs)
        out.field("symbol", rules.symbol)
        if let pair = book.pair { out.field("pair", pair) }
        out.field("priceChange", day.change(digits: rules.priceDigits))
        out.field("priceChangePercent", day.percent)
        out.field("weightedAvgPrice", day.average(digits: rules.priceDigits))
        if rules.market == .spot { out.field("prevClosePrice", day.open) }
        out.field("lastPrice", day.close)
        out.field("lastQty", day.lastQuantity)
        if rules.market == .spot {
            let depth = book.venue.depth
            let none = WireLevel(price: rules.price(tick: 0), quantity: rules.quantity(lots: 0))
            let bid = depth.bestBidTick == .min ? none : book.level(depth.bestBidTick, depth.bestBidQuantity)
            let ask = depth.bestAskTick == .max ? none : book.level(depth.bestAskTick, depth.bestAskQuantity)
            out.field("bidPrice", bid.price)
            out.field("bidQty", bid.quantity)
            out.field("askPrice", ask.price)
            out.field("askQty", ask.quantity)
        }
        out.field("openPrice", day.open)
        out.field("highPrice", day.high)
        out.field("lowPrice", day.low)
        out.field("volume", day.amount(day.volume, digits: rules.quantityDigits))
        out.field(rules.market == .coinMargined ? "baseVolume" : "quoteVolume", day.amount(day.quote, digits: 8))
        out.field("openTime", day.fromMs)
        out.field("closeTime", day.toMs)
        out.field("firstId", day.firstId)
        out.field("lastId", day.lastId)
        out.field("count", day.trades)
    }

    func dayTickerEvent(_ book: PaperBook, isMini: Bool, into out: inout JSONWriter) {
        let rules = book.rules
        let day = Day(book, nowMs: nowMs)
        out.beginObject()
        out.field("e", isMini ? "24hrMiniTicker" : "24hrTicker")
        out.field("E", nowMs)
        out.field("s", rules.symbol)
        if let pair = book.pair { out.field("ps", pair) }
        if !isMini {
            out.field("p", day.change(digits: rules.priceDigits))
            out.field("P", day.percent)
            out.field("w", day.average(digits: rules.priceDigits))
        }
        out.field("c", day.close)
        if !isMini { out.field("Q", day.lastQuantity) }
        out.field("o", day.open)
        out.field("h", day.high)
        out.field("l", day.low)
        out.field("v", day.amount(day.volume, digits: rules.quantityDigits))
        out.field("q", day.amount(day.quote, digits: 8))
        if !isMini {
            out.field("O", day.fromMs)
            out.field("C", day.toMs)
            out.field("F", day.firstId)
            out.field("L", day.lastId)
            out.field("n", day.trades)
        }
        out.endObject()
    }
}
