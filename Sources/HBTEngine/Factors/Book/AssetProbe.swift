/// What the nodes of a graph watch of one asset: the best prices, ranges of levels, and whether
/// anything has happened since the last wave.
///
/// Fed row by row by the local side's loop; `settle` brings everything up to date with the book, which
/// is passed inout only so that it is not copied.
struct AssetProbe: BitwiseCopyable {
    struct Touch: OptionSet {
        let rawValue: UInt8
        static let depth = Touch(rawValue: 1)
        static let best = Touch(rawValue: 2)
        static let trade = Touch(rawValue: 4)
    }

    let scale: LotScale
    /// Since the last wave.
    var touched: Touch = []
    /// Depth has changed since `settle`.
    var isStale = true
    /// Version of the tape's plane that was looked at last.
    var seenVersion = 0
    var exchangeNs: Int64 = 0

    private(set) var bestBidTick = Int64.min
    private(set) var bestAskTick = Int64.max
    private(set) var bidQuantity = 0.0
    private(set) var askQuantity = 0.0
    /// Quote currency; NaN when a side is empty.
    private(set) var mid = Double.nan

    let windows: UnsafeMutablePointer<DepthWindow>
    /// Bid windows first.
    let bidWindows: Int
    let windowCount: Int
    let pairs: UnsafeMutablePointer<PairedLevels>
    let pairCount: Int
    /// Nodes that take this asset's trades, as (kind, index).
    let takers: UnsafeMutablePointer<TradeTaker>
    let takerCount: Int

    init(scale: LotScale, windows list: [DepthWindow], pairs pairList: [PairedLevels], takers takerList: [TradeTaker]) {
        self.scale = scale
        bidWindows = list.filter(\.isBid).count
        windowCount = list.count
        precondition(list.prefix(bidWindows).allSatisfy(\.isBid), "bid windows come first")
        windows = copied(list)
        pairs = copied(pairList)
        pairCount = pairList.count
        takers = copied(takerList)
        takerCount = takerList.count
    }

    func deallocate() {
        windows.deallocate()
        pairs.deallocate()
        takers.deallocate()
    }

    var isTwoSided: Bool { bestBidTick != .min && bestAskTick != .max }
    @inline(__always) var bestBid: Double { bestBidTick == .min ? .nan : Double(bestBidTick) * scale.tickSize }
    @inline(__always) var bestAsk: Double { bestAskTick == .max ? .nan : Double(bestAskTick) * scale.tickSize }

    // MARK: rows

    /// False when no node needs to know of a change at a tick.
    @inline(__always) func watchesBid(_ tick: Int64) -> Bool {
        for i in 0..<bidWindows where windows[i].contains(tick) { return true }
        for i in 0..<pairCount where tick >= pairs[i].bidReach { return true }
        return false
    }

    @inline(__always) func watchesAsk(_ tick: Int64) -> Bool {
        for i in bidWindows..<windowCount where windows[i].contains(tick) { return true }
        for i in 0..<pairCount where tick <= pairs[i].askReach { return true }
        return false
    }

    @inline(__always) mutating func bidChanged(_ tick: Int64, from old: Double, to new: Double) {
        if old == new { return }
        change(0, bidWindows, tick, old, new)
        for i in 0..<pairCount where tick >= pairs[i].bidReach { pairs[i].isStale = true }
    }

    @inline(__always) mutating func askChanged(_ tick: Int64, from old: Double, to new: Double) {
        if old == new { return }
        change(bidWindows, windowCount, tick, old, new)
        for i in 0..<pairCount where tick <= pairs[i].askReach { pairs[i].isStale = true }
    }

    @inline(__always) private mutating func change(_ first: Int, _ end: Int, _ tick: Int64, _ old: Double, _ new: Double) {
        var i = first
        while i < end {
            if windows[i].contains(tick) {
                let before = scale.quantity(old), after = scale.quantity(new)
                while i < end {
                    if windows[i].contains(tick) { windows[i].change(tick, from: before, to: after) }
                    i += 1
                }
                return
            }
            i += 1
        }
    }

    /// The same in whole lots, for levels that have changed.
    @inline(__always) mutating func bidMoved(_ tick: Int64, from old: Int64, to new: Int64) {
        for i in 0..<bidWindows where windows[i].contains(tick) {
            windows[i].change(tick, from: LotQuantity(whole: old), to: LotQuantity(whole: new))
        }
        for i in 0..<pairCount where tick >= pairs[i].bidReach { pairs[i].isStale = true }
    }

    @inline(__always) mutating func askMoved(_ tick: Int64, from old: Int64, to new: Int64) {
        for i in bidWindows..<windowCount where windows[i].contains(tick) {
            windows[i].change(tick, from: LotQuantity(whole: old), to: LotQuantity(whole: new))
        }
        for i in 0..<pairCount where tick <= pairs[i].askReach { pairs[i].isStale = true }
    }

    /// Asks that a crossing bid is about to delete.
    @inline(never) mutating func asksRemoved<Levels: LevelStore>(_ book: inout DepthBook<Levels>, upTo tick: Int64) {
        var at = book.bestAskTick
        while let level = book.asks.lowest(from: at, upTo: tick) {
            askChanged(level, from: book.asks.quantity(level), to: 0)
            if level == .max { break }
            at = level + 1
        }
    }

    @inline(never) mutating func bidsRemoved<Levels: LevelStore>(_ book: inout DepthBook<Levels>, downTo tick: Int64) {
        var at = book.bestBidTick
        while let level = book.bids.highest(from: at, downTo: tick) {
            bidChanged(level, from: book.bids.quantity(level), to: 0)
            if level == .min { break }
            at = level - 1
        }
    }

    /// A side, or both, was cleared: the sums are made afresh.
    mutating func rescan() {
        for i in 0..<windowCount { windows[i].needsScan = true }
        for i in 0..<pairCount { pairs[i].isStale = true }
        isStale = true
    }

    // MARK: before a wave

    @inline(__always) mutating func settle<Levels: LevelStore>(_ book: inout DepthBook<Levels>) {
        if isStale { settleNow(&book) }
    }

    @inline(never) private mutating func settleNow<Levels: LevelStore>(_ book: inout DepthBook<Levels>) {
        let hasMoved = takeBest(&book)
        for i in 0..<windowCount where hasMoved || windows[i].followsContents || windows[i].needsScan {
            windows[i].settle(&book, mid: mid, scale: scale)
        }
        for i in 0..<pairCount {
            if hasMoved { pairs[i].isStale = true }
            pairs[i].settle(&book, mid: mid, scale: scale)
        }
    }

    /// True when a best price is another one than before.
    @inline(__always) private mutating func takeBest<Levels: LevelStore>(_ book: inout DepthBook<Levels>) -> Bool {
        isStale = false
        let hasMoved = book.bestBidTick != bestBidTick || book.bestAskTick != bestAskTick
        let newBid = book.bestBidQuantity, newAsk = book.bestAskQuantity
        if hasMoved || newBid != bidQuantity || newAsk != askQuantity {
            touched.insert(.best)
            bidQuantity = newBid
            askQuantity = newAsk
        }
        if hasMoved {
            bestBidTick = book.bestBidTick
            bestAskTick = book.bestAskTick
            mid = book.mid
        }
        return hasMoved
    }

    /// What `settle` gives, from a book whose rows nobody has watched: sums are read from its blocks.
    ///
    /// - Returns: false when nothing has happened since.
    mutating func look(_ book: inout DepthBook<TapeLevels>) -> Bool {
        guard isStale else { return false }
        _ = takeBest(&book)
        for i in 0..<windowCount { windows[i].look(&book, mid: mid, scale: scale) }
        for i in 0..<pairCount {
            pairs[i].isStale = true
            pairs[i].settle(&book, mid: mid, scale: scale)
        }
        touched = []
        return true
    }

    /// The best prices of a book.
    struct Top: BitwiseCopyable {
        var bidTick: Int64
        var askTick: Int64
        var bidQuantity: Double
        var askQuantity: Double
        var mid: Double
    }

    /// Set without a book by what replays a node by itself.
    var top: Top {
        get { Top(bidTick: bestBidTick, askTick: bestAskTick, bidQuantity: bidQuantity, askQuantity: askQuantity, mid: mid) }
        set {
            bestBidTick = newValue.bidTick
            bestAskTick = newValue.askTick
            bidQuantity = newValue.bidQuantity
            askQuantity = newValue.askQuantity
            mid = newValue.mid
        }
    }

    // MARK: state

    func encode(into out: inout StateWriter) {
        out.begin("PROB")
        out.put(touched.rawValue)
        out.put(isStale)
        out.put(exchangeNs)
        out.put(bestBidTick)
        out.put(bestAskTick)
        out.put(bidQuantity)
        out.put(askQuantity)
        out.put(mid)
        for i in 0..<windowCount { windows[i].encode(into: &out) }
        for i in 0..<pairCount { pairs[i].encode(into: &out) }
    }

    mutating func restore(from input: inout StateReader) throws(StateError) {
        try input.expect("PROB")
        touched = Touch(rawValue: try input.byte())
        isStale = try input.bool()
        exchangeNs = try input.int64()
        bestBidTick = try input.int64()
        bestAskTick = try input.int64()
        bidQuantity = try input.double()
        askQuantity = try input.double()
        mid = try input.double()
        for i in 0..<windowCount { try windows[i].restore(from: &input) }
        for i in 0..<pairCount { try pairs[i].restore(from: &input) }
    }
}

/// A node that takes trades.
struct TradeTaker: BitwiseCopyable {
    enum Kind: UInt8 { case buys, sells, all, both, prices }
    var kind: Kind
    /// Index in the graph's flow or price windows.
    var index: Int32
    var node: Int32
}

/// Raw memory with a copy of `list`.
func copied<Element: BitwiseCopyable>(_ list: [Element]) -> UnsafeMutablePointer<Element> {
    let memory = UnsafeMutablePointer<Element>.allocate(capacity: max(list.count, 1))
    memory.initialize(from: list, count: list.count)
    return memory
}
