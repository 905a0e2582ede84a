import HBTTypes

/// What each message becomes (semantics §2.1).
extension BinanceConverter {
    func dispatch() throws {
        let fields = message.fields
        if options.combinedStream {
            if fields.data != nil { return try event() }
            if fields.e != nil { throw ScanFault.missingField("data (convert with combinedStream off)") }
        } else if fields.data != nil, fields.stream != nil {
            throw ScanFault.badField("data (convert with combinedStream on)")
        } else if fields.e != nil || fields.lastUpdateId == nil && fields.u != nil {
            return try event()
        }
        if fields.code != nil {
            restError()
        } else if fields.lastUpdateId != nil || message.isSnapshotNamed {
            try snapshot()
        } else if fields.result != nil {
            tally.reply += 1
        } else {
            unknown.add("(no type)")
        }
    }

    private func event() throws {
        let e = message.fields.e
        if message.isString(e, "trade") {
            try trade()
        } else if message.isString(e, "depthUpdate") {
            try depthUpdate()
        } else if message.isString(e, "bookTicker") {
            try bookTicker()
        } else if message.isString(e, "markPriceUpdate") {
            try markPrice()
        } else if let e {
            unknown.add(message.text(e))
        } else if message.fields.B != nil, message.fields.A != nil {
            // Spot's bookTicker has no type field.
            try bookTicker()
        } else {
            unknown.add("(no type)")
        }
    }

    private func trade() throws {
        tally.trade += 1
        let fields = message.fields
        let exchangeNs = try message.timeNs(fields.T, "T")
        noteTradeId(fields.t)
        lastExchangeNs = exchangeNs
        // Spot trades have no X; all of them happened in the market.
        if !venue.isSpot || fields.X != nil, !message.isString(fields.X, "MARKET") {
            if fields.X == nil { throw ScanFault.missingField("X") }
            tally.noMarketTrade += 1
            return
        }
        let price = try message.decimal(fields.p, "p"), quantity = try message.decimal(fields.q, "q")
        // m: the buyer was the maker, so the seller took.
        let side = try message.bool(fields.m, "m") ? EventFlags.sell : EventFlags.buy
        spool.beginGroup(exchangeNs: exchangeNs, localNs: localNs)
        try append(side | UInt64(EventKind.trade), exchangeNs, price, quantity)
    }

    private func require(_ state: BinanceMessage.Levels, _ name: StaticString) throws(ScanFault) {
        guard state == .levels else { throw state == .absent ? .missingField(name) : .badField(name) }
    }

    private func depthUpdate() throws {
        tally.depthUpdate += 1
        let fields = message.fields
        let exchangeNs = try venue.isSpot ? message.timeNs(fields.E, "E") : message.timeNs(fields.T, "T")
        try require(message.bidState, "b")
        try require(message.askState, "a")
        let first = try message.integer(fields.U, "U"), last = try message.integer(fields.u, "u")
        try noteUpdateIds(first: first, last: last)
        lastExchangeNs = exchangeNs
        if venue.isSpot { try alignSnapshot(first: first, last: last, exchangeNs: exchangeNs) }
        spool.beginGroup(exchangeNs: exchangeNs, localNs: localNs)
        try spool.append(message.bids, ev: EventFlags.buy | UInt64(EventKind.depth), exchangeNs: exchangeNs, localNs: localNs)
        try spool.append(message.asks, ev: EventFlags.sell | UInt64(EventKind.depth), exchangeNs: exchangeNs, localNs: localNs)
    }

    private func bookTicker() throws {
        tally.bookTicker += 1
        guard options.keepsBookTicker else {
            tally.unwantedBookTicker += 1
            return
        }
        let fields = message.fields
        let exchangeNs: Int64
        if fields.T != nil || !venue.isSpot {
            exchangeNs = try message.timeNs(fields.T, "T")
        } else if let lastExchangeNs {
            exchangeNs = lastExchangeNs
        } else {
            tally.timelessBookTicker += 1
            return
        }
        let bid = (try message.decimal(fields.b, "b"), try message.decimal(fields.B, "B"))
        let ask = (try message.decimal(fields.a, "a"), try message.decimal(fields.A, "A"))
        spool.beginGroup(exchangeNs: exchangeNs, localNs: localNs)
        try append(UInt64(EventKind.bestBid), exchangeNs, bid.0, bid.1)
        try append(UInt64(EventKind.bestAsk), exchangeNs, ask.0, ask.1)
    }

    private func markPrice() throws {
        tally.markPrice += 1
        guard options.keepsMarkPrice else {
            tally.unwantedMarkPrice += 1
            return
        }
        let fields = message.fields
        let exchangeNs = try message.timeNs(fields.T, "T")
        let index = try message.decimal(fields.i, "i")
        let mark = try message.decimal(fields.p, "p")
        let rate = try message.decimal(fields.r, "r")
        spool.beginGroup(exchangeNs: exchangeNs, localNs: localNs)
        try append(UInt64(EventKind.indexPrice), exchangeNs, index, 0)
        try append(UInt64(EventKind.markPrice), exchangeNs, mark, 0)
        try append(UInt64(EventKind.fundingRate), exchangeNs, rate, 0)
    }

    private func restError() {
        tally.restError += 1
        let text = "code \(message.text(message.fields.code)): \(message.text(message.fields.msg))"
        ConversionReport.note(.init(file: file, line: line, text: text), in: &report.restErrors)
    }

    private func snapshot() throws {
        tally.snapshot += 1
        try require(message.bidState, "bids")
        try require(message.askState, "asks")
        if venue.isSpot { return try holdSnapshot() }
        let exchangeNs = try message.timeNs(message.fields.T, "T")
        spool.beginGroup(exchangeNs: exchangeNs, localNs: localNs)
        try appendSnapshot(message.bids, EventFlags.buy, exchangeNs, localNs)
        try appendSnapshot(message.asks, EventFlags.sell, exchangeNs, localNs)
    }

    /// A clear row up to the worst level, then the levels.
    private func appendSnapshot(_ levels: LevelList, _ side: UInt64, _ exchangeNs: Int64, _ localNs: Int64) throws(MarketDataError) {
        guard levels.count > 0 else { return }
        try spool.append(MarketEvent(
            ev: side | UInt64(EventKind.depthClear), exchangeNs: exchangeNs, localNs: localNs, price: levels.last.price, quantity: 0))
        try spool.append(levels, ev: side | UInt64(EventKind.depthSnapshot), exchangeNs: exchangeNs, localNs: localNs)
    }

    private func append(_ ev: UInt64, _ exchangeNs: Int64, _ price: Double, _ quantity: Double) throws(MarketDataError) {
        try spool.append(MarketEvent(ev: ev, exchangeNs: exchangeNs, localNs: localNs, price: price, quantity: quantity))
    }
}
