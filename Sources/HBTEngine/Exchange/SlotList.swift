/// Slots of orders, in raw memory that is kept and written over. The owner calls `deallocate()`.
struct SlotList {
    private var slots = UnsafeMutablePointer<Int32>.allocate(capacity: 64)
    private var capacity = 64
    private(set) var count = 0

    func deallocate() { slots.deallocate() }

    /// Empty, with room for `wanted`.
    @inline(__always) mutating func restart(_ wanted: Int) {
        count = 0
        if wanted > capacity { grow(wanted) }
    }

    @inline(never) private mutating func grow(_ wanted: Int) {
        slots.deallocate()
        capacity = max(wanted, 2 * capacity)
        slots = .allocate(capacity: capacity)
    }

    /// There must be room.
    @inline(__always) mutating func append(_ slot: Int32) {
        slots[count] = slot
        count &+= 1
    }

    @inline(__always) subscript(i: Int) -> Int32 { slots[i] }

    mutating func reverse() {
        var all = UnsafeMutableBufferPointer(start: slots, count: count)
        all.reverse()
    }
}
