import HBTTypes

/// Orders by id: an open-addressing index over slots that never move while an order lives.
///
/// Iteration is by time of insertion, never by hash. Ids are dispersed by a fixed multiplier, so
/// every process sees the same table. In raw memory, which copies share: the owner calls `deallocate()`.
struct OrderTable {
    private var orders: UnsafeMutablePointer<Order>
    /// Insertion number of each slot; 0 marks a free slot.
    private var stamps: UnsafeMutablePointer<UInt64>
    /// Free slots, the next one to use last.
    private var free: UnsafeMutablePointer<Int32>
    private var freeCount = 0
    private var capacity = 16
    private var nextStamp: UInt64 = 1
    /// Slot number + 1, 0 for empty; length is a power of two, more than twice `count`.
    private var index: UnsafeMutablePointer<Int32>
    private var indexMask = 63
    /// Slots in use or free again.
    private(set) var slotCount = 0
    private(set) var count = 0

    init() {
        orders = .allocate(capacity: capacity)
        stamps = .allocate(capacity: capacity)
        free = .allocate(capacity: capacity)
        index = .allocate(capacity: indexMask + 1)
        index.initialize(repeating: 0, count: indexMask + 1)
    }

    func deallocate() {
        orders.deallocate()
        stamps.deallocate()
        free.deallocate()
        index.deallocate()
    }

    @inline(__always) private func home(_ id: UInt64) -> Int {
        Int(truncatingIfNeeded: (id &* 0x9E37_79B9_7F4A_7C15) >> 32) & indexMask
    }

    /// Slot of an order, or nil.
    @inline(__always) func slot(_ id: UInt64) -> Int? {
        var i = home(id)
        while index[i] != 0 {
            let slot = Int(index[i]) &- 1
            if orders[slot].orderId == id { return slot }
            i = (i &+ 1) & indexMask
        }
        return nil
    }

    /// The order in a slot below `slotCount`.
    subscript(slot: Int) -> Order {
        @inline(__always) _read {
            precondition(slot >= 0 && slot < slotCount, "there is no such slot")
            yield orders[slot]
        }
        @inline(__always) nonmutating _modify {
            precondition(slot >= 0 && slot < slotCount, "there is no such slot")
            yield &orders[slot]
        }
    }

    func stamp(_ slot: Int) -> UInt64 { stamps[slot] }

    /// Adds an order whose id is not in the table.
    @discardableResult
    mutating func insert(_ order: Order) -> Int {
        if (count + 1) * 2 > indexMask + 1 { rebuild((indexMask + 1) * 2) }
        let slot: Int
        if freeCount > 0 {
            freeCount &-= 1
            slot = Int(free[freeCount])
        } else {
            if slotCount == capacity { reserve(2 * capacity) }
            slot = slotCount
            slotCount += 1
        }
        orders[slot] = order
        stamps[slot] = nextStamp
        nextStamp += 1
        var i = home(order.orderId)
        while index[i] != 0 { i = (i &+ 1) & indexMask }
        index[i] = Int32(truncatingIfNeeded: slot &+ 1)
        count += 1
        return slot
    }

    mutating func remove(slot: Int) {
        precondition(isLive(slot), "a free slot cannot be removed")
        var i = home(orders[slot].orderId)
        while index[i] != Int32(truncatingIfNeeded: slot &+ 1) { i = (i &+ 1) & indexMask }
        // Backward shift: later entries of the same run move up, so that no tombstones are needed.
        var hole = i
        var j = i
        while true {
            j = (j &+ 1) & indexMask
            if index[j] == 0 { break }
            let wanted = home(orders[Int(index[j]) &- 1].orderId)
            let distanceToHole = (j &- hole) & indexMask
            let distanceHome = (j &- wanted) & indexMask
            if distanceHome >= distanceToHole {
                index[hole] = index[j]
                hole = j
            }
        }
        index[hole] = 0
        stamps[slot] = 0
        free[freeCount] = Int32(truncatingIfNeeded: slot)
        freeCount &+= 1
        count -= 1
    }

    private mutating func reserve(_ wanted: Int) {
        orders = Self.moved(orders, slotCount, wanted)
        stamps = Self.moved(stamps, slotCount, wanted)
        free = Self.moved(free, freeCount, wanted)
        capacity = wanted
    }

    private static func moved<T: BitwiseCopyable>(_ old: UnsafeMutablePointer<T>, _ count: Int, _ capacity: Int) -> UnsafeMutablePointer<T> {
        let larger = UnsafeMutablePointer<T>.allocate(capacity: capacity)
        larger.update(from: old, count: count)
        old.deallocate()
        return larger
    }

    private mutating func rebuild(_ capacity: Int) {
        index.deallocate()
        index = .allocate(capacity: capacity)
        index.initialize(repeating: 0, count: capacity)
        indexMask = capacity - 1
        for slot in 0..<slotCount where stamps[slot] != 0 {
            var i = home(orders[slot].orderId)
            while index[i] != 0 { i = (i + 1) & indexMask }
            index[i] = Int32(slot + 1)
        }
    }

    @inline(__always) func isLive(_ slot: Int) -> Bool { slot >= 0 && slot < slotCount && stamps[slot] != 0 }

    /// Slots of all orders, oldest first.
    func slotsByAge() -> [Int] {
        (0..<slotCount).filter { stamps[$0] != 0 }.sorted { stamps[$0] < stamps[$1] }
    }

    // MARK: state

    /// Slots keep their numbers: iteration by slot goes on as it was.
    func encode(into out: inout StateWriter) {
        out.begin("OTAB")
        out.put(slotCount)
        for slot in 0..<slotCount { out.put(orders[slot]) }
        out.putRaw(UnsafeBufferPointer(start: stamps, count: slotCount))
        out.putRaw(UnsafeBufferPointer(start: free, count: freeCount))
        out.put(nextStamp)
    }

    mutating func restore(from input: inout StateReader) throws(StateError) {
        try input.expect("OTAB")
        let n = try input.count(of: StateWriter.orderBytes)
        (slotCount, freeCount, count) = (0, 0, 0)
        if n > capacity { reserve(n) }
        for slot in 0..<n { orders[slot] = try input.order() }
        let newStamps: [UInt64] = try input.raw(), newFree: [Int32] = try input.raw()
        nextStamp = try input.word()
        guard newStamps.count == n, newFree.count <= n, newFree.allSatisfy({ $0 >= 0 && $0 < n && newStamps[Int($0)] == 0 }) else {
            throw StateError("the order table does not fit together")
        }
        slotCount = n
        freeCount = newFree.count
        for (i, stamp) in newStamps.enumerated() { stamps[i] = stamp }
        for (i, slot) in newFree.enumerated() { free[i] = slot }
        count = newStamps.count { $0 != 0 }
        var capacity = 64
        while capacity < 2 * (count + 1) { capacity *= 2 }
        rebuild(capacity)
    }
}
