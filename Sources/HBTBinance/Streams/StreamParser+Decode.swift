/// From the places of the fields to a typed message.
extension StreamParser {
    /// On failure `s` stands at the field that is wrong.
    func decode(_ s: inout WireScanner) throws(WireReason) -> StreamMessage {
        let end = s.p
        let e = fields[UInt8(ascii: "e"), 0]
        let result: StreamMessage
        if e != 0 {
            guard let kind = WireScanner.stringBytes(place(e)) else {
                s.p = place(e)
                throw .wrongType(UInt8(ascii: "e"))
            }
            result = try decode(kind, &s)
        } else if lastUpdateId != 0, isSnapshotNamed {
            result = try snapshot(&s)
        } else if fields[UInt8(ascii: "u"), 0] != 0, fields[UInt8(ascii: "B"), 0] != 0, fields[UInt8(ascii: "A"), 0] != 0 {
            result = try bookTicker(&s)
        } else {
            result = .other
        }
        s.p = end
        return result
    }

    @inline(__always)
    private func decode(_ kind: UnsafeBufferPointer<UInt8>, _ s: inout WireScanner) throws(WireReason) -> StreamMessage {
        switch kind.count {
        case 5:
            if WireScanner.equal(kind, "trade") { return try trade(&s) }
            if WireScanner.equal(kind, "kline") { return try kline(&s) }
        case 8: if WireScanner.equal(kind, "aggTrade") { return try aggTrade(&s) }
        case 10:
            if WireScanner.equal(kind, "bookTicker") { return try bookTicker(&s) }
            if WireScanner.equal(kind, "forceOrder") { return try forceOrder(&s) }
        case 11: if WireScanner.equal(kind, "depthUpdate") { return try depth(&s) }
        case 15: if WireScanner.equal(kind, "markPriceUpdate") { return try markPrice(&s) }
        default: break
        }
        return .other
    }

    private func depth(_ s: inout WireScanner) throws(WireReason) -> StreamMessage {
        guard hasBids else { throw .missing(UInt8(ascii: "b")) }
        guard hasAsks else { throw .missing(UInt8(ascii: "a")) }
        return .depth(DepthMessage(
            symbol: try text("s", &s), pair: try text(pair, "ps", &s), eventMs: try integer("E", &s),
            transactionMs: try optionalInteger("T", &s), firstUpdateId: try integer("U", &s), finalUpdateId: try integer("u", &s),
            previousFinalUpdateId: try integer(previousFinalUpdateId, "pu", &s)))
    }

    private func snapshot(_ s: inout WireScanner) throws(WireReason) -> StreamMessage {
        guard hasBids else { throw .missingField("bids") }
        guard hasAsks else { throw .missingField("asks") }
        guard let id = try integer(lastUpdateId, "lastUpdateId", &s) else { throw .missingField("lastUpdateId") }
        return .snapshot(SnapshotMessage(
            lastUpdateId: id, eventMs: try optionalInteger("E", &s), transactionMs: try optionalInteger("T", &s),
            symbol: try text(symbol, "symbol", &s), pair: try text(pair, "pair", &s)))
    }

    private func bookTicker(_ s: inout WireScanner) throws(WireReason) -> StreamMessage {
        .bookTicker(BookTickerMessage(
            symbol: try text("s", &s), pair: try text(pair, "ps", &s), updateId: try integer("u", &s),
            bid: WireLevel(price: try decimal("b", &s), quantity: try decimal("B", &s)),
            ask: WireLevel(price: try decimal("a", &s), quantity: try decimal("A", &s)),
            transactionMs: try optionalInteger("T", &s), eventMs: try optionalInteger("E", &s)))
    }

    private func trade(_ s: inout WireScanner) throws(WireReason) -> StreamMessage {
        .trade(TradeMessage(
            symbol: try text("s", &s), eventMs: try integer("E", &s), transactionMs: try integer("T", &s), tradeId: try integer("t", &s),
            price: try decimal("p", &s), quantity: try decimal("q", &s), kind: try optionalText("X", &s), isBuyerMaker: try flag("m", &s)))
    }

    private func aggTrade(_ s: inout WireScanner) throws(WireReason) -> StreamMessage {
        .aggTrade(AggTradeMessage(
            symbol: try text("s", &s), eventMs: try integer("E", &s), transactionMs: try integer("T", &s), aggTradeId: try integer("a", &s),
            firstTradeId: try integer("f", &s), lastTradeId: try integer("l", &s), price: try decimal("p", &s),
            quantity: try decimal("q", &s), isBuyerMaker: try flag("m", &s)))
    }

    private func kline(_ s: inout WireScanner) throws(WireReason) -> StreamMessage {
        let k = FieldTable.nested
        return .kline(KlineMessage(
            eventMs: try integer("E", &s), symbol: try text("s", &s),
            candle: Candle(
                openMs: try integer("t", &s, k), closeMs: try integer("T", &s, k), open: try decimal("o", &s, k), high: try decimal("h", &s, k),
                low: try decimal("l", &s, k), close: try decimal("c", &s, k), volume: try decimal("v", &s, k), quoteVolume: try decimal("q", &s, k),
                takerBuyVolume: try decimal("V", &s, k), takerBuyQuoteVolume: try decimal("Q", &s, k), firstTradeId: try integer("f", &s, k),
                lastTradeId: try integer("L", &s, k), trades: try integer("n", &s, k)),
            interval: try text("i", &s, k), isClosed: try flag("x", &s, k)))
    }

    private func markPrice(_ s: inout WireScanner) throws(WireReason) -> StreamMessage {
        // A delivery contract has no funding: its rate is the empty string.
        let rate = fields[UInt8(ascii: "r"), 0]
        let hasRate = rate != 0 && !(place(rate)[0] == UInt8(ascii: "\"") && place(rate)[1] == UInt8(ascii: "\""))
        return .markPrice(MarkPriceMessage(
            symbol: try text("s", &s), eventMs: try integer("E", &s), markPrice: try decimal("p", &s),
            indexPrice: fields[UInt8(ascii: "i"), 0] == 0 ? nil : try decimal("i", &s),
            settlePrice: fields[UInt8(ascii: "P"), 0] == 0 ? nil : try decimal("P", &s),
            fundingRate: hasRate ? try decimal("r", &s) : .zero, nextFundingMs: try integer("T", &s)))
    }

    private func forceOrder(_ s: inout WireScanner) throws(WireReason) -> StreamMessage {
        let o = FieldTable.nested
        return .forceOrder(ForceOrderMessage(
            symbol: try text("s", &s, o), eventMs: try integer("E", &s), transactionMs: try integer("T", &s, o), side: try text("S", &s, o),
            price: try decimal("p", &s, o), averagePrice: try average(&s), quantity: try decimal("q", &s, o),
            filledQuantity: try decimal("z", &s, o)))
    }
}

extension StreamParser {
    /// `ap` of the object in `o`.
    private func average(_ s: inout WireScanner) throws(WireReason) -> WireDecimal {
        guard averagePrice != 0 else { throw .missingField("ap") }
        s.p = place(averagePrice)
        var value = WireScanner(p: place(averagePrice))
        do throws(WireReason) { return try value.decimal() } catch { throw .wrongFieldType("ap") }
    }
}

/// One field each. `Unicode.Scalar` lets the calls above read like the wire.
extension StreamParser {
    @inline(__always)
    private func find(_ name: Unicode.Scalar, _ s: inout WireScanner, _ part: Int) throws(WireReason) -> WireScanner {
        let offset = fields[UInt8(ascii: name), part]
        guard offset != 0 else { throw .missing(UInt8(ascii: name)) }
        s.p = place(offset)
        return WireScanner(p: place(offset))
    }

    @inline(__always)
    fileprivate func integer(_ name: Unicode.Scalar, _ s: inout WireScanner, _ part: Int = 0) throws(WireReason) -> Int64 {
        var value = try find(name, &s, part)
        guard let integer = value.integer() else { throw .wrongType(UInt8(ascii: name)) }
        return integer
    }

    @inline(__always)
    fileprivate func optionalInteger(_ name: Unicode.Scalar, _ s: inout WireScanner) throws(WireReason) -> Int64? {
        fields[UInt8(ascii: name), 0] == 0 ? nil : try integer(name, &s)
    }

    @inline(__always)
    fileprivate func decimal(_ name: Unicode.Scalar, _ s: inout WireScanner, _ part: Int = 0) throws(WireReason) -> WireDecimal {
        var value = try find(name, &s, part)
        do throws(WireReason) { return try value.decimal() } catch { throw .wrongType(UInt8(ascii: name)) }
    }

    fileprivate func flag(_ name: Unicode.Scalar, _ s: inout WireScanner, _ part: Int = 0) throws(WireReason) -> Bool {
        let value = try find(name, &s, part)
        switch value.p.pointee {
        case UInt8(ascii: "t"): return true
        case UInt8(ascii: "f"): return false
        default: throw .wrongType(UInt8(ascii: name))
        }
    }

    @inline(__always)
    fileprivate func text(_ name: Unicode.Scalar, _ s: inout WireScanner, _ part: Int = 0) throws(WireReason) -> String {
        let value = try find(name, &s, part)
        guard let raw = WireScanner.stringBytes(value.p), let text = WireScanner.plainText(raw) else {
            throw .wrongType(UInt8(ascii: name))
        }
        return text
    }

    fileprivate func optionalText(_ name: Unicode.Scalar, _ s: inout WireScanner) throws(WireReason) -> String? {
        fields[UInt8(ascii: name), 0] == 0 ? nil : try text(name, &s)
    }

    @inline(__always)
    fileprivate func text(_ offset: Int, _ name: StaticString, _ s: inout WireScanner) throws(WireReason) -> String? {
        guard offset != 0 else { return nil }
        s.p = place(offset)
        guard let raw = WireScanner.stringBytes(place(offset)), let text = WireScanner.plainText(raw) else { throw .wrongFieldType(name) }
        return text
    }

    @inline(__always)
    fileprivate func integer(_ offset: Int, _ name: StaticString, _ s: inout WireScanner) throws(WireReason) -> Int64? {
        guard offset != 0 else { return nil }
        s.p = place(offset)
        var value = WireScanner(p: place(offset))
        guard let integer = value.integer() else { throw .wrongFieldType(name) }
        return integer
    }
}
