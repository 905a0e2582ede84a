#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Terms of each 64 ticks of a side, summed for the binade in which a walk from the best price last
/// entered them, and kept while levels change: so a serial sum passes 64 ticks in one addition.
///
/// Nothing here decides a result: a block of another binade, or with a level that has no term, is
/// added level by level.
struct SerialBlocks {
    /// Σ terms of the levels of a block.
    let sums: UnsafeMutablePointer<Int64>
    /// Table by which they were made; 0 for none yet.
    let starts: UnsafeMutablePointer<Int32>
    let terms: UnsafeMutablePointer<Int64>
    /// Both sides' blocks.
    let all: UnsafeMutablePointer<SerialBlockMemory>

    init(_ all: UnsafeMutablePointer<SerialBlockMemory>, firstBlock: Int) {
        self.all = all
        sums = all.pointee.sums + firstBlock
        starts = all.pointee.starts + firstBlock
        terms = all.pointee.tables.terms
    }

    /// A level has changed; the top bit of a size is no part of it.
    @inline(__always) func change(_ cell: Int, from old: Int32, to new: Int32) {
        let block = cell >> 6
        let start = starts[block]
        if UInt32(bitPattern: old | new) < UInt32(SerialTerms.tableSize) {
            let table = terms + Int(start)
            sums[block] &+= table[Int(new)] &- table[Int(old)]
        } else {
            sums[block] &+= all.pointee.tables.term(lots: new & .max, start) &- all.pointee.tables.term(lots: old & .max, start)
        }
    }

    /// Sums a block afresh for a walk that passes it within one binade.
    ///
    /// - Returns: where that binade's table starts; -1 when there can be none.
    @inline(never)
    func refill(_ block: Int, exponent: UInt64, cells: UnsafePointer<Int32>, marks: UInt64) -> Int32 {
        let start = all.pointee.start(exponent)
        guard start > 0 else { return start }
        var rest = marks
        var sum: Int64 = 0
        while rest != 0 {
            sum &+= all.pointee.tables.term(lots: cells[block << 6 + rest.trailingZeroBitCount] & .max, start)
            rest &= rest &- 1
        }
        sums[block] = sum
        starts[block] = start
        return start
    }
}

/// Memory of both sides' blocks and their tables.
struct SerialBlockMemory {
    let sums: UnsafeMutablePointer<Int64>
    let starts: UnsafeMutablePointer<Int32>
    private let count: Int
    var tables: SerialTerms

    init(cellCount: Int, lotValue: LotValue, values: UnsafeMutablePointer<Double>) {
        count = cellCount / 64
        sums = TapeBookMemory.zeroed(count, Int64.self)
        starts = TapeBookMemory.zeroed(count, Int32.self)
        tables = SerialTerms(lotValue: lotValue, values: values)
    }

    func deallocate() {
        free(sums)
        free(starts)
        tables.deallocate()
    }

    /// Start of the table for an exponent field, which is made if need be; -1 when there can be none.
    mutating func start(_ exponent: UInt64) -> Int32 {
        let start = tables.start(exponent)
        guard start < 0, SerialTerms.exponents.contains(exponent) else { return start }
        if tables.isFull {
            tables.removeAll()
            for block in 0..<count {
                sums[block] = 0
                starts[block] = 0
            }
        }
        return tables.makeTable(exponent)
    }
}
