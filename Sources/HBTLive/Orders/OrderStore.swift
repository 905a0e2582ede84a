/// A run's orders by their numbers, which ascend by one: found without hashing, changed in place.
///
/// Kept in blocks, so that growing copies nothing and what is forgotten gives its memory back.
struct OrderStore {
    private static let blockSize = 256
    private struct Block {
        var orders: [ManagedOrder?]
        var count = 0
    }
    private var blocks: [Block] = []
    /// Number of the first order of the first block.
    private var base: UInt64 = 0

    /// The order of that number; nil removes it.
    subscript(number: UInt64) -> ManagedOrder? {
        get {
            guard let (block, slot) = place(number) else { return nil }
            return blocks[block].orders[slot]
        }
        set {
            if let newValue {
                let (block, slot) = room(number)
                if blocks[block].orders[slot] == nil { blocks[block].count += 1 }
                blocks[block].orders[slot] = newValue
            } else if let (block, slot) = place(number), blocks[block].orders[slot] != nil {
                blocks[block].orders[slot] = nil
                blocks[block].count -= 1
                dropEmptyBlocks()
            }
        }
    }

    /// Changes an order in place; does nothing when there is none.
    mutating func change(_ number: UInt64, _ body: (inout ManagedOrder) -> Void) {
        guard let (block, slot) = place(number) else { return }
        blocks[block].orders[slot]?.apply(body)
    }

    private func place(_ number: UInt64) -> (block: Int, slot: Int)? {
        guard number >= base else { return nil }
        let (block, slot) = (number - base).quotientAndRemainder(dividingBy: UInt64(Self.blockSize))
        return block < blocks.count ? (Int(block), Int(slot)) : nil
    }

    private mutating func room(_ number: UInt64) -> (block: Int, slot: Int) {
        if blocks.isEmpty { base = number - number % UInt64(Self.blockSize) }
        precondition(number >= base, "an order's number is not older than those forgotten")
        while true {
            if let place = place(number) { return place }
            blocks.append(Block(orders: Array(repeating: nil, count: Self.blockSize)))
        }
    }

    /// The last block stays: the next order goes there.
    private mutating func dropEmptyBlocks() {
        while blocks.count > 1, blocks[0].count == 0 {
            blocks.removeFirst()
            base += UInt64(Self.blockSize)
        }
    }
}

extension ManagedOrder {
    fileprivate mutating func apply(_ body: (inout ManagedOrder) -> Void) { body(&self) }
}
