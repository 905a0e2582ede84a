import HBTTypes
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Which cells of one side hold a quantity, in bits: all that a tape's best prices depend on.
///
/// Plays the part of `Twin`, which keeps quantities. One bit a cell, one a word of those (64 cells), one a
/// word of those (4,096 cells): a search passes 262,144 empty cells at a time.
struct TapeMarks<Twin: LevelStore>: LevelMarks {
    static var isRanged: Bool { Twin.isRanged }
    let lowerTick: Int64
    let upperTick: Int64
    /// Tick of cell 0; where it is not known yet, nothing is marked.
    var firstTick: Int64
    private let width: Int
    private let cells: UnsafeMutablePointer<UInt64>
    private let words: UnsafeMutablePointer<UInt64>
    private let groups: UnsafeMutablePointer<UInt64>

    /// - Parameters:
    ///   - range: ticks that updates count in; nil for all.
    ///   - width: cells, a multiple of 64.
    init(range: ClosedRange<Int64>?, firstTick: Int64, width: Int64) {
        lowerTick = range?.lowerBound ?? .min
        upperTick = range?.upperBound ?? .max
        self.firstTick = firstTick
        self.width = Int(width)
        cells = Self.zeros(self.width)
        words = Self.zeros(self.width >> 6)
        groups = Self.zeros(self.width >> 12)
    }

    /// Pages that are never touched cost nothing.
    private static func zeros(_ bits: Int) -> UnsafeMutablePointer<UInt64> {
        let count = bits / 64 + 1
        guard let memory = calloc(count, 8) else { preconditionFailure("no memory for \(bits) ticks") }
        return memory.bindMemory(to: UInt64.self, capacity: count)
    }

    func deallocate() {
        free(cells)
        free(words)
        free(groups)
    }

    /// Marks a cell of this side or takes the mark away.
    @inline(__always) func put(_ cell: Int, _ isLevel: Bool) {
        let word = cell >> 6, bit = UInt64(1) << UInt64(truncatingIfNeeded: cell & 63)
        let old = cells[word]
        let new = isLevel ? old | bit : old & ~bit
        cells[word] = new
        // Rare: a word has 64 cells.
        if (old == 0) != (new == 0) { changed(word, isEmpty: new == 0) }
    }

    @inline(never) private func changed(_ word: Int, isEmpty: Bool) {
        let bit = UInt64(1) << UInt64(word & 63), group = word >> 6
        words[group] = isEmpty ? words[group] & ~bit : words[group] | bit
        let groupBit = UInt64(1) << UInt64(group & 63)
        groups[group >> 6] = words[group] == 0 ? groups[group >> 6] & ~groupBit : groups[group >> 6] | groupBit
    }

    /// Cell of a tick within the marks' memory; what lies beyond is cut off.
    private func clamped(_ tick: Int64) -> Int {
        let (offset, overflow) = tick.subtractingReportingOverflow(firstTick)
        if overflow { return tick < 0 ? -1 : width }
        return Int(min(max(offset, -1), Int64(width)))
    }

    func quantity(_ tick: Int64) -> Double {
        let cell = clamped(tick)
        guard cell >= 0, cell < width else { return 0 }
        return cells[cell >> 6] >> UInt64(cell & 63) & 1 == 0 ? 0 : 1
    }

    mutating func set(_ tick: Int64, _ quantity: Double) { put(Int(tick &- firstTick), quantity > 0) }

    func highest(from upper: Int64, downTo lower: Int64) -> Int64? {
        let top = min(clamped(upper), width - 1), bottom = max(clamped(lower), 0)
        guard top >= bottom else { return nil }
        var value = cells[top >> 6] & (~0 >> UInt64(63 - (top & 63)))
        var word = top >> 6
        if value == 0 {
            guard let below = Self.last(below: word, words, groups) else { return nil }
            word = below
            value = cells[word]
        }
        let found = word << 6 + (63 - value.leadingZeroBitCount)
        return found >= bottom ? firstTick + Int64(found) : nil
    }

    func lowest(from lower: Int64, upTo upper: Int64) -> Int64? {
        let bottom = max(clamped(lower), 0), top = min(clamped(upper), width - 1)
        guard bottom <= top else { return nil }
        var value = cells[bottom >> 6] & (~0 << UInt64(bottom & 63))
        var word = bottom >> 6
        if value == 0 {
            guard let above = first(above: word) else { return nil }
            word = above
            value = cells[word]
        }
        let found = word << 6 + value.trailingZeroBitCount
        return found <= top ? firstTick + Int64(found) : nil
    }

    /// The last word before `word` in which a cell is marked.
    private static func last(below word: Int, _ words: UnsafeMutablePointer<UInt64>, _ groups: UnsafeMutablePointer<UInt64>) -> Int? {
        var group = word >> 6
        var value = words[group] & ((1 << UInt64(word & 63)) - 1)
        if value == 0 {
            var block = group >> 6
            var marked = groups[block] & ((1 << UInt64(group & 63)) - 1)
            while marked == 0 {
                block -= 1
                if block < 0 { return nil }
                marked = groups[block]
            }
            group = block << 6 + (63 - marked.leadingZeroBitCount)
            value = words[group]
        }
        return group << 6 + (63 - value.leadingZeroBitCount)
    }

    /// The first word after `word` in which a cell is marked.
    private func first(above word: Int) -> Int? {
        var group = word >> 6
        // Two shifts: a shift by 64 would not be one.
        var value = words[group] & ((~0 << UInt64(word & 63)) << 1)
        if value == 0 {
            var block = group >> 6
            var marked = groups[block] & ((~0 << UInt64(group & 63)) << 1)
            while marked == 0 {
                block += 1
                if block > width >> 18 { return nil }
                marked = groups[block]
            }
            group = block << 6 + marked.trailingZeroBitCount
            value = words[group]
        }
        return group << 6 + value.trailingZeroBitCount
    }

    /// Ticks of all marks, ascending.
    var ticks: [Int64] {
        var ticks: [Int64] = []
        var next = lowest(from: firstTick, upTo: .max)
        while let tick = next {
            ticks.append(tick)
            next = lowest(from: tick + 1, upTo: .max)
        }
        return ticks
    }

    mutating func clear(from lower: Int64, upTo upper: Int64) {
        var next = lowest(from: lower, upTo: upper)
        while let tick = next {
            put(Int(tick - firstTick), false)
            next = lowest(from: tick + 1, upTo: upper)
        }
    }

    mutating func removeAll() { clear(from: .min, upTo: .max) }
}
