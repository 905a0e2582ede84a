extension TapeLevels {
    /// Level after level from one end of the range: to the last bit what a plain loop over its ticks
    /// gives (empty ticks add nothing), whole blocks passed at once where they can be (`SerialBlock`).
    func serialSum(from lower: Int64, upTo upper: Int64, isDescending: Bool) -> Double {
        guard upper != .min, let range = window(lower, upper - 1) else { return 0 }
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
        var bits = total.bitPattern
        while block != far {
            if let serial, let next = serial[block].passed(bits) {
                bits = next
            } else if !isEmptyBlock(ofWord: block) {
                bits = walk(block, bits, isDescending)
            }
            block += step
        }
        return Double(bitPattern: bits)
    }

    /// One block level by level; sums its terms for the next time if it lies within one binade.
    @inline(never)
    private func walk(_ block: Int, _ bits: UInt64, _ isDescending: Bool) -> UInt64 {
        let marks = marks(block)
        let after = serialSum(Double(bitPattern: bits), marks, block, isDescending).bitPattern
        let exponent = bits >> 52
        guard let serial, after >> 52 == exponent, serial[block].exponent != exponent, SerialBlock.exponents.contains(exponent)
        else { return after }
        var fresh = SerialBlock(exponent: exponent)
        var rest = marks
        while rest != 0, fresh.add(value(block << 6 + rest.trailingZeroBitCount)) { rest &= rest &- 1 }
        serial[block] = fresh
        return after
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
