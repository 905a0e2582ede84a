import HBTTypes

/// The state of one compilation. A value, so that its row loops carry no checks of exclusive access.
struct TapeBuilder<Levels: LevelStore> {
    private var stream: FeedStream
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
    private var rowsTaken = 0
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
        stream = FeedStream(source: input.events, grid: grid, feedLatencyOffsetNs: spec.feedLatencyOffsetNs, checksOrder: true)
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
    }

    func deallocate() {
        stream.deallocate()
        exchange.deallocate()
        local.deallocate()
        exchangeBatches.deallocate()
        specials.deallocate()
        localBatches.deallocate()
        trades.deallocate()
        index.deallocate()
    }

    mutating func run() throws -> Int64 {
        try exchange.load(snapshot: snapshot)
        shareStart()
        try local.load(snapshot: snapshot)
        opening = exchange.rows.count
        while true {
            stream.fillExchange()
            if let failure = stream.failure { throw failure }
            let isEnd = stream.exchangeRows.isEmpty && stream.localRows.isEmpty
            while !stream.exchangeRows.isEmpty { try takeExchange() }
            shareStart()
            while !stream.localRows.isEmpty { try takeLocal() }
            if rowsTaken >= segmentRows || isEnd { try flush() }
            if isEnd { break }
        }
        // Only rows for one clock alone can leave the other without this start.
        header.firstTick = exchange.firstTick ?? local.firstTick ?? 0
        guard (local.firstTick ?? header.firstTick) == header.firstTick else { throw TapeRefusal("the two clocks start at different prices") }
        let isDecimal = exchange.isDecimal && local.isDecimal
        guard isDecimal || (exchange.isProduct && local.isProduct) else { throw TapeRefusal("sizes follow two different roundings") }
        header.lotValue = isDecimal ? .decimal(header.lotSize) : .product(header.lotSize)
        header.rows = stream.rowsRead
        try sink.finish(header: header.bytes)
        return stream.rowsRead
    }

    /// Both tracks count ticks from the same one.
    private mutating func shareStart() {
        if local.firstTick == nil, let first = exchange.firstTick { local.adopt(firstTick: first) }
    }

    private mutating func takeExchange() throws {
        let run = stream.exchangeRows.contiguous
        for i in 0..<run.count {
            let row = run[i]
            switch row.kind {
            case .bidLevel, .askLevel:
                if exchange.book.isInRange(row.tick) {
                    try exchange.level(isBid: row.kind == .bidLevel, row.tick, row.quantity, sign: row.sign)
                } else {
                    special(row)
                }
            case .buyTrade, .sellTrade:
                special(row)
            case .clearBids, .clearAsks, .clearBoth:
                try exchange.clear(row)
            case .other, .sidelessTrade:
                break
            }
            let batch = TapeExchangeBatch(ns: row.exchangeNs, depthEnd: Int32(exchange.rows.count), specialEnd: Int32(specials.count))
            let last = exchangeBatches.count - 1
            if last >= 0 && exchangeBatches[last].ns == row.exchangeNs {
                exchangeBatches[last] = batch
            } else {
                exchangeBatches.append(batch)
            }
        }
        stream.exchangeRows.removeFirst(run.count)
        rowsTaken += run.count
    }

    private mutating func special(_ row: ExchangeRow) {
        specials.append(TapeSpecial(row, position: exchange.rows.count))
    }

    private mutating func takeLocal() throws {
        let run = stream.localRows.contiguous
        for i in 0..<run.count {
            let row = run[i]
            switch row.kind {
            case .bidLevel, .askLevel:
                if local.book.isInRange(row.tick) {
                    try local.level(isBid: row.kind == .bidLevel, row.tick, row.quantity, sign: row.sign)
                }
            case .buyTrade, .sellTrade, .sidelessTrade:
                trades.append(TapeTrade(row))
            case .clearBids, .clearAsks, .clearBoth:
                try local.clear(ExchangeRow(exchangeNs: row.exchangeNs, tick: row.tick, quantity: row.quantity, kind: row.kind, sign: row.sign))
            case .other:
                break
            }
            let batch = TapeLocalBatch(
                ns: row.localNs, exchangeNs: row.exchangeNs, depthEnd: Int32(local.rows.count), tradeEnd: Int32(trades.count),
                bestBidTick: try local.narrow(local.book.bestBidTick), bestAskTick: try local.narrow(local.book.bestAskTick))
            let last = localBatches.count - 1
            if last >= 0 && localBatches[last].ns == row.localNs {
                localBatches[last] = batch
            } else {
                localBatches.append(batch)
            }
        }
        stream.localRows.removeFirst(run.count)
    }

    private mutating func flush() throws {
        guard exchange.rows.count < 1 << 30, local.rows.count < 1 << 30 else { throw TapeRefusal("a segment grew beyond 2^30 rows") }
        let head = [
            Int64(exchangeBatches.count), Int64(exchange.rows.count), Int64(specials.count), Int64(exchange.bidChanges.count),
            Int64(exchange.askChanges.count), Int64(opening), Int64(exchange.openingBid), Int64(exchange.openingAsk), stream.rowsRead,
        ]
        let localHead = [
            Int64(localBatches.count), Int64(local.rows.count), Int64(trades.count), 0, 0, Int64(opening),
            Int64(local.openingBid), Int64(local.openingAsk), stream.rowsRead,
        ]
        let bidReach = exchange.bidChanges.reach(), askReach = exchange.askChanges.reach(), specialReach = specials.reach()
        let (directory, entries) = index.build(exchange.rows)
        defer { entries.deallocate() }
        try bidReach.withUnsafeBytes { bids in
            try askReach.withUnsafeBytes { asks in
                try specialReach.withUnsafeBytes { specials in
                    try directory.withUnsafeBytes { directory in
                        let parts = [
                            assemble(head, [
                                exchangeBatches.bytes, self.specials.bytes, exchange.bidChanges.bytes, exchange.askChanges.bytes, bids, asks, specials,
                            ]),
                            assemble(localHead, [localBatches.bytes, local.rows.bytes, trades.bytes]),
                            assemble([Int64(exchange.rows.count)], [exchange.rows.bytes]),
                            assemble(
                                [Int64(directory.count / MemoryLayout<TapeIndexCell>.stride), Int64(entries.count)],
                                [directory, UnsafeRawBufferPointer(entries)]),
                        ]
                        defer { for part in parts { part.deallocate() } }
                        try sink.append(parts.map { UnsafeRawBufferPointer($0) })
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
        rowsTaken = 0
        opening = 0
    }

    private func assemble(_ head: [Int64], _ columns: [UnsafeRawBufferPointer]) -> UnsafeMutableRawBufferPointer {
        let headBytes = TapeLayout.headWords * 8
        let size = columns.reduce(headBytes) { $0 + TapeLayout.padded($1.count) }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 64)
        buffer.initializeMemory(as: UInt8.self, repeating: 0)
        for (i, word) in head.enumerated() { buffer.storeBytes(of: word, toByteOffset: i * 8, as: Int64.self) }
        var offset = headBytes
        for column in columns {
            UnsafeMutableRawBufferPointer(rebasing: buffer[offset..<(offset + column.count)]).copyMemory(from: column)
            offset += TapeLayout.padded(column.count)
        }
        return buffer
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
