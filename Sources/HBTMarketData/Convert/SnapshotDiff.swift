import HBTTypes

/// Differences between successive full snapshots of a book, for venues that send nothing else.
///
/// Levels are compared by tick and quantities by lots, both rounded half to even (as HftBacktest's
/// converter does; the engine itself rounds half away from zero). A snapshot shows a limited number
/// of levels, so a level that is gone may only have left the visible range: `Removal` tells.
public struct SnapshotDiff {
    public enum Change: Int, Sendable, Equatable {
        case unchanged = 0, changed, inserted
    }

    public enum Removal: Int, Sendable, Equatable {
        /// Between the levels still visible: the level is really gone.
        case inBook = 0
        /// Under the lowest visible level, over the highest one.
        case below, above
    }

    public struct Level: Sendable, Equatable {
        public var price: Double
        public var quantity: Double
        public var change: Change
    }

    public struct Delete: Sendable, Equatable {
        /// tick × tick size.
        public var price: Double
        public var kind: Removal
    }

    public struct Difference: Sendable, Equatable {
        public var bids: [Level]
        public var asks: [Level]
        public var bidDeletes: [Delete]
        public var askDeletes: [Delete]
    }

    private let tickSize: Double
    private let lotSize: Double
    private var previous: (bids: [(tick: Int64, lots: Int64)], asks: [(tick: Int64, lots: Int64)])?

    /// Both sizes must be above 0.
    public init(tickSize: Double, lotSize: Double) {
        precondition(tickSize > 0 && lotSize > 0, "tick and lot size must be positive")
        self.tickSize = tickSize
        self.lotSize = lotSize
    }

    /// Takes the next snapshot (best level first) and tells what is new in it.
    ///
    /// In the first one every level counts as changed. Of levels given twice the first counts.
    public mutating func update(bids: [(price: Double, quantity: Double)], asks: [(price: Double, quantity: Double)]) -> Difference {
        let (b, newBids, bidDeletes) = side(bids, before: previous?.bids)
        let (a, newAsks, askDeletes) = side(asks, before: previous?.asks)
        previous = (newBids, newAsks)
        return Difference(bids: b, asks: a, bidDeletes: bidDeletes, askDeletes: askDeletes)
    }

    private func side(
        _ levels: [(price: Double, quantity: Double)], before: [(tick: Int64, lots: Int64)]?
    ) -> ([Level], [(tick: Int64, lots: Int64)], [Delete]) {
        let now = levels.map {
            (tick: saturatingInt64(($0.price / tickSize).rounded(.toNearestOrEven)),
             lots: saturatingInt64(($0.quantity / lotSize).rounded(.toNearestOrEven)))
        }
        guard let before else { return (levels.map { Level(price: $0.price, quantity: $0.quantity, change: .changed) }, now, []) }
        let old = Dictionary(before.map { ($0.tick, $0.lots) }) { first, _ in first }
        let current = Set(now.map(\.tick))
        let marked = zip(levels, now).map { level, key in
            let change: Change = old[key.tick].map { $0 == key.lots ? .unchanged : .changed } ?? .inserted
            return Level(price: level.price, quantity: level.quantity, change: change)
        }
        let lowest = now.map(\.tick).min(), highest = now.map(\.tick).max()
        let deletes = before.filter { !current.contains($0.tick) }.map { gone in
            // An emptied side hides nothing: its levels are gone.
            let kind: Removal = lowest.map { gone.tick < $0 } == true ? .below : highest.map { gone.tick > $0 } == true ? .above : .inBook
            return Delete(price: Double(gone.tick) * tickSize, kind: kind)
        }
        return (marked, now, deletes)
    }

    /// The difference as depth rows: changed and inserted bids, then asks, then deleted bids, then asks.
    /// Without `deleteOutOfBook` only levels that are really gone are deleted.
    public static func rows(_ difference: Difference, exchangeNs: Int64, localNs: Int64, deleteOutOfBook: Bool) -> [MarketEvent] {
        func row(_ side: UInt64, _ price: Double, _ quantity: Double) -> MarketEvent {
            MarketEvent(ev: side | UInt64(EventKind.depth), exchangeNs: exchangeNs, localNs: localNs, price: price, quantity: quantity)
        }
        func sets(_ levels: [Level], _ side: UInt64) -> [MarketEvent] {
            levels.filter { $0.change != .unchanged }.map { row(side, $0.price, $0.quantity) }
        }
        func deletes(_ list: [Delete], _ side: UInt64) -> [MarketEvent] {
            list.filter { deleteOutOfBook || $0.kind == .inBook }.map { row(side, $0.price, 0) }
        }
        return sets(difference.bids, EventFlags.buy) + sets(difference.asks, EventFlags.sell)
            + deletes(difference.bidDeletes, EventFlags.buy) + deletes(difference.askDeletes, EventFlags.sell)
    }
}
