import HBTTypes

/// Levels of a range of interest as one dense array, with one bit per tick that holds quantity.
///
/// Invariant: bit `i` is set exactly when `quantities[i] > 0`.
struct DenseLevels: LevelStore {
    static var isRanged: Bool { true }
    let lowerTick: Int64
    let upperTick: Int64
    let quantities: UnsafeMutablePointer<Double>
    let bits: UnsafeMutablePointer<UInt64>
    let count: Int
    let words: Int
    /// A quantity below 0 (or NaN) has been stored: bits alone no longer say what adds to a sum.
    var hasUnmarked = false

    init(grid: Grid, spec: BookSpec) {
        guard case .roi(let lower, let upper) = spec else { preconditionFailure("a dense book needs a range of interest") }
        lowerTick = grid.tick(lower)
        upperTick = grid.tick(upper)
        precondition(upperTick >= lowerTick && upperTick - lowerTick < 1 << 32, "range of interest must be ascending and below 2³² ticks")
        count = Int(upperTick - lowerTick) + 1
        words = (count + 63) / 64
        quantities = .allocate(capacity: count)
        quantities.initialize(repeating: 0, count: count)
        bits = .allocate(capacity: words)
        bits.initialize(repeating: 0, count: words)
    }

    func deallocate() {
        quantities.deallocate()
        bits.deallocate()
    }

    @inline(__always) func quantity(_ tick: Int64) -> Double { quantities[Int(tick &- lowerTick)] }

    @inline(__always) mutating func set(_ tick: Int64, _ quantity: Double) {
        let i = Int(tick &- lowerTick)
        quantities[i] = quantity
        let bit = UInt64(1) &<< UInt64(i & 63)
        // Without a branch: whether a level goes or stays cannot be guessed.
        bits[i >> 6] = (bits[i >> 6] & ~bit) | (quantity > 0 ? bit : 0)
        if !(quantity >= 0) { hasUnmarked = true }
    }

    func highest(from upper: Int64, downTo lower: Int64) -> Int64? {
        let top = min(upper, upperTick), bottom = max(lower, lowerTick)
        guard top >= bottom else { return nil }
        let i = Int(top - lowerTick), last = Int(bottom - lowerTick)
        var word = i >> 6
        var value = bits[word] & (~0 >> UInt64(63 - (i & 63)))
        while value == 0 {
            word -= 1
            if word < last >> 6 { return nil }
            value = bits[word]
        }
        let found = word << 6 + (63 - value.leadingZeroBitCount)
        return found >= last ? lowerTick + Int64(found) : nil
    }

    func lowest(from lower: Int64, upTo upper: Int64) -> Int64? {
        let bottom = max(lower, lowerTick), top = min(upper, upperTick)
        guard bottom <= top else { return nil }
        let i = Int(bottom - lowerTick), last = Int(top - lowerTick)
        var word = i >> 6
        var value = bits[word] & (~0 << UInt64(i & 63))
        while value == 0 {
            word += 1
            if word > last >> 6 { return nil }
            value = bits[word]
        }
        let found = word << 6 + value.trailingZeroBitCount
        return found <= last ? lowerTick + Int64(found) : nil
    }

    mutating func clear(from lower: Int64, upTo upper: Int64) {
        let bottom = max(lower, lowerTick), top = min(upper, upperTick)
        guard bottom <= top else { return }
        let first = Int(bottom - lowerTick), last = Int(top - lowerTick)
        (quantities + first).update(repeating: 0, count: last - first + 1)
        for word in first >> 6...last >> 6 {
            let low = word == first >> 6 ? ~0 << UInt64(first & 63) : ~0 as UInt64
            let high = word == last >> 6 ? ~0 >> UInt64(63 - (last & 63)) : ~0 as UInt64
            bits[word] &= ~(low & high)
        }
    }

    mutating func removeAll() {
        // Nothing is stored where no bit says so: books are cleared far more often than they are full.
        for word in 0..<words where bits[word] != 0 || hasUnmarked {
            (quantities + word << 6).update(repeating: 0, count: min(64, count - word << 6))
            bits[word] = 0
        }
        hasUnmarked = false
    }

    func forEachStored(_ body: (Int64, Double) -> Void) {
        for word in 0..<words {
            // Without its bit a quantity is below 0.
            if bits[word] == 0 && !hasUnmarked { continue }
            for i in word << 6..<min(word << 6 + 64, count) where quantities[i] != 0 { body(lowerTick + Int64(i), quantities[i]) }
        }
    }

    func sum(from lower: Int64, upTo upper: Int64) -> Double {
        let bottom = max(lower, lowerTick), top = min(upper, upperTick + 1)
        guard bottom < top else { return 0 }
        return eightLaneSum(quantities + Int(bottom - lowerTick), count: Int(top - bottom))
    }

    func serialSum(from lower: Int64, upTo upper: Int64, isDescending: Bool) -> Double {
        let bottom = max(lower, lowerTick), top = min(upper, upperTick + 1)
        guard bottom < top else { return 0 }
        let first = Int(bottom - lowerTick), end = Int(top - lowerTick)
        if hasUnmarked {
            return oneByOneSum(quantities + first, count: end - first, isDescending: isDescending, start: 0)
        }
        return isDescending ? markedSumDown(first, end) : markedSumUp(first, end)
    }

    /// Empty ticks add nothing, so that walking the bits gives every bit of the plain loop's sum.
    private func markedSumUp(_ first: Int, _ end: Int) -> Double {
        var total = 0.0
        for word in first >> 6...(end - 1) >> 6 {
            var value = masked(word, first, end)
            while value != 0 {
                total += quantities[word << 6 + value.trailingZeroBitCount]
                value &= value &- 1
            }
        }
        return total
    }

    private func markedSumDown(_ first: Int, _ end: Int) -> Double {
        var total = 0.0
        var word = (end - 1) >> 6
        while word >= first >> 6 {
            var value = masked(word, first, end)
            while value != 0 {
                let bit = 63 - value.leadingZeroBitCount
                total += quantities[word << 6 + bit]
                value &= ~(1 << UInt64(bit))
            }
            word -= 1
        }
        return total
    }

    /// The bits of `word` that lie in `first..<end`.
    @inline(__always) private func masked(_ word: Int, _ first: Int, _ end: Int) -> UInt64 {
        var value = bits[word]
        if word == first >> 6 { value &= ~0 << UInt64(first & 63) }
        if word == (end - 1) >> 6 { value &= ~0 >> UInt64(63 - ((end - 1) & 63)) }
        return value
    }
}

/// `start` plus `count` doubles, one by one.
func oneByOneSum(_ p: UnsafePointer<Double>, count: Int, isDescending: Bool, start: Double) -> Double {
    var total = start
    if isDescending {
        var i = count - 1
        while i >= 0 {
            total += p[i]
            i -= 1
        }
    } else {
        for i in 0..<count { total += p[i] }
    }
    return total
}

/// Sum of `count` doubles in eight interleaved lanes: a fixed order, whatever the machine.
func eightLaneSum(_ p: UnsafePointer<Double>, count: Int) -> Double {
    var lanes = SIMD8<Double>()
    var i = 0
    let raw = UnsafeRawPointer(p)
    while i + 8 <= count {
        lanes += raw.loadUnaligned(fromByteOffset: i * 8, as: SIMD8<Double>.self)
        i += 8
    }
    var total = ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) + ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]))
    while i < count {
        total += p[i]
        i += 1
    }
    return total
}
