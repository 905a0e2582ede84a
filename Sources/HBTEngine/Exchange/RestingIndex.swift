/// One side's resting own orders in the order in which one event fills them: best price first,
/// then the order that rested first.
///
/// Kept sorted in an array: own orders are few, and a scan of a short array beats any tree. In raw
/// memory, which copies share: the owner calls `deallocate()`.
struct RestingIndex {
    struct Entry {
        var tick: Int64
        var slot: Int32
    }
    private var storage = UnsafeMutablePointer<Entry>.allocate(capacity: 16)
    private var capacity = 16
    private(set) var count = 0
    /// Bids: higher is better.
    let isBid: Bool

    init(isBid: Bool) { self.isBid = isBid }

    func deallocate() { storage.deallocate() }

    var entries: [Entry] { Array(UnsafeBufferPointer(start: storage, count: count)) }

    @inline(__always) private func isWorse(_ a: Int64, than b: Int64) -> Bool { isBid ? a < b : a > b }

    mutating func insert(tick: Int64, slot: Int) {
        if count == capacity { grow() }
        var i = count
        while i > 0 && isWorse(storage[i - 1].tick, than: tick) {
            storage[i] = storage[i - 1]
            i -= 1
        }
        storage[i] = Entry(tick: tick, slot: Int32(truncatingIfNeeded: slot))
        count += 1
    }

    private mutating func grow() {
        let larger = UnsafeMutablePointer<Entry>.allocate(capacity: capacity * 2)
        larger.update(from: storage, count: count)
        storage.deallocate()
        storage = larger
        capacity *= 2
    }

    mutating func remove(tick: Int64, slot: Int) {
        var i = 0
        while i < count && storage[i].slot != Int32(truncatingIfNeeded: slot) { i += 1 }
        precondition(i < count, "a resting order must be in its side's index")
        count -= 1
        while i < count {
            storage[i] = storage[i + 1]
            i += 1
        }
    }

    var isEmpty: Bool { count == 0 }
    @inline(__always) subscript(i: Int) -> Entry { storage[i] }
    /// Best tick of the side; the index must not be empty.
    var bestTick: Int64 { storage[0].tick }

    /// True when an order rests at `tick`.
    func holds(_ tick: Int64) -> Bool {
        for i in 0..<count where storage[i].tick == tick { return true }
        return false
    }

    /// True when some order may rest at `tick`.
    @inline(__always) func mayHold(_ tick: Int64) -> Bool {
        guard count > 0 else { return false }
        let first = storage[0].tick, last = storage[count - 1].tick
        return isBid ? tick <= first && tick >= last : tick >= first && tick <= last
    }

    // MARK: state

    func encode(into out: inout StateWriter) {
        out.begin("REST")
        out.put(count)
        for entry in entries {
            out.put(entry.tick)
            out.put(Int(entry.slot))
        }
    }

    /// `slots`: how many slots the order table has.
    mutating func restore(from input: inout StateReader, slots: Int) throws(StateError) {
        try input.expect("REST")
        count = 0
        for _ in 0..<(try input.count(of: 16)) {
            let tick = try input.int64()
            let slot = try input.int()
            guard slot >= 0, slot < slots else { throw StateError("a resting order points at slot \(slot) of \(slots)") }
            if count == capacity { grow() }
            storage[count] = Entry(tick: tick, slot: Int32(slot))
            count += 1
        }
    }
}
