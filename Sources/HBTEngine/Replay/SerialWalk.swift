/// A serial sum under way: the levels of a range, added one after the other from one end, with whole
/// blocks passed at once where they can be (`SerialBlock`).
///
/// The caller adds the levels of a block (`addLevels`) and then goes to the next one that
/// must be walked (`next`), so that two sums can be walked side by side: each is a chain of additions that
/// wait for one another, and two chains take the time of one.
struct SerialWalk {
    private let levels: TapeLevels
    private let isDescending: Bool
    private let far: Int
    private let farMask: UInt64
    private var block: Int
    /// Levels of the block, and those of them that are still to be added.
    private var marks: UInt64
    private var rest: UInt64
    /// Bits of the sum when it came to the block, where the block may be summed for the next time.
    private var entered: UInt64?
    private(set) var total = 0.0

    @inline(__always) init(_ levels: TapeLevels, _ range: Range<Int>, isDescending: Bool) {
        self.levels = levels
        self.isDescending = isDescending
        let first = range.lowerBound >> 6, last = (range.upperBound - 1) >> 6
        let lowMask: UInt64 = ~0 << UInt64(range.lowerBound & 63), highMask: UInt64 = ~0 >> UInt64(63 - ((range.upperBound - 1) & 63))
        block = isDescending ? last : first
        far = isDescending ? first : last
        farMask = isDescending ? lowMask : highMask
        marks = levels.marks(block) & (isDescending ? highMask : lowMask) & (first == last ? farMask : ~0)
        rest = marks
    }

    @inline(__always) var hasLevels: Bool { rest != 0 }

    /// A level's cell, taken off `rest`.
    @inline(__always) private static func take(_ rest: inout UInt64, isDescending: Bool) -> Int {
        guard isDescending else {
            let bit = rest.trailingZeroBitCount
            rest &= rest &- 1
            return bit
        }
        let bit = 63 &- rest.leadingZeroBitCount
        rest &= ~(1 &<< UInt64(truncatingIfNeeded: bit))
        return bit
    }

    /// Adds all levels of the block.
    @inline(__always) mutating func addLevels() {
        // In registers: a sum in memory takes three times as long to come back.
        var rest = rest, total = total
        let levels = levels, start = block << 6, isDescending = isDescending
        while rest != 0 { total += levels.value(start + Self.take(&rest, isDescending: isDescending)) }
        (self.rest, self.total) = (rest, total)
    }

    /// Adds levels of both blocks until one has none left.
    @inline(__always) static func addLevels(bids: inout SerialWalk, asks: inout SerialWalk) {
        var bidRest = bids.rest, bidTotal = bids.total, askRest = asks.rest, askTotal = asks.total
        let bidLevels = bids.levels, bidStart = bids.block << 6, askLevels = asks.levels, askStart = asks.block << 6
        while bidRest != 0 && askRest != 0 {
            bidTotal += bidLevels.value(bidStart + take(&bidRest, isDescending: true))
            askTotal += askLevels.value(askStart + take(&askRest, isDescending: false))
        }
        (bids.rest, bids.total) = (bidRest, bidTotal)
        (asks.rest, asks.total) = (askRest, askTotal)
    }

    /// Passes blocks up to one that must be walked; false at the end of the range.
    @inline(never) mutating func next() -> Bool {
        if let entered { keep(entered) }
        entered = nil
        if block == far { return false }
        let step = isDescending ? -1 : 1
        var bits = total.bitPattern
        block += step
        while block != far {
            guard let serial = levels.serial else {
                rest = levels.marks(block)
                return true
            }
            let four = isDescending ? block - 3 : block
            if (far - block) * step > 3, let next = SerialBlock.passed(serial + four, bits) {
                bits = next
                block += 4 * step
                continue
            }
            if let next = serial[block].passed(bits) {
                bits = next
            } else if !levels.isEmptyBlock(ofWord: block) {
                marks = levels.marks(block)
                rest = marks
                entered = bits
                total = Double(bitPattern: bits)
                return true
            }
            block += step
        }
        total = Double(bitPattern: bits)
        rest = levels.marks(far) & farMask
        return true
    }

    /// Sums the block's terms for the next time, if the sum came through it within one binade.
    @inline(never) private func keep(_ entered: UInt64) {
        let exponent = entered >> 52
        guard let serial = levels.serial, total.bitPattern >> 52 == exponent, serial[block].exponent != exponent,
            SerialBlock.exponents.contains(exponent)
        else { return }
        var fresh = SerialBlock(exponent: exponent)
        var left = marks
        while left != 0, fresh.add(levels.value(block << 6 + left.trailingZeroBitCount)) { left &= left &- 1 }
        serial[block] = fresh
    }

    /// Walks what is left.
    mutating func finish() {
        repeat { addLevels() } while next()
    }
}
