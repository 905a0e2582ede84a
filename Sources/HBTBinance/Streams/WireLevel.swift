/// One price level of a depth message.
@frozen
public struct WireLevel: Equatable, Sendable {
    public var price: WireDecimal
    /// The level's new total; 0 deletes it.
    public var quantity: WireDecimal

    @inlinable
    public init(price: WireDecimal, quantity: WireDecimal) {
        self.price = price
        self.quantity = quantity
    }
}

/// Levels of one side of one message, in memory that is used again for the next message.
struct LevelBuffer: ~Copyable {
    private var base: UnsafeMutablePointer<WireLevel>
    private(set) var count = 0
    private var capacity: Int

    init(capacity: Int = 1024) {
        self.capacity = capacity
        base = .allocate(capacity: capacity)
    }

    deinit { base.deallocate() }

    var levels: UnsafeBufferPointer<WireLevel> { UnsafeBufferPointer(start: base, count: count) }

    mutating func removeAll() { count = 0 }

    @inline(__always)
    mutating func append(_ level: WireLevel) {
        if count == capacity { grow() }
        base[count] = level
        count += 1
    }

    @inline(never)
    private mutating func grow() {
        let larger = UnsafeMutablePointer<WireLevel>.allocate(capacity: capacity * 2)
        larger.update(from: base, count: count)
        base.deallocate()
        base = larger
        capacity *= 2
    }
}
