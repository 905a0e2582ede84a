import HBTTypes

/// Rows of one message, in memory that is used again for the next one.
public struct RowList: ~Copyable {
    private var base: UnsafeMutablePointer<MarketEvent>
    private var capacity = 1_024
    public private(set) var count = 0

    public init() { base = .allocate(capacity: capacity) }
    deinit { base.deallocate() }

    public var isEmpty: Bool { count == 0 }
    /// Valid until the list is changed.
    public var rows: UnsafeBufferPointer<MarketEvent> { UnsafeBufferPointer(start: base, count: count) }

    public mutating func removeAll() { count = 0 }

    mutating func append(_ row: MarketEvent) {
        reserve(1)
        base[count] = row
        count += 1
    }

    /// Levels as the converters write them, for both sides of the engine.
    ///
    /// - Parameters:
    ///   - side: `EventFlags.buy` or `.sell`.
    ///   - kind: one of `EventKind`'s constants for levels.
    mutating func append(_ levels: UnsafeBufferPointer<DepthLevel>, side: UInt64, kind: UInt8, exchangeNs: Int64, localNs: Int64) {
        reserve(levels.count)
        var place = base + count
        for level in levels {
            place.initialize(to: MarketEvent(
                ev: FeedRows.both | side | UInt64(kind), exchangeNs: exchangeNs, localNs: localNs, price: level.price, quantity: level.quantity))
            place += 1
        }
        count += levels.count
    }

    @inline(__always)
    private mutating func reserve(_ more: Int) { if capacity &- count < more { grow(more) } }

    @inline(never)
    private mutating func grow(_ more: Int) {
        capacity = max(2 * capacity, count + more)
        let larger = UnsafeMutablePointer<MarketEvent>.allocate(capacity: capacity)
        larger.update(from: base, count: count)
        base.deallocate()
        base = larger
    }
}
