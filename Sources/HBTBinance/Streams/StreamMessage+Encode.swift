/// Messages as the venue writes them, field by field in its order.
extension DepthMessage {
    public func encode(into out: inout JSONWriter, bids: some Sequence<WireLevel>, asks: some Sequence<WireLevel>) {
        out.beginObject()
        out.field("e", "depthUpdate")
        out.field("E", eventMs)
        out.field("T", ifPresent: transactionMs)
        out.field("s", symbol)
        out.field("ps", ifPresent: pair)
        out.field("U", firstUpdateId)
        out.field("u", finalUpdateId)
        out.field("pu", ifPresent: previousFinalUpdateId)
        out.levels("b", bids)
        out.levels("a", asks)
        out.endObject()
    }
}

extension SnapshotMessage {
    public func encode(into out: inout JSONWriter, bids: some Sequence<WireLevel>, asks: some Sequence<WireLevel>) {
        out.beginObject()
        out.field("lastUpdateId", lastUpdateId)
        out.field("E", ifPresent: eventMs)
        out.field("T", ifPresent: transactionMs)
        out.field("symbol", ifPresent: symbol)
        out.field("pair", ifPresent: pair)
        out.levels("bids", bids)
        out.levels("asks", asks)
        out.endObject()
    }
}

extension BookTickerMessage {
    public func encode(into out: inout JSONWriter, market: VenueMarket) {
        out.beginObject()
        if market == .usdMargined { out.field("e", "bookTicker") }
        out.field("u", updateId)
        if market == .coinMargined { out.field("e", "bookTicker") }
        out.field("s", symbol)
        out.field("ps", ifPresent: pair)
        out.field("b", bid.price)
        out.field("B", bid.quantity)
        out.field("a", ask.price)
        out.field("A", ask.quantity)
        out.field("T", ifPresent: transactionMs)
        out.field("E", ifPresent: eventMs)
        out.endObject()
    }
}

extension TradeMessage {
    public func encode(into out: inout JSONWriter, market: VenueMarket) {
        out.beginObject()
        out.field("e", "trade")
        out.field("E", eventMs)
        if market.isFutures { out.field("T", transactionMs) }
        out.field("s", symbol)
        out.field("t", tradeId)
        out.field("p", price)
        out.field("q", quantity)
        if market.isFutures {
            out.field("X", kind ?? "MARKET")
            out.field("m", isBuyerMaker)
        } else {
            out.field("T", transactionMs)
            out.field("m", isBuyerMaker)
            out.field("M", true)
        }
        out.endObject()
    }
}

extension AggTradeMessage {
    public func encode(into out: inout JSONWriter, market: VenueMarket) {
        out.beginObject()
        out.field("e", "aggTrade")
        out.field("E", eventMs)
        if market.isFutures { out.field("a", aggTradeId) }
        out.field("s", symbol)
        if !market.isFutures { out.field("a", aggTradeId) }
        out.field("p", price)
        out.field("q", quantity)
        out.field("f", firstTradeId)
        out.field("l", lastTradeId)
        out.field("T", transactionMs)
        out.field("m", isBuyerMaker)
        if !market.isFutures { out.field("M", true) }
        out.endObject()
    }
}

extension KlineMessage {
    public func encode(into out: inout JSONWriter) {
        out.beginObject()
        out.field("e", "kline")
        out.field("E", eventMs)
        out.field("s", symbol)
        out.name("k")
        out.beginObject()
        out.field("t", candle.openMs)
        out.field("T", candle.closeMs)
        out.field("s", symbol)
        out.field("i", interval)
        out.field("f", candle.firstTradeId)
        out.field("L", candle.lastTradeId)
        out.field("o", candle.open)
        out.field("c", candle.close)
        out.field("h", candle.high)
        out.field("l", candle.low)
        out.field("v", candle.volume)
        out.field("n", candle.trades)
        out.field("x", isClosed)
        out.field("q", candle.quoteVolume)
        out.field("V", candle.takerBuyVolume)
        out.field("Q", candle.takerBuyQuoteVolume)
        out.field("B", "0")
        out.endObject()
        out.endObject()
    }
}

extension MarkPriceMessage {
    public func encode(into out: inout JSONWriter) {
        out.beginObject()
        out.field("e", "markPriceUpdate")
        out.field("E", eventMs)
        out.field("s", symbol)
        out.field("p", markPrice)
        out.field("P", ifPresent: settlePrice)
        out.field("i", ifPresent: indexPrice)
        out.field("r", fundingRate)
        out.field("T", nextFundingMs)
        out.endObject()
    }
}

extension ForceOrderMessage {
    public func encode(into out: inout JSONWriter) {
        out.beginObject()
        out.field("e", "forceOrder")
        out.field("E", eventMs)
        out.name("o")
        out.beginObject()
        out.field("s", symbol)
        out.field("S", side)
        out.field("o", "LIMIT")
        out.field("f", "IOC")
        out.field("q", quantity)
        out.field("p", price)
        out.field("ap", averagePrice)
        out.field("X", "FILLED")
        out.field("l", filledQuantity)
        out.field("z", filledQuantity)
        out.field("T", transactionMs)
        out.endObject()
        out.endObject()
    }
}

extension JSONWriter {
    public mutating func levels(_ name: StaticString, _ levels: some Sequence<WireLevel>) {
        self.name(name)
        beginArray()
        for level in levels {
            beginArray()
            decimal(level.price)
            decimal(level.quantity)
            endArray()
        }
        endArray()
    }

    /// A combined stream's wrapper around a payload.
    public mutating func wrap(stream: String, payload: [UInt8]) {
        beginObject()
        field("stream", stream)
        name("data")
        embed(payload)
        endObject()
    }
}
