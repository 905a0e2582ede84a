import HBTTypes

/// The state of one compilation. A value, so that its row loops carry no checks of exclusive access.
struct TapeBuilder<Levels: LevelStore> {
    private let source: any EventSource
    private let block: UnsafeMutablePointer<MarketEvent>
    private var decoder: TapeDecoder
    private var sizes: TapeSizes
    private var header: TapeHeader
    private var exchange: TapeTrack<Levels>
    private var local: TapeTrack<Levels>
    private let snapshot: [MarketEvent]
    private let sink: any TapeSink
    private let segmentRows: Int
    private var exchangeBatches = TapeColumn<TapeExchangeBatch>()
    private var specials = TapeColumn<TapeSpecial>()
    private var localBatches = TapeColumn<TapeLocalBatch>()
    private var trades = TapeColumn<TapeTrade>()
    private var index: TapeIndexBuilder
    private var assembly = TapeAssembly()
    /// Rows of the data at which the segment ends.
    private var segmentEnd: Int64
    /// Time of the rows that make up the batch under way; nil between batches.
    private var exchangeNs: Int64?
    private var localNs: Int64?
    /// Exchange time of the newest local row.
    private var newestNs: Int64 = 0
    /// Depth rows that belong before the first batch.
    private var opening = 0

    init(_ input: AssetInput, _ compatibility: Compatibility, _ sink: any TapeSink, _ segmentRows: Int) throws {
        let spec = input.spec
        let isReference = compatibility == .hftbacktest24
        let grid = Grid(tickSize: spec.tickSize, lotSize: spec.lotSize)
        header = TapeHeader(spec: spec, isReference: isReference, snapshot: input.initialSnapshot)
        var firstTick: Int64?
        header.width = TapeHeader.openWidth
        if case .roi(let lower, let upper) = spec.book {
            firstTick = grid.tick(lower)
            let count = grid.tick(upper) - grid.tick(lower) + 1
            guard count <= TapeHeader.widest else { throw TapeRefusal("a range of interest of \(count) ticks is too wide") }
            header.width = (count + 255) & ~255
        }
        source = input.events
        block = .allocate(capacity: FeedStream.blockRows)
        decoder = TapeDecoder(grid: grid, offsetNs: spec.feedLatencyOffsetNs)
        sizes = TapeSizes(lotSize: spec.lotSize)
        exchange = TapeTrack(
            book: DepthBook(grid: grid, spec: spec.book, isReference: isReference), keepsChanges: true,
            firstTick: firstTick, width: header.width)
        local = TapeTrack(
            book: DepthBook(grid: grid, spec: spec.book, isReference: isReference), keepsChanges: false,
            firstTick: firstTick, width: header.width)
        index = TapeIndexBuilder(cellCount: 2 * Int(header.width))
        snapshot = input.initialSnapshot
        self.sink = sink
        self.segmentRows = segmentRows
        segmentEnd = Int64(segmentRows)
    }

    func deallocate() {
        block.deallocate()
        exchange.deallocate()
        local.deallocate()
        exchangeBatches.deallocate()
        specials.deallocate()
        localBatches.deallocate()
        trades.deallocate()
        index.deallocate()
        assembly.deallocate()
    }

    mutating func run() throws -> Int64 {
        try exchange.load(snapshot: snapshot, &sizes)
        shareStart()
        try local.load(snapshot: snapshot, &sizes)
        opening = exchange.rows.count
        while case let count = try source.read(into: UnsafeMutableBufferPointer(start: block, count: FeedStream.blockRows)), count > 0 {
            var next = 0
            while next < count {
                // Segments end at the same rows however the source cuts its blocks.
                let end = min(count, next + Int(segmentEnd - decoder.rows))
                for i in next..<end { try take(block + i) }
                next = end
                if decoder.rows == segmentEnd { try flush() }
            }
        }
        try flush()
        header.firstTick = exchange.firstTick ?? local.firstTick ?? 0
        header.lotValue = try sizes.value()
        header.rows = decoder.rows
        try sink.finish(header: header.bytes)
        return decoder.rows
    }

    /// Both tracks count ticks from the same one.
    private mutating func shareStart() {
        if local.firstTick == nil, let first = exchange.firstTick { local.adopt(firstTick: first) }
        if exchange.firstTick == nil, let first = local.firstTick { exchange.adopt(firstTick: first) }
    }

    @inline(__always) private mutating func take(_ event: UnsafePointer<MarketEvent>) throws {
        let row = try decoder.decode(event)
        guard row.isExchange || row.isLocal else { return }
        if row.isExchange, exchangeNs != row.exchangeNs {
            closeExchangeBatch()
            exchangeNs = row.exchangeNs
        }
        if row.isLocal {
            if localNs != row.localNs {
                try closeLocalBatch()
                localNs = row.localNs
            }
            newestNs = row.exchangeNs
        }
        switch row.kind {
        case .bidLevel, .askLevel:
            guard exchange.book.isInRange(row.tick) else {
                if row.isExchange { special(row, event) }
                return
            }
            let isBid = row.kind == .bidLevel, quantity = event.pointee.quantity
            let lots = try sizes.lots(quantity, row.lots)
            if row.isExchange { try exchange.level(isBid: isBid, row.tick, quantity, lots: lots) }
            if row.isLocal { try local.level(isBid: isBid, row.tick, quantity, lots: lots) }
            if exchange.firstTick == nil || local.firstTick == nil { shareStart() }
        case .buyTrade, .sellTrade:
            if row.isExchange { special(row, event) }
            if row.isLocal { trades.append(TapeTrade(event, localNs: row.localNs)) }
        case .sidelessTrade:
            if row.isLocal { trades.append(TapeTrade(event, localNs: row.localNs)) }
        case .clearBids, .clearAsks, .clearBoth:
            if row.isExchange { try exchange.clear(row.exchangeRow(event)) }
            if row.isLocal { try local.clear(row.exchangeRow(event)) }
        case .other:
            break
        }
    }

    private mutating func special(_ row: TapeDecoder.Row, _ event: UnsafePointer<MarketEvent>) {
        specials.append(TapeSpecial(row.exchangeRow(event), position: exchange.rows.count))
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
        let head = [
            Int64(exchangeBatches.count), Int64(exchange.rows.count), Int64(specials.count), Int64(exchange.bidChanges.count),
            Int64(exchange.askChanges.count), Int64(opening), Int64(exchange.openingBid), Int64(exchange.openingAsk), decoder.rows,
        ]
        let localHead = [
            Int64(localBatches.count), Int64(local.rows.count), Int64(trades.count), 0, 0, Int64(opening),
            Int64(local.openingBid), Int64(local.openingAsk), decoder.rows,
        ]
        let bidReach = exchange.bidChanges.reach(), askReach = exchange.askChanges.reach(), specialReach = specials.reach()
        let (directory, entries) = index.build(exchange.rows)
        assembly.removeAll()
        try bidReach.withUnsafeBytes { bids in
            try askReach.withUnsafeBytes { asks in
                try specialReach.withUnsafeBytes { specials in
                    try directory.withUnsafeBytes { directory in
                        let parts = [
                            assembly.part(head, [
                                exchangeBatches.bytes, self.specials.bytes, exchange.bidChanges.bytes, exchange.askChanges.bytes, bids, asks, specials,
                            ]),
                            assembly.part(localHead, [localBatches.bytes, local.rows.bytes, trades.bytes]),
                            assembly.part([Int64(exchange.rows.count)], [exchange.rows.bytes]),
                            assembly.part(
                                [Int64(directory.count / MemoryLayout<TapeIndexCell>.stride), Int64(entries.count)],
                                [directory, UnsafeRawBufferPointer(entries)]),
                        ]
                        try sink.append(parts)
                    }
                }
            }
        }
        exchangeBatches.removeAll()
        specials.removeAll()
        localBatches.removeAll()
        trades.removeAll()
        try exchange.startSegment()
        try local.startSegment()
        segmentEnd = decoder.rows + Int64(segmentRows)
        opening = 0
    }
}

extension TapeColumn where Element == TapeBestChange {
    func reach() -> [TapeReach] {
        var blocks = [TapeReach](repeating: TapeReach(), count: TapeReach.blocks(count))
        for i in 0..<count { blocks[i / TapeReach.size].include(self[i].tick) }
        return blocks
    }
}

extension TapeColumn where Element == TapeSpecial {
    /// Buys reach asks, sells reach bids; a level outside of the range may concern either.
    func reach() -> [TapeReach] {
        var blocks = [TapeReach](repeating: TapeReach(), count: TapeReach.blocks(count))
        for i in 0..<count {
            let tick = Int32(clamping: self[i].tick)
            switch self[i].kind {
            case .buyTrade: blocks[i / TapeReach.size].highest = Swift.max(blocks[i / TapeReach.size].highest, tick)
            case .sellTrade: blocks[i / TapeReach.size].lowest = Swift.min(blocks[i / TapeReach.size].lowest, tick)
            default: blocks[i / TapeReach.size] = TapeReach(highest: .max, lowest: .min)
            }
        }
        return blocks
    }
}
