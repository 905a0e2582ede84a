/// One side's resting own orders in the order in which one event fills them: best price first,
/// then the order that rested first.
///
/// Kept sorted in an array: own orders are few, and a scan of a short array beats any tree.
struct RestingIndex {
    struct Entry {
        var tick: Int64
        var slot: Int32
    }
    private(set) var entries: [Entry] = []
    /// Bids: higher is better.
    let isBid: Bool

    init(isBid: Bool) {
        self.isBid = isBid
        entries.reserveCapacity(64)
    }

    @inline(__always) private func isWorse(_ a: Int64, than b: Int64) -> Bool { isBid ? a < b : a > b }

    mutating func insert(tick: Int64, slot: Int) {
        var i = entries.count
        while i > 0 && isWorse(entries[i - 1].tick, than: tick) { i -= 1 }
        entries.insert(Entry(tick: tick, slot: Int32(slot)), at: i)
    }

    mutating func remove(tick: Int64, slot: Int) {
        guard let i = entries.firstIndex(where: { $0.slot == Int32(slot) }) else {
            preconditionFailure("a resting order must be in its side's index")
        }
        entries.remove(at: i)
    }

    var isEmpty: Bool { entries.isEmpty }
    var count: Int { entries.count }
    @inline(__always) subscript(i: Int) -> Entry { entries[i] }
    /// Best and worst tick of the side; the index must not be empty.
    var bestTick: Int64 { entries[0].tick }
    var worstTick: Int64 { entries[entries.count - 1].tick }

    /// True when an order rests at `tick`.
    func holds(_ tick: Int64) -> Bool { entries.contains { $0.tick == tick } }

    /// True when some order may rest at `tick`.
    @inline(__always) func mayHold(_ tick: Int64) -> Bool {
        guard let first = entries.first?.tick, let last = entries.last?.tick else { return false }
        return isBid ? tick <= first && tick >= last : tick >= first && tick <= last
    }

    // MARK: state

    func encode(into out: inout StateWriter) {
        out.begin("REST")
        out.put(entries.count)
        for entry in entries {
            out.put(entry.tick)
            out.put(Int(entry.slot))
        }
    }

    /// `slots`: how many slots the order table has.
    mutating func restore(from input: inout StateReader, slots: Int) throws(StateError) {
        try input.expect("REST")
        entries = []
        for _ in 0..<(try input.count(of: 16)) {
            let tick = try input.int64()
            let slot = try input.int()
            guard slot >= 0, slot < slots else { throw StateError("a resting order points at slot \(slot) of \(slots)") }
            entries.append(Entry(tick: tick, slot: Int32(slot)))
        }
    }
}
