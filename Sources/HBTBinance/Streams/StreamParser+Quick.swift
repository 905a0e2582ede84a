/// Messages with their fields in the venue's own order and nothing else, read straight on.
///
/// Whatever is not exactly so, also what is malformed, is nil here and left to the general way, so that both
/// can never disagree: what is accepted here has each field once and of the right kind.
extension StreamParser {
    @inline(__always)
    mutating func quick() -> StreamMessage? {
        let start = UnsafePointer(bytes.start)
        var s = WireScanner(p: start)
        var isWrapped = false
        if s.take("{\"stream\":\"") {
            isWrapped = true
            streamName = s.p - start - 1
            s.skipPlain()
            guard s.take("\",\"data\":") else { return nil }
        }
        guard let message = quickPayload(&s), s.take("}") else { return nil }
        if isWrapped { guard s.take("}") else { return nil } }
        return s.p == start + bytes.count ? message : nil
    }

    @inline(__always)
    private mutating func quickPayload(_ s: inout WireScanner) -> StreamMessage? {
        if s.take("{\"e\":\"") {
            if s.take("depthUpdate\",\"E\":") { return quickDepth(&s) }
            if s.take("bookTicker\",\"u\":") {
                guard let id = s.quickInteger() else { return nil }
                return quickTicker(id, &s)
            }
            if s.take("trade\",\"E\":") { return quickTrade(&s) }
            return nil
        }
        guard s.take("{\"u\":"), let id = s.quickInteger() else { return nil }
        // COIN-M names the event behind the id, the spot market not at all.
        _ = s.take(",\"e\":\"bookTicker\"")
        return quickTicker(id, &s)
    }

    private mutating func quickDepth(_ s: inout WireScanner) -> StreamMessage? {
        guard let eventMs = s.quickInteger() else { return nil }
        var transactionMs: Int64?, previousId: Int64?
        if s.take(",\"T\":") {
            guard let ms = s.quickInteger() else { return nil }
            transactionMs = ms
        }
        guard s.take(",\"s\":"), let symbol = newestSymbol.read(&s) else { return nil }
        var pair: String?
        if s.take(",\"ps\":") {
            guard let text = s.quickText() else { return nil }
            pair = text
        }
        guard s.take(",\"U\":"), let firstId = s.quickInteger(), s.take(",\"u\":"), let lastId = s.quickInteger() else { return nil }
        if s.take(",\"pu\":") {
            guard let id = s.quickInteger() else { return nil }
            previousId = id
        }
        guard s.take(",\"b\":"), s.p.pointee == UInt8(ascii: "[") else { return nil }
        do throws(WireReason) {
            try readBids(&s)
            guard s.take(",\"a\":"), s.p.pointee == UInt8(ascii: "[") else { return nil }
            try readAsks(&s)
        } catch {
            return nil
        }
        return .depth(DepthMessage(
            symbol: symbol, pair: pair, eventMs: eventMs, transactionMs: transactionMs, firstUpdateId: firstId, finalUpdateId: lastId,
            previousFinalUpdateId: previousId))
    }

    @inline(__always)
    private mutating func quickTicker(_ id: Int64, _ s: inout WireScanner) -> StreamMessage? {
        guard s.take(",\"s\":"), let symbol = newestSymbol.read(&s) else { return nil }
        var pair: String?
        if s.take(",\"ps\":") {
            guard let text = s.quickText() else { return nil }
            pair = text
        }
        guard s.take(",\"b\":"), let bid = s.quickQuoted(), s.take(",\"B\":"), let bidQuantity = s.quickQuoted(),
            s.take(",\"a\":"), let ask = s.quickQuoted(), s.take(",\"A\":"), let askQuantity = s.quickQuoted()
        else { return nil }
        var transactionMs: Int64?, eventMs: Int64?
        if s.take(",\"T\":") {
            guard let first = s.quickInteger(), s.take(",\"E\":"), let second = s.quickInteger() else { return nil }
            (transactionMs, eventMs) = (first, second)
        }
        return .bookTicker(BookTickerMessage(
            symbol: symbol, pair: pair, updateId: id, bid: WireLevel(price: bid, quantity: bidQuantity),
            ask: WireLevel(price: ask, quantity: askQuantity), transactionMs: transactionMs, eventMs: eventMs))
    }

    @inline(__always)
    private mutating func quickTrade(_ s: inout WireScanner) -> StreamMessage? {
        guard let eventMs = s.quickInteger() else { return nil }
        var transactionMs: Int64 = 0
        let isFutures = s.take(",\"T\":")
        if isFutures {
            guard let ms = s.quickInteger() else { return nil }
            transactionMs = ms
        }
        guard s.take(",\"s\":"), let symbol = newestSymbol.read(&s), s.take(",\"t\":"), let id = s.quickInteger(),
            s.take(",\"p\":"), let price = s.quickQuoted(), s.take(",\"q\":"), let quantity = s.quickQuoted()
        else { return nil }
        var kind: String?
        if isFutures {
            if s.take(",\"X\":\"MARKET\"") { kind = "MARKET" }
        } else {
            guard s.take(",\"T\":"), let ms = s.quickInteger() else { return nil }
            transactionMs = ms
        }
        guard s.take(",\"m\":"), let isBuyerMaker = s.quickFlag() else { return nil }
        if !isFutures { guard s.take(",\"M\":"), s.quickFlag() != nil else { return nil } }
        return .trade(TradeMessage(
            symbol: symbol, eventMs: eventMs, transactionMs: transactionMs, tradeId: id, price: price, quantity: quantity, kind: kind,
            isBuyerMaker: isBuyerMaker))
    }
}
