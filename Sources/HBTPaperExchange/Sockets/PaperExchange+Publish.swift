import HBTBinance

/// Market streams.
extension PaperExchange {
    /// Who listens to a book, and for what.
    func listeners(book: Int, _ isWanted: (StreamName.Kind) -> Bool) -> [(id: ConnectionID, name: String, kind: StreamName.Kind)] {
        var found: [(id: ConnectionID, name: String, kind: StreamName.Kind)] = []
        for id in connectionOrder {
            guard let connection = connections[id] else { continue }
            for subscription in connection.streams where subscription.books.contains(book) {
                if let stream = subscription.stream, isWanted(stream.kind) { found.append((id, subscription.name, stream.kind)) }
            }
        }
        return found
    }

    func deliver(_ payload: [UInt8], to id: ConnectionID, name: String) {
        guard connections[id]?.kind == .combined else { return send(.text(payload), to: id, isMarketData: true) }
        var out = JSONWriter(capacity: payload.count + 64)
        out.wrap(stream: name, payload: payload)
        send(.text(out.bytes), to: id, isMarketData: true)
    }

    /// What goes out at once: trades, the best bid and offer, depth at full speed.
    func publishRows(book index: Int, trades: [TradeLog.Row]) {
        let book = books[index]
        guard !connectionOrder.isEmpty else { return }
        let market = book.rules.market
        if !trades.isEmpty {
            let listeners = listeners(book: index) { $0 == .trade }
            for trade in trades where !listeners.isEmpty {
                let payload = encoded { book.message(trade, eventMs: nowMs).encode(into: &$0, market: market) }
                for listener in listeners { deliver(payload, to: listener.id, name: listener.name) }
            }
            let aggregated = self.listeners(book: index) { $0 == .aggTrade }
            if !aggregated.isEmpty {
                for aggregate in book.trades.aggregates.reversed().prefix(while: { $0.lastId >= trades[0].id }).reversed() {
                    let payload = encoded { book.message(aggregate, eventMs: nowMs).encode(into: &$0, market: market) }
                    for listener in aggregated { deliver(payload, to: listener.id, name: listener.name) }
                }
            }
        }
        if let top = book.takeTop(eventMs: nowMs) {
            let listeners = listeners(book: index) { $0 == .bookTicker }
            if !listeners.isEmpty {
                let payload = encoded { top.encode(into: &$0, market: market) }
                for listener in listeners { deliver(payload, to: listener.id, name: listener.name) }
            }
        }
        if let window = book.depthWindows.firstIndex(where: { $0.everyMs == 0 }) { publishDepth(book: index, window: window) }
    }

    private func publishDepth(book index: Int, window: Int) {
        let book = books[index]
        let everyMs = book.depthWindows[window].everyMs
        guard let payload = book.takeDepth(window, eventMs: nowMs) else { return }
        // The ids go on as if the message had been sent.
        if faults.strikes(.gap) { return }
        for listener in listeners(book: index, { $0 == .depth(everyMs: everyMs) }) { deliver(payload, to: listener.id, name: listener.name) }
    }

    /// What goes out on multiples of its interval.
    func publishTimed(at ns: Int64) {
        guard !connectionOrder.isEmpty else { return }
        for index in books.indices {
            let book = books[index]
            for window in book.depthWindows.indices where book.depthWindows[window].nextNs <= ns {
                book.depthWindows[window].nextNs = DepthWindow.boundary(after: ns, book.depthWindows[window].everyMs)
                publishDepth(book: index, window: window)
            }
            publishPartial(book: index, at: ns)
            if ns % 250_000_000 == 0 { publishCandles(book: index) }
            if ns % 1_000_000_000 == 0 { publishSeconds(book: index, at: ns) }
        }
    }

    private func publishPartial(book index: Int, at ns: Int64) {
        let partial = listeners(book: index) { if case .partialDepth(_, let everyMs) = $0 { ns % (max(everyMs, 50) * 1_000_000) == 0 } else { false } }
        for listener in partial {
            guard case .partialDepth(let levels, _) = listener.kind else { continue }
            deliver(books[index].partialDepth(levels: levels, eventMs: nowMs), to: listener.id, name: listener.name)
        }
    }

    private func publishCandles(book index: Int) {
        let book = books[index]
        let wanted = listeners(book: index) { if case .kline = $0 { true } else { false } }
        var published: [KlineInterval] = []
        for listener in wanted {
            guard case .kline(let interval) = listener.kind, let candle = book.candles.last(interval, book.rules) else { continue }
            let isClosed = nowMs > candle.closeMs
            guard book.candles.changed(interval) || (isClosed && nowMs - candle.closeMs <= 250) else { continue }
            let message = KlineMessage(eventMs: nowMs, symbol: book.rules.symbol, candle: candle, interval: interval.rawValue, isClosed: isClosed)
            deliver(encoded { message.encode(into: &$0) }, to: listener.id, name: listener.name)
            published.append(interval)
        }
        for interval in published { book.candles.markPublished(interval) }
    }

    private func publishSeconds(book index: Int, at ns: Int64) {
        let book = books[index]
        let marks = listeners(book: index) { if case .markPrice(let everyMs) = $0 { ns % (everyMs * 1_000_000) == 0 } else { false } }
        for listener in marks {
            var payload = encoded { book.markPrice(eventMs: nowMs, settings.funding).encode(into: &$0) }
            if listener.name.hasPrefix("!") { payload = [UInt8(ascii: "[")] + payload + [UInt8(ascii: "]")] }
            deliver(payload, to: listener.id, name: listener.name)
        }
        for listener in listeners(book: index, { $0 == .ticker || $0 == .miniTicker }) {
            var payload = encoded { dayTickerEvent(book, isMini: listener.kind == .miniTicker, into: &$0) }
            if listener.name.hasPrefix("!") { payload = [UInt8(ascii: "[")] + payload + [UInt8(ascii: "]")] }
            deliver(payload, to: listener.id, name: listener.name)
        }
    }

    func encoded(_ write: (inout JSONWriter) -> Void) -> [UInt8] {
        var out = JSONWriter()
        write(&out)
        return out.bytes
    }
}
