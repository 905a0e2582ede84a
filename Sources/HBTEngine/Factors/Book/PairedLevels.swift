/// Σ (bid price × ask size + ask price × bid size) and Σ (bid size + ask size) over the i-th levels
/// of both sides, taken together as long as both have one.
///
/// Read afresh from the book when a level within reach has changed: O(levels).
struct PairedLevels: BitwiseCopyable {
    /// Levels a side; 0 when bounded by a share of the mid price.
    private let levels: Int
    private let share: Double
    /// A change at or inside these ticks counts.
    private(set) var bidReach = Int64.min
    private(set) var askReach = Int64.max
    var isStale = true
    /// Price, quote currency; NaN when no pair exists.
    private(set) var price = Double.nan

    init(range: DepthRange) {
        switch range {
        case .levels(let n):
            levels = n
            share = 0
        case .share(let d):
            levels = 0
            share = d
        case .ticks, .notional:
            preconditionFailure("levels are paired by number or by share of the mid price")
        }
    }

    var isQuickToLookAt: Bool { levels > 0 && levels <= DepthWindow.fewLevels }

    mutating func settle<Levels: LevelStore>(_ book: inout DepthBook<Levels>, mid: Double, scale: LotScale) {
        guard isStale else { return }
        isStale = false
        price = .nan
        bidReach = .min
        askReach = .max
        guard !mid.isNaN else { return }
        let bidEnd = levels > 0 ? Int64.min : floorTick(mid * (1 - share) / scale.tickSize, up: true)
        let askEnd = levels > 0 ? Int64.max : floorTick(mid * (1 + share) / scale.tickSize, up: false)
        var crossed = 0.0, total = 0.0
        var bid = Optional(book.bestBidTick), ask = Optional(book.bestAskTick)
        var pairs = 0
        while let b = bid, let a = ask, b > bidEnd, a < askEnd, levels == 0 || pairs < levels {
            let bidSize = book.bids.quantity(b), askSize = book.asks.quantity(a)
            crossed += Double(b) * askSize + Double(a) * bidSize
            total += bidSize + askSize
            pairs += 1
            if pairs == levels {
                bidReach = b
                askReach = a
            }
            bid = b == .min ? nil : book.bids.highest(from: b - 1, downTo: .min)
            ask = a == .max ? nil : book.asks.lowest(from: a + 1, upTo: .max)
        }
        if levels == 0 {
            bidReach = bidEnd
            askReach = askEnd
        }
        if total > 0 { price = crossed / total * scale.tickSize }
    }

    private func floorTick(_ x: Double, up: Bool) -> Int64 {
        let whole = saturatingInt(x)
        if up { return Double(whole) < x ? whole &+ 1 : whole }
        return Double(whole) > x ? whole &- 1 : whole
    }

    /// The reach is not kept: after restoring, any change counts until the levels are read again.
    func encode(into out: inout StateWriter) {
        out.put(price)
        out.put(isStale)
    }

    mutating func restore(from input: inout StateReader) throws(StateError) {
        price = try input.double()
        isStale = try input.bool()
        bidReach = .min
        askReach = .max
    }
}
