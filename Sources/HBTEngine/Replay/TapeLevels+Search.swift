/// Looking for levels: by bits where they are kept, else cell by cell, past blocks that are empty.
extension TapeLevels {
    func highest(from upper: Int64, downTo lower: Int64) -> Int64? {
        guard let range = window(lower, upper) else { return nil }
        let first = range.lowerBound >> 6
        var word = (range.upperBound - 1) >> 6
        var value = marks(word) & (~0 >> UInt64(63 - ((range.upperBound - 1) & 63)))
        while value == 0 {
            word = wordDown((isEmptyBlock(ofWord: word) ? word & ~3 : word) - 1, to: first)
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
            word = wordUp((isEmptyBlock(ofWord: word) ? word | 3 : word) + 1, to: last)
            if word > last { return nil }
            value = marks(word)
        }
        let found = word << 6 + value.trailingZeroBitCount
        return found < range.upperBound ? firstTick + Int64(found) : nil
    }

    /// Keeps bits from now on in `memory`, one word per 64 cells; nil no longer keeps any.
    mutating func keepBits(in memory: UnsafeMutablePointer<UInt64>?, isEmpty: Bool = false) {
        bits = nil
        if let memory, !isEmpty {
            let last = width >> 6 - 1
            var word = wordUp(0, to: last)
            while word <= last {
                let value = isEmptyBlock(ofWord: word) ? 0 : marks(word)
                // Pages that hold nothing stay untouched.
                if memory[word] != value { memory[word] = value }
                word = wordUp(word + 1, to: last)
            }
        }
        bits = memory
    }

    /// Calls `body` with every cell of a range that is not empty, in ascending order.
    @inline(__always) func forEachFilled(_ range: Range<Int>, _ body: (Int) -> Void) {
        let last = (range.upperBound - 1) >> 6
        var word = wordUp(range.lowerBound >> 6, to: last)
        while word <= last {
            var value = marks(word)
            while value != 0 {
                let cell = word << 6 + value.trailingZeroBitCount
                value &= value &- 1
                if cell >= range.lowerBound && cell < range.upperBound { body(cell) }
            }
            word = wordUp(word + 1, to: last)
        }
    }

    /// The first word from `word` on that may hold something; above `last` when none up to it does.
    @inline(__always) func wordUp(_ word: Int, to last: Int) -> Int {
        guard let touched, word <= last, touched[word >> 6] == 0 else { return word }
        let end = last >> 6
        var chunk = word >> 6 + 1
        while chunk <= end && touched[chunk] == 0 {
            // Eight at a time where nothing was ever near.
            let isGroup = chunk & 7 == 0 && chunk + 8 <= end && UnsafeRawPointer(touched + chunk).loadUnaligned(as: UInt64.self) == 0
            chunk += isGroup ? 8 : 1
        }
        return chunk > end ? last + 1 : chunk << 6
    }

    /// The last word from `word` down that may hold something; below `first` when none down to it does.
    @inline(__always) func wordDown(_ word: Int, to first: Int) -> Int {
        guard let touched, word >= first, touched[word >> 6] == 0 else { return word }
        let end = first >> 6
        var chunk = word >> 6 - 1
        while chunk >= end && touched[chunk] == 0 {
            let isGroup = chunk & 7 == 7 && chunk - 8 >= end && UnsafeRawPointer(touched + chunk - 7).loadUnaligned(as: UInt64.self) == 0
            chunk -= isGroup ? 8 : 1
        }
        return chunk < end ? first - 1 : chunk << 6 + 63
    }

    /// Four words of bits are a block of sums.
    @inline(__always) func isEmptyBlock(ofWord word: Int) -> Bool {
        guard let blocks else { return false }
        let parts = blocks + (word & ~3)
        return parts[0] &+ parts[1] &+ parts[2] &+ parts[3] == 0
    }
}
