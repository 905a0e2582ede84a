/// The sum over a range of levels of one side, kept while levels change and while the range moves.
///
/// `lower...upper` are the ticks whose stored quantities are in the sums. A change inside adjusts
/// them (`change`); when the best prices have moved, `settle` moves the edges and reads the levels
/// that enter or leave: O(1) a change, O(levels passed) a move. The sums are integers, so whatever
/// the path, they equal a scan of the book.
struct DepthWindow: BitwiseCopyable {
    enum Rule: UInt8 { case share, ticks, levels, notional }

    let isBid: Bool
    let rule: Rule
    let needsMoment: Bool
    /// 1 + d or 1 − d; ticks; levels; notional in ticks × lots.
    let reach: Double
    var lower: Int64 = 1
    var upper: Int64 = 0
    private(set) var quantity = LotQuantity()
    /// Levels that hold quantity.
    private(set) var count = 0
    /// Σ tick × quantity.
    private(set) var moment = WideMoment()
    /// False while the range is not: a share of a mid price that is undefined.
    private(set) var isDefined = false
    /// Set when the sums cannot follow what happened; `settle` then scans.
    var needsScan = true

    init(isBid: Bool, range: DepthRange, needsMoment: Bool, scale: LotScale) {
        self.isBid = isBid
        switch range {
        case .share(let d):
            rule = .share
            reach = isBid ? 1 - d : 1 + d
        case .ticks(let n):
            rule = .ticks
            reach = Double(n)
        case .levels(let n):
            rule = .levels
            reach = Double(n)
        case .notional(let value):
            rule = .notional
            reach = value / (scale.tickSize * scale.lotSize)
        }
        self.needsMoment = needsMoment || rule == .notional
    }

    /// The edges depend on the levels inside, not on the best prices alone.
    @inline(__always) var followsContents: Bool { rule == .levels || rule == .notional }

    @inline(__always) func contains(_ tick: Int64) -> Bool { tick >= lower && tick <= upper }

    static let fewLevels = 64
    /// A sum over ticks, which blocks give, or over a few levels.
    var isQuickToLookAt: Bool {
        rule == .levels ? reach <= Double(Self.fewLevels) : rule != .notional && !needsMoment
    }

    /// A level inside has changed.
    @inline(__always) mutating func change(_ tick: Int64, from old: LotQuantity, to new: LotQuantity) {
        quantity += new
        quantity -= old
        count += (new.isZero ? 0 : 1) - (old.isZero ? 0 : 1)
        if needsMoment {
            moment.add(tick, new)
            moment.subtract(tick, old)
        }
    }

    @inline(__always) private mutating func include(_ tick: Int64, _ size: LotQuantity) { change(tick, from: LotQuantity(), to: size) }
    @inline(__always) private mutating func exclude(_ tick: Int64, _ size: LotQuantity) { change(tick, from: size, to: LotQuantity()) }

    /// What of the last level lies beyond the notional asked for, in lots.
    private var cut = 0.0

    /// In lots.
    @inline(__always) var lots: Double { isDefined ? quantity.lots - cut : .nan }

    // MARK: edges

    mutating func settle<Levels: LevelStore>(_ book: inout DepthBook<Levels>, mid: Double, scale: LotScale) {
        isDefined = rule != .share || !mid.isNaN
        guard isDefined else { return }
        let (far, near) = edges(&book, mid: mid, scale: scale)
        slide(levels(of: book), scale, isBid ? far : near, isBid ? near : far)
        if followsContents && isFilled(book) {
            if rule == .levels { fitLevels(levels(of: book), scale) } else { fitNotional(levels(of: book), scale) }
        }
    }

    /// The same when nobody has told of the changes since: a sum over ticks comes from the book's blocks.
    mutating func look(_ book: inout DepthBook<TapeLevels>, mid: Double, scale: LotScale) {
        needsScan = true
        guard !followsContents && !needsMoment else { return settle(&book, mid: mid, scale: scale) }
        isDefined = rule != .share || !mid.isNaN
        guard isDefined else { return }
        let (far, near) = edges(&book, mid: mid, scale: scale)
        (lower, upper) = isBid ? (far, near) : (near, far)
        // Beyond the best price there is nothing to add up, and half a range of interest to go through.
        quantity = LotQuantity(
            whole: isBid
                ? book.bids.lotSum(from: lower, through: min(upper, book.bestBidTick))
                : book.asks.lotSum(from: max(lower, book.bestAskTick), through: upper))
    }

    @inline(__always) private func isFilled<Levels: LevelStore>(_ book: DepthBook<Levels>) -> Bool {
        isBid ? book.bestBidTick != .min : book.bestAskTick != .max
    }

    /// Where the range ends and begins; for a range that depends on contents, where it ends so far.
    @inline(__always) private mutating func edges<Levels: LevelStore>(
        _ book: inout DepthBook<Levels>, mid: Double, scale: LotScale
    ) -> (far: Int64, near: Int64) {
        let best = isBid ? book.bestBidTick : book.bestAskTick
        // Levels passed by a crossing stay stored in the reference's book: only there the range
        // must begin at the best price itself.
        let near = book.isReference ? best : (isBid ? levels(of: book).upperTick : levels(of: book).lowerTick)
        switch rule {
        case .share:
            let edge = mid * reach / scale.tickSize
            return (isBid ? ceiling(edge) &+ 1 : floor(edge) &- 1, near)
        case .ticks:
            guard isFilled(book) else { return nothing }
            let width = Int64(reach) - 1
            return (isBid ? earlier(best, by: width) : later(best, by: width), near)
        case .levels, .notional:
            guard isFilled(book) else {
                cut = 0
                return nothing
            }
            let far = needsScan || upper < lower ? near : (isBid ? lower : upper)
            return (isBid ? min(far, near) : max(far, near), near)
        }
    }

    /// The empty range, 1 to 0.
    @inline(__always) private var nothing: (far: Int64, near: Int64) { isBid ? (1, 0) : (0, 1) }

    @inline(__always) private func levels<Levels: LevelStore>(of book: DepthBook<Levels>) -> Levels { isBid ? book.bids : book.asks }

    private func floor(_ x: Double) -> Int64 {
        let whole = saturatingInt(x)
        return Double(whole) > x ? whole &- 1 : whole
    }
    private func ceiling(_ x: Double) -> Int64 {
        let whole = saturatingInt(x)
        return Double(whole) < x ? whole &+ 1 : whole
    }

    /// Moves the edges to `newLower...newUpper`.
    private mutating func slide<Levels: LevelStore>(_ levels: Levels, _ scale: LotScale, _ newLower: Int64, _ newUpper: Int64) {
        if newLower == lower && newUpper == upper && !needsScan { return }
        if needsScan || lower > upper || newLower > upper || newUpper < lower || newLower > newUpper {
            quantity = LotQuantity()
            count = 0
            moment = WideMoment()
            needsScan = false
            lower = newLower
            upper = newUpper
            if newLower <= newUpper { scan(levels, scale, newLower, newUpper, isEntering: true) } else { (lower, upper) = (1, 0) }
            return
        }
        if newUpper > upper { scan(levels, scale, upper + 1, newUpper, isEntering: true) }
        if newUpper < upper { scan(levels, scale, newUpper + 1, upper, isEntering: false) }
        if newLower < lower { scan(levels, scale, newLower, lower - 1, isEntering: true) }
        if newLower > lower { scan(levels, scale, lower, newLower - 1, isEntering: false) }
        lower = newLower
        upper = newUpper
    }

    private mutating func scan<Levels: LevelStore>(_ levels: Levels, _ scale: LotScale, _ from: Int64, _ to: Int64, isEntering: Bool) {
        var at = from
        while let tick = levels.lowest(from: at, upTo: to) {
            let size = scale.quantity(levels.quantity(tick))
            if isEntering { include(tick, size) } else { exclude(tick, size) }
            if tick == .max { break }
            at = tick + 1
        }
    }

    /// The farthest level inside.
    private func farthest<Levels: LevelStore>(_ levels: Levels) -> Int64? {
        isBid ? levels.lowest(from: lower, upTo: upper) : levels.highest(from: upper, downTo: lower)
    }

    /// The next level beyond the far edge.
    private func next<Levels: LevelStore>(_ levels: Levels) -> Int64? {
        if isBid { return lower == .min ? nil : levels.highest(from: lower - 1, downTo: .min) }
        return upper == .max ? nil : levels.lowest(from: upper + 1, upTo: .max)
    }

    /// Puts the far edge at `tick`, or just inside it.
    private mutating func setFar(_ tick: Int64, isInside: Bool) {
        if isBid { lower = isInside ? tick : tick &+ 1 } else { upper = isInside ? tick : tick &- 1 }
    }

    /// Everything there is lies inside, also what comes later.
    private mutating func openFar() { if isBid { lower = .min } else { upper = .max } }

    private mutating func fitLevels<Levels: LevelStore>(_ levels: Levels, _ scale: LotScale) {
        while count > Int(reach), let tick = farthest(levels) {
            exclude(tick, scale.quantity(levels.quantity(tick)))
            setFar(tick, isInside: false)
        }
        while count < Int(reach) {
            guard let tick = next(levels) else { return openFar() }
            include(tick, scale.quantity(levels.quantity(tick)))
            setFar(tick, isInside: true)
        }
    }

    private mutating func fitNotional<Levels: LevelStore>(_ levels: Levels, _ scale: LotScale) {
        while count > 0, let tick = farthest(levels) {
            let size = scale.quantity(levels.quantity(tick))
            var rest = moment
            rest.subtract(tick, size)
            if rest.value < reach { break }
            exclude(tick, size)
            setFar(tick, isInside: false)
        }
        cut = 0
        while moment.value < reach {
            guard let tick = next(levels) else { return openFar() }
            include(tick, scale.quantity(levels.quantity(tick)))
            setFar(tick, isInside: true)
        }
        if moment.value > reach, let tick = farthest(levels) { cut = (moment.value - reach) / Double(tick) }
    }

    // MARK: state

    func encode(into out: inout StateWriter) {
        out.begin("DWIN")
        out.put(lower)
        out.put(upper)
        out.putRaw([quantity])
        out.put(count)
        out.putRaw([moment])
        out.put(isDefined)
        out.put(cut)
        out.put(needsScan)
    }

    mutating func restore(from input: inout StateReader) throws(StateError) {
        try input.expect("DWIN")
        lower = try input.int64()
        upper = try input.int64()
        let quantities = try input.raw(LotQuantity.self)
        count = try input.int()
        let moments = try input.raw(WideMoment.self)
        guard quantities.count == 1, moments.count == 1 else { throw StateError("the sum of a range of levels is not whole") }
        quantity = quantities[0]
        moment = moments[0]
        isDefined = try input.bool()
        cut = try input.double()
        needsScan = try input.bool()
    }
}
