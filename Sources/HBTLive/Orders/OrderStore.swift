/// A run's orders by their numbers, which ascend by one: found without hashing, changed where they lie.
///
/// Kept in blocks, so that growing copies nothing and what is forgotten gives its memory back.
struct OrderStore: ~Copyable {
    private static let blockSize = 256
    private struct Block {
        let orders: UnsafeMutablePointer<ManagedOrder>
        /// Which places hold one.
        let isHeld: UnsafeMutablePointer<Bool>
        var count = 0

        init() {
            orders = .allocate(capacity: blockSize)
            isHeld = .allocate(capacity: blockSize)
            isHeld.initialize(repeating: false, count: blockSize)
        }

        func deallocate() {
            for slot in 0..<blockSize where isHeld[slot] { (orders + slot).deinitialize(count: 1) }
            orders.deallocate()
            isHeld.deallocate()
        }
    }
    private var blocks: [Block] = []
    /// Number of the first order of the first block.
    private var base: UInt64 = 0

    init() {}
    deinit { for block in blocks { block.deallocate() } }

    /// Where the order of that number lies until it is removed; nil when there is none.
    @inline(__always)
    func pointer(_ number: UInt64) -> UnsafeMutablePointer<ManagedOrder>? {
        guard let (block, slot) = place(number), blocks[block].isHeld[slot] else { return nil }
        return blocks[block].orders + slot
    }

    /// The order of that number; nil removes it.
    subscript(number: UInt64) -> ManagedOrder? {
        get { pointer(number)?.pointee }
        set {
            if let newValue {
                let (block, slot) = room(number)
                if blocks[block].isHeld[slot] {
                    blocks[block].orders[slot] = newValue
                } else {
                    (blocks[block].orders + slot).initialize(to: newValue)
                    blocks[block].isHeld[slot] = true
                    blocks[block].count += 1
                }
            } else if let (block, slot) = place(number), blocks[block].isHeld[slot] {
                (blocks[block].orders + slot).deinitialize(count: 1)
                blocks[block].isHeld[slot] = false
                blocks[block].count -= 1
                dropEmptyBlocks()
            }
        }
    }

    /// Changes an order in place; does nothing when there is none.
    mutating func change(_ number: UInt64, _ body: (inout ManagedOrder) -> Void) {
        if let order = pointer(number) { body(&order.pointee) }
    }

    /// Makes room for the order of that number, which comes next.
    mutating func prepare(_ number: UInt64) { _ = room(number) }

    @inline(__always)
    private func place(_ number: UInt64) -> (block: Int, slot: Int)? {
        guard number >= base else { return nil }
        let (block, slot) = (number &- base).quotientAndRemainder(dividingBy: UInt64(Self.blockSize))
        return block < blocks.count ? (Int(block), Int(slot)) : nil
    }

    private mutating func room(_ number: UInt64) -> (block: Int, slot: Int) {
        if blocks.isEmpty { base = number - number % UInt64(Self.blockSize) }
        precondition(number >= base, "an order's number is not older than those forgotten")
        while true {
            if let place = place(number) { return place }
            blocks.append(Block())
        }
    }

    /// The last block stays: the next order goes there.
    private mutating func dropEmptyBlocks() {
        while blocks.count > 1, blocks[0].count == 0 {
            blocks.removeFirst().deallocate()
            base += UInt64(Self.blockSize)
        }
    }
}
