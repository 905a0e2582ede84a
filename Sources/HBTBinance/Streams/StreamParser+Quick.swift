/// Messages with their fields in the venue's own order and nothing else, read straight on.
///
/// Whatever is not exactly so, also what is malformed, is refused here and left to the general way, so that both
/// can never disagree: what is accepted here has each field once and of the right kind.
extension StreamParser {
    /// True when `message` is now the message in `bytes`.
    @inline(__always)
    mutating func quick(_ message: inout StreamMessage) -> Bool {
        let start = UnsafePointer(bytes.start)
        var s = WireScanner(p: start)
        var isWrapped = false
        if s.take("{\"stream\":\"") {
            isWrapped = true
            streamName = s.p - start - 1
            s.skipPlain()
            guard s.take("\",\"data\":") else { return false }
        }
        guard quickPayload(&s, &message), s.take("}") else { return false }
        if isWrapped { guard s.take("}") else { return false } }
        return s.p == start + bytes.count
    }

    @inline(__always)
    private mutating func quickPayload(_ s: inout WireScanner, _ message: inout StreamMessage) -> Bool {
        if s.take("{\"e\":\"") {
            if s.take("depthUpdate\",\"E\":") { return quickDepth(&s, &message) }
            if s.take("bookTicker\",\"u\":") {
                guard let id = s.quickInteger() else { return false }
                return quickTicker(id, &s, &message)
            }
            if s.take("trade\",\"E\":") { return quickTrade(&s, &message) }
            return false
        }
        guard s.take("{\"u\":"), let id = s.quickInteger() else { return false }
        // COIN-M names the event behind the id, the spot market not at all.
        _ = s.take(",\"e\":\"bookTicker\"")
        return quickTicker(id, &s, &message)
    }

    private mutating func quickDepth(_ s: inout WireScanner, _ message: inout StreamMessage) -> Bool {
        guard let eventMs = s.quickInteger() else { return false }
        var transactionMs: Int64?, previousId: Int64?
        if s.take(",\"T\":") {
            guard let ms = s.quickInteger() else { return false }
            transactionMs = ms
        }
        guard s.take(",\"s\":"), let symbol = newestSymbol.read(&s) else { return false }
        var pair: String?
        if s.take(",\"ps\":") {
            guard let text = s.quickText() else { return false }
            pair = text
        }
        guard s.take(",\"U\":"), let firstId = s.quickInteger(), s.take(",\"u\":"), let lastId = s.quickInteger() else { return false }
        if s.take(",\"pu\":") {
            guard let id = s.quickInteger() else { return false }
            previousId = id
        }
        guard s.take(",\"b\":"), s.p.pointee == UInt8(ascii: "[") else { return false }
        do throws(WireReason) {
            try readBids(&s)
            guard s.take(",\"a\":"), s.p.pointee == UInt8(ascii: "[") else { return false }
            try readAsks(&s)
        } catch {
            return false
        }
        message = .depth(DepthMessage(
            symbol: symbol, pair: pair, eventMs: eventMs, transactionMs: transactionMs, firstUpdateId: firstId, finalUpdateId: lastId,
            previousFinalUpdateId: previousId))
        return true
    }

    @inline(__always)
    private mutating func quickTicker(_ id: Int64, _ s: inout WireScanner, _ message: inout StreamMessage) -> Bool {
        guard s.take(",\"s\":"), let symbol = newestSymbol.read(&s) else { return false }
        var pair: String?
        if s.take(",\"ps\":") {
            guard let text = s.quickText() else { return false }
            pair = text
        }
        guard s.take(",\"b\":"), let bid = s.quickQuoted(), s.take(",\"B\":"), let bidQuantity = s.quickQuoted(),
            s.take(",\"a\":"), let ask = s.quickQuoted(), s.take(",\"A\":"), let askQuantity = s.quickQuoted()
        else { return false }
        var transactionMs: Int64?, eventMs: Int64?
        if s.take(",\"T\":") {
            guard let first = s.quickInteger(), s.take(",\"E\":"), let second = s.quickInteger() else { return false }
            (transactionMs, eventMs) = (first, second)
        }
        message = .bookTicker(BookTickerMessage(
            symbol: symbol, pair: pair, updateId: id, bid: WireLevel(price: bid, quantity: bidQuantity),
            ask: WireLevel(price: ask, quantity: askQuantity), transactionMs: transactionMs, eventMs: eventMs))
        return true
    }

    @inline(__always)
    private mutating func quickTrade(_ s: inout WireScanner, _ message: inout StreamMessage) -> Bool {
        guard let eventMs = s.quickInteger() else { return false }
        var transactionMs: Int64 = 0
        let isFutures = s.take(",\"T\":")
        if isFutures {
            guard let ms = s.quickInteger() else { return false }
            transactionMs = ms
        }
        guard s.take(",\"s\":"), let symbol = newestSymbol.read(&s), s.take(",\"t\":"), let id = s.quickInteger(),
            s.take(",\"p\":"), let price = s.quickQuoted(), s.take(",\"q\":"), let quantity = s.quickQuoted()
        else { return false }
        var kind: String?
        if isFutures {
            if s.take(",\"X\":\"MARKET\"") { kind = "MARKET" }
        } else {
            guard s.take(",\"T\":"), let ms = s.quickInteger() else { return false }
            transactionMs = ms
        }
        guard s.take(",\"m\":"), let isBuyerMaker = s.quickFlag() else { return false }
        if !isFutures { guard s.take(",\"M\":"), s.quickFlag() != nil else { return false } }
        message = .trade(TradeMessage(
            symbol: symbol, eventMs: eventMs, transactionMs: transactionMs, tradeId: id, price: price, quantity: quantity, kind: kind,
            isBuyerMaker: isBuyerMaker))
        return true
    }
}
