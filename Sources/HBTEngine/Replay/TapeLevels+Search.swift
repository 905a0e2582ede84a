/// Looking for levels: by bits where they are kept, else cell by cell, past blocks that are empty.
extension TapeLevels {
    func highest(from upper: Int64, downTo lower: Int64) -> Int64? {
        guard let range = window(lower, upper) else { return nil }
        let first = range.lowerBound >> 6
        var word = (range.upperBound - 1) >> 6
        var value = marks(word) & (~0 >> UInt64(63 - ((range.upperBound - 1) & 63)))
        while value == 0 {
            word = (isEmptyBlock(ofWord: word) ? word & ~3 : word) - 1
            if word < first { return nil }
            value = marks(word)
        }
        let found = word << 6 + (63 - value.leadingZeroBitCount)
        return found >= range.lowerBound ? firstTick + Int64(found) : nil
    }

    func lowest(from lower: Int64, upTo upper: Int64) -> Int64? {
        guard let range = window(lower, upper) else { return nil }
        let last = (range.upperBound - 1) >> 6
        var word = range.lowerBound >> 6
        var value = marks(word) & (~0 << UInt64(range.lowerBound & 63))
        while value == 0 {
            word = (isEmptyBlock(ofWord: word) ? word | 3 : word) + 1
            if word > last { return nil }
            value = marks(word)
        }
        let found = word << 6 + value.trailingZeroBitCount
        return found < range.upperBound ? firstTick + Int64(found) : nil
    }

    /// Keeps bits from now on in `memory`, one word per 64 cells; nil no longer keeps any.
    mutating func keepBits(in memory: UnsafeMutablePointer<UInt64>?) {
        bits = nil
        if let memory {
            for word in 0..<(width >> 6) {
                let value = isEmptyBlock(ofWord: word) ? 0 : marks(word)
                // Pages that hold nothing stay untouched.
                if memory[word] != value { memory[word] = value }
            }
        }
        bits = memory
    }

    /// Four words of bits are a block of sums.
    @inline(__always) func isEmptyBlock(ofWord word: Int) -> Bool {
        guard let blocks else { return false }
        let parts = blocks + (word & ~3)
        return parts[0] &+ parts[1] &+ parts[2] &+ parts[3] == 0
    }
}
