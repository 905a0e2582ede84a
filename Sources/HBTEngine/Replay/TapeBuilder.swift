import HBTTypes

/// The state of one compilation. A value, so that its row loops carry no checks of exclusive access.
struct TapeBuilder<Twin: LevelStore> {
    private let source: any EventSource
    /// The source when it lends its rows; else nil, and `block` is where they are read to.
    private let lender: (any LendingEventSource)?
    private let block: UnsafeMutableBufferPointer<MarketEvent>
    private var decoder: TapeDecoder
    private var sizes: TapeSizes
    private var header: TapeHeader
    private var exchange: TapeTrack<Twin>
    private var local: TapeTrack<Twin>
    private let snapshot: DepthBook<Twin>?
    private let sink: any TapeSink
    private let finisher: TapeFinisher
    private let segmentRows: Int
    private var draft = TapeDraft()
    private var exchangeBatches = TapeColumn<TapeExchangeBatch>()
    private var specials = TapeColumn<TapeSpecial>()
    private var localBatches = TapeColumn<TapeLocalBatch>()
    private var trades = TapeColumn<TapeTrade>()
    /// Rows of the data at which the segment ends.
    private var segmentEnd: Int64
    /// Time of the rows that make up the batch under way; nil between batches.
    private var exchangeNs: Int64?
    private var localNs: Int64?
    /// Exchange time of the newest local row.
    private var newestNs: Int64 = 0
    /// Depth rows that belong before the first batch.
    private var opening = 0

    init(_ input: AssetInput, _ compatibility: Compatibility, _ sink: any TapeSink, _ segmentRows: Int, inOneThread: Bool) throws {
        let spec = input.spec
        let isReference = compatibility == .hftbacktest24
        let grid = Grid(tickSize: spec.tickSize, lotSize: spec.lotSize)
        header = TapeHeader(spec: spec, isReference: isReference, snapshot: input.initialSnapshot)
        var range: ClosedRange<Int64>?
        header.width = TapeHeader.openWidth
        if case .roi(let lower, let upper) = spec.book {
            let first = grid.tick(lower), last = grid.tick(upper)
            let count = last.subtractingReportingOverflow(first)
            guard !count.overflow, count.partialValue < TapeHeader.widest else {
                throw TapeRefusal("a range of interest from \(first) to \(last) ticks is too wide")
            }
            range = first...last
            header.width = (count.partialValue + 256) & ~255
        }
        source = input.events
        lender = input.events as? any LendingEventSource
        block = .allocate(capacity: lender == nil ? FeedStream.blockRows : 0)
        decoder = TapeDecoder(grid: grid, offsetNs: spec.feedLatencyOffsetNs)
        sizes = TapeSizes(lotSize: spec.lotSize)
        exchange = TapeTrack(grid: grid, isReference: isReference, range: range, width: header.width, keepsChanges: true)
        local = TapeTrack(grid: grid, isReference: isReference, range: range, width: header.width, keepsChanges: false)
        if input.initialSnapshot.isEmpty {
            snapshot = nil
        } else {
            var book = DepthBook<Twin>(grid: grid, spec: spec.book, isReference: isReference)
            book.load(snapshot: input.initialSnapshot)
            snapshot = book
        }
        self.sink = sink
        finisher = TapeFinisher(sink, cellCount: 2 * Int(header.width), inOneThread: inOneThread)
        self.segmentRows = segmentRows
        segmentEnd = Int64(segmentRows)
    }

    func deallocate() {
        finisher.deallocate()
        block.deallocate()
        decoder.deallocate()
        exchange.deallocate()
        local.deallocate()
        snapshot?.deallocate()
        exchangeBatches.deallocate()
        specials.deallocate()
        localBatches.deallocate()
        trades.deallocate()
    }

    mutating func run() throws -> Int64 {
        if let snapshot {
            try exchange.load(snapshot, &sizes)
            if let first = exchange.firstTick, local.firstTick == nil { local.adopt(firstTick: first) }
            try local.load(snapshot, &sizes)
        }
        opening = exchange.rows.count
        while case let block = try nextBlock(), let base = block.baseAddress, !block.isEmpty {
            var next = 0
            while next < block.count {
                // Segments end at the same rows however the source cuts its blocks.
                let end = min(block.count, next + Int(min(segmentEnd - decoder.rows, Int64(TapeDecoder.capacity))))
                try take(base + next, end - next)
                next = end
                if decoder.rows == segmentEnd { try flush() }
            }
        }
        try flush()
        try finisher.settle()
        header.firstTick = exchange.firstTick ?? 0
        header.lotValue = try sizes.value()
        header.rows = decoder.rows
        try sink.finish(header: header.bytes)
        return decoder.rows
    }

    private func nextBlock() throws -> UnsafeBufferPointer<MarketEvent> {
        if let lender { return try lender.lend() }
        return UnsafeBufferPointer(rebasing: UnsafeBufferPointer(block)[..<(try source.read(into: block))])
    }

    private mutating func take(_ events: UnsafePointer<MarketEvent>, _ count: Int) throws {
        decoder.decode(events, count: count, rule: sizes.soleRule)
        var start = 0
        for i in 0..<decoder.runCount {
            let run = decoder.runs[i], end = Int(run.end)
            try take(run, events, start, end)
            start = end
        }
        if let failure = decoder.failure { throw failure }
    }

    private mutating func take(_ run: TapeDecoder.Run, _ events: UnsafePointer<MarketEvent>, _ start: Int, _ end: Int) throws {
        guard run.isExchange || run.isLocal else { return }
        if run.isExchange, exchangeNs != run.exchangeNs {
            closeExchangeBatch()
            exchangeNs = run.exchangeNs
        }
        if run.isLocal {
            if localNs != run.localNs {
                try closeLocalBatch()
                localNs = run.localNs
            }
            newestNs = run.exchangeNs
        }
        switch run.kind {
        case .bidLevel, .askLevel:
            if exchange.firstTick == nil {
                let first = try TapeHeader.openStart(around: decoder.ticks[start])
                exchange.adopt(firstTick: first)
                local.adopt(firstTick: first)
            }
            if run.isWhole { try levels(run, events, start, end) } else { try provedLevels(run, events, start, end) }
        case .buyTrade, .sellTrade:
            for i in start..<end {
                if run.isExchange { special(run, events, i) }
                if run.isLocal { trades.append(TapeTrade(events + i, localNs: run.localNs)) }
            }
        case .sidelessTrade:
            if run.isLocal { for i in start..<end { trades.append(TapeTrade(events + i, localNs: run.localNs)) } }
        case .clearBids, .clearAsks, .clearBoth:
            for i in start..<end {
                let row = decoder.exchangeRow(run, events + i, tick: decoder.ticks[i])
                if run.isExchange { try exchange.clear(row) }
                if run.isLocal { try local.clear(row) }
            }
        case .other:
            break
        }
    }

    @inline(__always) private mutating func levels(
        _ run: TapeDecoder.Run, _ events: UnsafePointer<MarketEvent>, _ start: Int, _ end: Int
    ) throws {
        let isBid = run.kind == .bidLevel
        if run.isExchange {
            var next = start
            while next < end {
                next = try exchange.levels(isBid: isBid, decoder.ticks, decoder.lots, from: next, to: end)
                if next < end {
                    special(run, events, next)
                    next += 1
                }
            }
        }
        if run.isLocal {
            var next = start
            while next < end { next = try local.levels(isBid: isBid, decoder.ticks, decoder.lots, from: next, to: end) + 1 }
        }
    }

    /// Levels whose sizes have to be looked at one by one.
    private mutating func provedLevels(_ run: TapeDecoder.Run, _ events: UnsafePointer<MarketEvent>, _ start: Int, _ end: Int) throws {
        let isBid = run.kind == .bidLevel
        for i in start..<end {
            let tick = decoder.ticks[i]
            guard exchange.book.isInRange(tick) else {
                if run.isExchange { special(run, events, i) }
                continue
            }
            let lots = try sizes.lots(events[i].quantity)
            if run.isExchange { try exchange.level(isBid: isBid, tick, lots: lots) }
            if run.isLocal { try local.level(isBid: isBid, tick, lots: lots) }
        }
    }

    private mutating func special(_ run: TapeDecoder.Run, _ events: UnsafePointer<MarketEvent>, _ i: Int) {
        specials.append(TapeSpecial(decoder.exchangeRow(run, events + i, tick: decoder.ticks[i]), position: exchange.rows.count))
    }

    private mutating func closeExchangeBatch() {
        guard let ns = exchangeNs else { return }
        exchangeBatches.append(TapeExchangeBatch(ns: ns, depthEnd: Int32(exchange.rows.count), specialEnd: Int32(specials.count)))
        exchangeNs = nil
    }

    private mutating func closeLocalBatch() throws(TapeRefusal) {
        guard let ns = localNs else { return }
        localBatches.append(TapeLocalBatch(
            ns: ns, exchangeNs: newestNs, depthEnd: Int32(local.rows.count), tradeEnd: Int32(trades.count),
            bestBidTick: try local.narrow(local.book.bestBidTick), bestAskTick: try local.narrow(local.book.bestAskTick)))
        localNs = nil
    }

    private mutating func flush() throws {
        guard exchange.rows.count < 1 << 30, local.rows.count < 1 << 30 else { throw TapeRefusal("a segment grew beyond 2^30 rows") }
        closeExchangeBatch()
        try closeLocalBatch()
        draft.head = [
            Int64(exchangeBatches.count), Int64(exchange.rows.count), Int64(specials.count), Int64(exchange.bidChanges.count),
            Int64(exchange.askChanges.count), Int64(opening), Int64(exchange.openingBid), Int64(exchange.openingAsk), decoder.rows,
        ]
        draft.localHead = [
            Int64(localBatches.count), Int64(local.rows.count), Int64(trades.count), 0, 0, Int64(opening),
            Int64(local.openingBid), Int64(local.openingAsk), decoder.rows,
        ]
        // The draft's columns are empty; from here on they are the builder's.
        swap(&draft.exchangeBatches, &exchangeBatches)
        swap(&draft.specials, &specials)
        swap(&draft.localBatches, &localBatches)
        swap(&draft.trades, &trades)
        swap(&draft.exchangeRows, &exchange.rows)
        swap(&draft.localRows, &local.rows)
        swap(&draft.bidChanges, &exchange.bidChanges)
        swap(&draft.askChanges, &exchange.askChanges)
        draft = try finisher.take(draft)
        try exchange.startSegment()
        try local.startSegment()
        segmentEnd = decoder.rows + Int64(segmentRows)
        opening = 0
    }
}
