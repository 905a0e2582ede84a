extension TapeLevels {
    /// Level after level from one end of the range: to the last bit what a plain loop over its ticks
    /// gives (empty ticks add nothing), whole blocks passed by their terms (`SerialTerms`).
    func serialSum(from lower: Int64, upTo upper: Int64, isDescending: Bool) -> Double {
        guard upper != .min, let range = window(lower, upper - 1) else { return 0 }
        return serialSum(range, isDescending: isDescending)
    }

    func serialSum(_ range: Range<Int>, isDescending: Bool) -> Double {
        let first = range.lowerBound >> 6, last = (range.upperBound - 1) >> 6
        let lowMask: UInt64 = ~0 << UInt64(range.lowerBound & 63), highMask: UInt64 = ~0 >> UInt64(63 - ((range.upperBound - 1) & 63))
        if first == last { return serialSum(0, marks(first) & lowMask & highMask, first, isDescending) }
        let near = isDescending ? last : first, far = isDescending ? first : last
        var total = serialSum(0, marks(near) & (isDescending ? highMask : lowMask), near, isDescending)
        total = passBlocks(total, from: near, to: far, isDescending)
        return serialSum(total, marks(far) & (isDescending ? lowMask : highMask), far, isDescending)
    }

    /// `total` and then the levels of the blocks between two others.
    private func passBlocks(_ total: Double, from near: Int, to far: Int, _ isDescending: Bool) -> Double {
        let step = isDescending ? -1 : 1
        var block = near + step
        guard let serial else {
            var total = total
            while block != far {
                total = serialSum(total, marks(block), block, isDescending)
                block += step
            }
            return total
        }
        var bits = total.bitPattern
        var start = serial.all.pointee.tables.start(bits >> 52)
        while block != far {
            let sum = serial.sums[block]
            let next = bits &+ UInt64(truncatingIfNeeded: sum >> SerialTerms.flagBits)
            if serial.starts[block] == start && sum & SerialTerms.flagMask == 0 && (next ^ bits) >> 52 == 0 {
                bits = next
            } else if marks(block) != 0 {
                (bits, start) = pass(block, bits, start, isDescending, serial)
            }
            block += step
        }
        return Double(bitPattern: bits)
    }

    /// One block level by level; sums its terms for the next time if it lies within one binade.
    @inline(never)
    private func pass(_ block: Int, _ bits: UInt64, _ start: Int32, _ isDescending: Bool, _ serial: SerialBlocks) -> (UInt64, Int32) {
        let marks = marks(block)
        let after = serialSum(Double(bitPattern: bits), marks, block, isDescending).bitPattern
        if (after ^ bits) >> 52 != 0 { return (after, serial.all.pointee.tables.start(after >> 52)) }
        if serial.starts[block] == start { return (after, start) }
        return (after, serial.refill(block, exponent: bits >> 52, cells: cells, marks: marks))
    }

    /// `total` and then the levels of one block.
    @inline(__always)
    private func serialSum(_ total: Double, _ marks: UInt64, _ block: Int, _ isDescending: Bool) -> Double {
        var total = total
        var rest = marks
        if isDescending {
            while rest != 0 {
                let bit = 63 - rest.leadingZeroBitCount
                rest &= ~(1 &<< UInt64(truncatingIfNeeded: bit))
                total += value(block << 6 + bit)
            }
        } else {
            while rest != 0 {
                total += value(block << 6 + rest.trailingZeroBitCount)
                rest &= rest &- 1
            }
        }
        return total
    }
}
