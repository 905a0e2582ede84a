import HBTTypes

/// A two-sided book of price levels with its best prices.
///
/// `noBid` and `noAsk` mark an empty side. In compatibility with the reference the newest side wins
/// a crossing and the levels it passes are hidden, not deleted: they stay stored, bounded searches
/// can find them again. Otherwise they are deleted.
///
/// Invariants (`compatibility == .none`): the best bid is the highest stored bid, the best ask the
/// lowest stored ask, and the best bid is below the best ask.
struct DepthBook<Levels: LevelMarks> {
    static var noBid: Int64 { .min }
    static var noAsk: Int64 { .max }

    var bids: Levels
    var asks: Levels
    var bestBidTick = Int64.min
    var bestAskTick = Int64.max
    /// Lowest bid tick seen: where a search for the next bid stops. `.max`: nothing to search.
    var lowBidTick = Int64.max
    /// Highest ask tick seen: where a search for the next ask stops. `.min`: nothing to search.
    var highAskTick = Int64.min
    let grid: Grid
    /// True: the reference's book to the bit (hidden levels, skipped ticks, residues).
    let isReference: Bool

    init(bids: Levels, asks: Levels, grid: Grid, isReference: Bool) {
        self.bids = bids
        self.asks = asks
        self.grid = grid
        self.isReference = isReference
    }

    func deallocate() {
        bids.deallocate()
        asks.deallocate()
    }

    @inline(__always) func isInRange(_ tick: Int64) -> Bool {
        !Levels.isRanged || (tick >= bids.lowerTick && tick <= bids.upperTick)
    }

    /// Quantity on the bid side; NaN outside the range of interest, where nothing is known.
    func bidQuantity(_ tick: Int64) -> Double { isInRange(tick) ? bids.quantity(tick) : .nan }
    func askQuantity(_ tick: Int64) -> Double { isInRange(tick) ? asks.quantity(tick) : .nan }

    /// In quote currency; NaN when the side is empty.
    @inline(__always) var bestBid: Double { bestBidTick == Self.noBid ? .nan : grid.price(bestBidTick) }
    @inline(__always) var bestAsk: Double { bestAskTick == Self.noAsk ? .nan : grid.price(bestAskTick) }
    /// (best bid + best ask) / 2; NaN when a side is empty.
    @inline(__always) var mid: Double { (bestBid + bestAsk) / 2.0 }

    @inline(__always) var bestBidQuantity: Double { bestBidTick == Self.noBid ? 0 : bidQuantity(bestBidTick) }
    @inline(__always) var bestAskQuantity: Double {
        // The reference's range-of-interest book answers NaN here and 0 on the bid side.
        bestAskTick == Self.noAsk ? (Levels.isRanged && isReference ? .nan : 0) : askQuantity(bestAskTick)
    }
}

extension DepthBook where Levels: LevelStore {
    init(grid: Grid, spec: BookSpec, isReference: Bool) {
        self.init(bids: Levels(grid: grid, spec: spec), asks: Levels(grid: grid, spec: spec), grid: grid, isReference: isReference)
    }
}
