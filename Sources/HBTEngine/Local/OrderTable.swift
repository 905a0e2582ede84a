import HBTTypes

/// Orders by id: an open-addressing index over slots that never move while an order lives.
///
/// Iteration is by time of insertion, never by hash. Ids are dispersed by a fixed multiplier, so
/// every process sees the same table.
struct OrderTable {
    private(set) var slots: [Order] = []
    /// Insertion number of each slot; 0 marks a free slot.
    private var stamps: [UInt64] = []
    private var free: [Int32] = []
    private var nextStamp: UInt64 = 1
    /// Slot number + 1, 0 for empty; length is a power of two.
    private var index: [Int32]
    private(set) var count = 0

    init() { index = [Int32](repeating: 0, count: 64) }

    @inline(__always) private func home(_ id: UInt64) -> Int {
        Int(truncatingIfNeeded: (id &* 0x9E37_79B9_7F4A_7C15) >> 32) & (index.count - 1)
    }

    /// Slot of an order, or nil.
    func slot(_ id: UInt64) -> Int? {
        var i = home(id)
        while index[i] != 0 {
            let slot = Int(index[i] - 1)
            if slots[slot].orderId == id { return slot }
            i = (i + 1) & (index.count - 1)
        }
        return nil
    }

    subscript(slot: Int) -> Order {
        _read { yield slots[slot] }
        _modify { yield &slots[slot] }
    }

    func stamp(_ slot: Int) -> UInt64 { stamps[slot] }

    /// Adds an order whose id is not in the table.
    @discardableResult
    mutating func insert(_ order: Order) -> Int {
        if (count + 1) * 2 > index.count { rebuild(index.count * 2) }
        let slot: Int
        if let reused = free.popLast() {
            slot = Int(reused)
            slots[slot] = order
            stamps[slot] = nextStamp
        } else {
            slot = slots.count
            slots.append(order)
            stamps.append(nextStamp)
        }
        nextStamp += 1
        var i = home(order.orderId)
        while index[i] != 0 { i = (i + 1) & (index.count - 1) }
        index[i] = Int32(slot + 1)
        count += 1
        return slot
    }

    mutating func remove(slot: Int) {
        precondition(stamps[slot] != 0, "a free slot cannot be removed")
        var i = home(slots[slot].orderId)
        while index[i] != Int32(slot + 1) { i = (i + 1) & (index.count - 1) }
        // Backward shift: later entries of the same run move up, so that no tombstones are needed.
        var hole = i
        var j = i
        while true {
            j = (j + 1) & (index.count - 1)
            if index[j] == 0 { break }
            let wanted = home(slots[Int(index[j] - 1)].orderId)
            let distanceToHole = (j &- hole) & (index.count - 1)
            let distanceHome = (j &- wanted) & (index.count - 1)
            if distanceHome >= distanceToHole {
                index[hole] = index[j]
                hole = j
            }
        }
        index[hole] = 0
        stamps[slot] = 0
        free.append(Int32(slot))
        count -= 1
    }

    private mutating func rebuild(_ capacity: Int) {
        index = [Int32](repeating: 0, count: capacity)
        for slot in slots.indices where stamps[slot] != 0 {
            var i = home(slots[slot].orderId)
            while index[i] != 0 { i = (i + 1) & (capacity - 1) }
            index[i] = Int32(slot + 1)
        }
    }

    func isLive(_ slot: Int) -> Bool { stamps[slot] != 0 }

    /// Slots of all orders, oldest first.
    func slotsByAge() -> [Int] {
        slots.indices.filter { stamps[$0] != 0 }.sorted { stamps[$0] < stamps[$1] }
    }

    // MARK: state

    /// Slots keep their numbers: iteration by slot goes on as it was.
    func encode(into out: inout StateWriter) {
        out.begin("OTAB")
        out.put(slots.count)
        for slot in slots { out.put(slot) }
        out.putRaw(stamps)
        out.putRaw(free)
        out.put(nextStamp)
    }

    mutating func restore(from input: inout StateReader) throws(StateError) {
        try input.expect("OTAB")
        let n = try input.count(of: StateWriter.orderBytes)
        slots = []
        for _ in 0..<n { slots.append(try input.order()) }
        stamps = try input.raw()
        free = try input.raw()
        nextStamp = try input.word()
        guard stamps.count == n, free.allSatisfy({ $0 >= 0 && $0 < n && stamps[Int($0)] == 0 }) else {
            throw StateError("the order table does not fit together")
        }
        count = stamps.count { $0 != 0 }
        var capacity = 64
        while capacity < 2 * (count + 1) { capacity *= 2 }
        rebuild(capacity)
    }
}
