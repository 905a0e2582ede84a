/// Numbers of orders by the engine's ids, asset by asset: open addressing with a fixed multiplier, so that an order
/// costs no hashing of bytes and every process has the same table.
struct EngineIdTable: ~Copyable {
    private struct Entry {
        var asset: Int
        var orderId: UInt64
        /// 0 for a free place: numbers begin with 1.
        var number: UInt64
    }
    private var entries: UnsafeMutablePointer<Entry>
    private var mask: Int
    private(set) var count = 0

    init() {
        mask = 1_023
        entries = Self.free(mask + 1)
    }

    deinit { entries.deallocate() }

    private static func free(_ capacity: Int) -> UnsafeMutablePointer<Entry> {
        let entries = UnsafeMutablePointer<Entry>.allocate(capacity: capacity)
        entries.initialize(repeating: Entry(asset: 0, orderId: 0, number: 0), count: capacity)
        return entries
    }

    @inline(__always)
    private func home(_ asset: Int, _ orderId: UInt64) -> Int {
        let mixed = (orderId &+ UInt64(truncatingIfNeeded: asset) &* 0xD6E8_FEB8_6659_FD93) &* 0x9E37_79B9_7F4A_7C15
        return Int(truncatingIfNeeded: mixed >> 32) & mask
    }

    /// Where the id is, or the free place where it belongs.
    @inline(__always)
    private func place(_ asset: Int, _ orderId: UInt64) -> Int {
        var i = home(asset, orderId)
        while entries[i].number != 0, entries[i].orderId != orderId || entries[i].asset != asset { i = (i &+ 1) & mask }
        return i
    }

    @inline(__always)
    func number(asset: Int, orderId: UInt64) -> UInt64? {
        let number = entries[place(asset, orderId)].number
        return number == 0 ? nil : number
    }

    mutating func set(asset: Int, orderId: UInt64, to number: UInt64) {
        precondition(number != 0, "numbers of orders begin with 1")
        if (count + 1) * 2 > mask + 1 { grow() }
        let i = place(asset, orderId)
        if entries[i].number == 0 { count += 1 }
        entries[i] = Entry(asset: asset, orderId: orderId, number: number)
    }

    /// Removes an id that still stands for that order.
    mutating func remove(asset: Int, orderId: UInt64, ifNumber number: UInt64) {
        var hole = place(asset, orderId)
        guard number != 0, entries[hole].number == number else { return }
        // Later entries of the same run move up, so that no marks of removed ones are needed.
        var i = hole
        while true {
            i = (i &+ 1) & mask
            if entries[i].number == 0 { break }
            let wanted = home(entries[i].asset, entries[i].orderId)
            if (i &- wanted) & mask >= (i &- hole) & mask {
                entries[hole] = entries[i]
                hole = i
            }
        }
        entries[hole].number = 0
        count -= 1
    }

    private mutating func grow() {
        let old = entries, capacity = mask + 1
        mask = 2 * capacity - 1
        entries = Self.free(2 * capacity)
        for i in 0..<capacity where old[i].number != 0 { entries[place(old[i].asset, old[i].orderId)] = old[i] }
        old.deallocate()
    }
}
