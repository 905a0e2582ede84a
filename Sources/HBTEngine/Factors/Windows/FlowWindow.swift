/// Signed quantities summed over a window: bought above 0, sold below.
///
/// Integer lots: an empty window is exactly 0, and equal contents give equal sums.
struct FlowWindow: BitwiseCopyable {
    private(set) var ring: WindowRing<LotQuantity>
    /// Bought less sold.
    private(set) var net = LotQuantity()
    /// Bought and sold.
    private(set) var gross = LotQuantity()

    init(_ span: WindowSpan) { ring = WindowRing(span) }
    func deallocate() { ring.deallocate() }

    /// Equal sides of one local time share an entry of a time window.
    @inline(__always) mutating func push(_ quantity: LotQuantity, at ns: Int64) {
        net += quantity
        gross += quantity.magnitude
        if !ring.isTimed && ring.isFull {
            drop(ring.replaceOldest(with: quantity))
        } else if ring.isTimed && ring.count > 0 && ring.newestTime == ns && ring.newest.pointee.isNegative == quantity.isNegative {
            ring.newest.pointee += quantity
        } else {
            ring.append(quantity, at: ns)
        }
    }

    @inline(__always) mutating func expire(to ns: Int64) {
        guard ring.isExpired(at: ns) else { return }
        // Kept in registers over the loop.
        var net = net, gross = gross
        repeat {
            let old = ring.removeOldest()
            net -= old
            gross -= old.magnitude
        } while ring.isExpired(at: ns)
        self.net = net
        self.gross = gross
    }

    @inline(__always) private mutating func drop(_ old: LotQuantity) {
        net -= old
        gross -= old.magnitude
    }

    func encode(into out: inout StateWriter) { ring.encode(into: &out) }

    mutating func restore(from input: inout StateReader) throws(StateError) {
        try ring.restore(from: &input)
        net = LotQuantity()
        gross = LotQuantity()
        for i in 0..<ring.count {
            net += ring[i]
            gross += ring[i].magnitude
        }
    }
}

/// Σ price × size and Σ size of the trades of a window, exact.
struct PriceWindow: BitwiseCopyable {
    struct Entry: BitwiseCopyable {
        /// In 2⁻¹⁶ ticks.
        let price: Int64
        // Apart, so that an entry has no padding: entries are written to snapshots as they lie in memory.
        private let whole: Int64
        private let part: Int64

        init(price: Int64, quantity: LotQuantity) {
            self.price = price
            whole = quantity.whole
            part = quantity.part
        }
        var quantity: LotQuantity { LotQuantity(whole: whole, part: part) }
    }
    private(set) var ring: WindowRing<Entry>
    private var moment = WideMoment()
    private var quantity = LotQuantity()

    init(_ span: WindowSpan) { ring = WindowRing(span) }
    func deallocate() { ring.deallocate() }

    mutating func push(_ entry: Entry, at ns: Int64) {
        if !ring.isTimed && ring.isFull {
            drop(ring.replaceOldest(with: entry))
        } else {
            ring.append(entry, at: ns)
        }
        take(entry)
    }

    mutating func expire(to ns: Int64) {
        while ring.isExpired(at: ns) { drop(ring.removeOldest()) }
    }

    private mutating func take(_ entry: Entry) {
        moment.add(entry.price, entry.quantity)
        quantity += entry.quantity
    }

    private mutating func drop(_ entry: Entry) {
        moment.subtract(entry.price, entry.quantity)
        quantity -= entry.quantity
    }

    /// In ticks; NaN without quantity.
    var mean: Double {
        quantity.isZero ? .nan : moment.value / quantity.lots / LotScale.partsPerTick
    }

    func encode(into out: inout StateWriter) { ring.encode(into: &out) }

    mutating func restore(from input: inout StateReader) throws(StateError) {
        try ring.restore(from: &input)
        moment = WideMoment()
        quantity = LotQuantity()
        for i in 0..<ring.count { take(ring[i]) }
    }
}

/// Order-flow imbalance between consecutive waves, summed over a window.
///
/// e = [Pb ≥ Pb′]·qb − [Pb ≤ Pb′]·qb′ − [Pa ≤ Pa′]·qa + [Pa ≥ Pa′]·qa′, primes the wave before.
/// Source: R. Cont, A. Kukanov and S. Stoikov, "The price impact of order book events", 2014.
struct OrderFlowWindow: BitwiseCopyable {
    struct Top: BitwiseCopyable, Equatable {
        var bidTick: Int64 = 0
        var askTick: Int64 = 0
        var bid = LotQuantity()
        var ask = LotQuantity()
    }
    var window: FlowWindow
    private var last = Top()
    private var hasLast = false

    init(_ span: WindowSpan) { window = FlowWindow(span) }
    func deallocate() { window.deallocate() }

    var value: LotQuantity { window.net }

    /// A one-sided book has no flow, and none is measured from it. Unless every wave counts, one
    /// without a change of the best prices and sizes is no update.
    ///
    /// - Returns: true when a flow was taken.
    mutating func push(_ top: Top?, at ns: Int64, isEveryWave: Bool) -> Bool {
        guard let top else {
            hasLast = false
            return false
        }
        if hasLast && !isEveryWave && top == last { return false }
        let isTaken = hasLast
        if hasLast {
            var e = LotQuantity()
            if top.bidTick >= last.bidTick { e += top.bid }
            if top.bidTick <= last.bidTick { e -= last.bid }
            if top.askTick <= last.askTick { e -= top.ask }
            if top.askTick >= last.askTick { e += last.ask }
            window.push(e, at: ns)
        }
        last = top
        hasLast = true
        return isTaken
    }

    func encode(into out: inout StateWriter) {
        window.encode(into: &out)
        out.putRaw([last])
        out.put(hasLast)
    }

    mutating func restore(from input: inout StateReader) throws(StateError) {
        try window.restore(from: &input)
        let stored = try input.raw(Top.self)
        guard stored.count == 1 else { throw StateError("the top of the book of an order flow is not whole") }
        last = stored[0]
        hasLast = try input.bool()
    }
}
