#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Sorts a segment's rows by cell: a counting sort over the cells that occur in it, which a bit each names.
struct TapeIndexBuilder {
    private let cellCount: Int
    /// Rows of a cell in the segment at hand, then where its next row goes; 0 between segments.
    private let counts: UnsafeMutablePointer<UInt32>
    /// Lots of every cell at the start of the segment.
    private let lots: UnsafeMutablePointer<Int32>
    /// Cells that occur, a bit each, and words of those that are not 0, a bit each; 0 between segments.
    private let cells: UnsafeMutablePointer<UInt64>
    private let words: UnsafeMutablePointer<UInt64>

    init(cellCount: Int) {
        self.cellCount = cellCount
        counts = Self.zeros(cellCount)
        lots = Self.zeros(cellCount)
        cells = Self.zeros(cellCount / 64 + 1)
        words = Self.zeros(cellCount / 4096 + 1)
    }

    /// Pages that are never touched cost nothing.
    private static func zeros<T>(_ count: Int) -> UnsafeMutablePointer<T> {
        guard let memory = calloc(count, MemoryLayout<T>.stride) else { preconditionFailure("no memory for \(count) ticks") }
        return memory.bindMemory(to: T.self, capacity: count)
    }

    func deallocate() {
        free(counts)
        free(lots)
        free(cells)
        free(words)
    }

    /// The index part of a segment with these rows.
    mutating func part(_ rows: TapeColumn<TapeRow>, _ assembly: inout TapeAssembly) -> UnsafeRawBufferPointer {
        let (cellsFound, entryCount) = count(rows)
        let (part, places) = assembly.emptyPart(
            [Int64(cellsFound), Int64(entryCount)],
            sizes: [cellsFound * MemoryLayout<TapeIndexCell>.stride, entryCount * MemoryLayout<TapeIndexEntry>.stride])
        guard let base = part.baseAddress else { return UnsafeRawBufferPointer(part) }
        let directory = (base + places[0]).bindMemory(to: TapeIndexCell.self, capacity: cellsFound)
        let entries = (base + places[1]).bindMemory(to: TapeIndexEntry.self, capacity: entryCount)
        list(into: directory)
        for i in 0..<rows.count {
            let row = rows[i]
            let cell = Int(row.cell & ~TapeRow.silentBit)
            guard cell < cellCount else { continue }
            let place = counts[cell]
            entries[Int(place)] = TapeIndexEntry(row: i, lots: row.lots, isSilent: row.cell & TapeRow.silentBit != 0)
            counts[cell] = place + 1
        }
        for i in 0..<cellsFound {
            let cell = Int(directory[i].cell)
            directory[i].closing = entries[Int(directory[i].end) - 1].lots
            lots[cell] = directory[i].closing
            counts[cell] = 0
        }
        return UnsafeRawBufferPointer(part)
    }

    private func count(_ rows: TapeColumn<TapeRow>) -> (cells: Int, entries: Int) {
        var found = 0, entryCount = 0
        for i in 0..<rows.count {
            let cell = Int(rows[i].cell & ~TapeRow.silentBit)
            guard cell < cellCount else { continue }
            let count = counts[cell]
            counts[cell] = count + 1
            entryCount += 1
            guard count == 0 else { continue }
            found += 1
            cells[cell >> 6] |= 1 << UInt64(cell & 63)
            words[cell >> 12] |= 1 << UInt64(cell >> 6 & 63)
        }
        return (found, entryCount)
    }

    /// The cells in ascending order; from here on `counts` is where the next row of a cell goes.
    private func list(into directory: UnsafeMutablePointer<TapeIndexCell>) {
        var next = 0
        var start: UInt32 = 0
        for group in 0...cellCount / 4096 where words[group] != 0 {
            var marked = words[group]
            words[group] = 0
            while marked != 0 {
                let word = group << 6 + marked.trailingZeroBitCount
                marked &= marked &- 1
                var value = cells[word]
                cells[word] = 0
                while value != 0 {
                    let cell = word << 6 + value.trailingZeroBitCount
                    value &= value &- 1
                    let end = start + counts[cell]
                    directory[next] = TapeIndexCell(cell: UInt32(cell), end: end, opening: lots[cell], closing: 0)
                    counts[cell] = start
                    start = end
                    next += 1
                }
            }
        }
    }
}
