#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Sorts a segment's rows by cell: a counting sort over the cells that occur in it.
struct TapeIndexBuilder {
    private let cellCount: Int
    /// Place of a cell among those of this segment, valid when `cells` there names it: never cleared.
    private let places: UnsafeMutablePointer<UInt32>
    /// Lots of every cell at the start of the segment.
    private let lots: UnsafeMutablePointer<Int32>
    private var cells: [UInt32] = []
    private var counts: [UInt32] = []
    /// The newest segment's entries; kept, because fresh memory of this size comes page by page.
    private var entries = UnsafeMutableBufferPointer<TapeIndexEntry>.allocate(capacity: 0)

    init(cellCount: Int) {
        self.cellCount = cellCount
        // Pages that are never touched cost nothing.
        guard let places = calloc(cellCount, 4), let lots = calloc(cellCount, 4) else { preconditionFailure("no memory for \(cellCount) ticks") }
        self.places = places.bindMemory(to: UInt32.self, capacity: cellCount)
        self.lots = lots.bindMemory(to: Int32.self, capacity: cellCount)
    }

    func deallocate() {
        entries.deallocate()
        free(places)
        free(lots)
    }

    /// The directory, in ascending order of cells, and the entries, which are valid until the next call.
    mutating func build(_ rows: TapeColumn<TapeRow>) -> (directory: [TapeIndexCell], entries: UnsafeBufferPointer<TapeIndexEntry>) {
        cells.removeAll(keepingCapacity: true)
        counts.removeAll(keepingCapacity: true)
        var entryCount = 0
        for i in 0..<rows.count {
            let cell = rows[i].cell & ~TapeRow.silentBit
            guard cell < cellCount else { continue }
            var place = Int(places[Int(cell)])
            if place >= cells.count || cells[place] != cell {
                place = cells.count
                places[Int(cell)] = UInt32(place)
                cells.append(cell)
                counts.append(0)
            }
            counts[place] += 1
            entryCount += 1
        }
        // Cell and place in one number: sorting plain numbers needs no look at the cells.
        var order = cells.indices.map { UInt64(cells[$0]) << 32 | UInt64($0) }
        order.sort()
        var directory: [TapeIndexCell] = []
        directory.reserveCapacity(order.count)
        // From here on `counts` is where the next row of a cell goes.
        var start: UInt32 = 0
        for pair in order {
            let place = Int(pair & 0xFFFF_FFFF)
            let count = counts[place]
            directory.append(TapeIndexCell(cell: cells[place], end: start + count, opening: lots[Int(cells[place])], closing: 0))
            counts[place] = start
            start += count
        }
        if entries.count < entryCount {
            entries.deallocate()
            entries = .allocate(capacity: entryCount + entryCount / 4)
        }
        for i in 0..<rows.count {
            let row = rows[i]
            let cell = Int(row.cell & ~TapeRow.silentBit)
            guard cell < cellCount else { continue }
            let place = Int(places[cell])
            entries[Int(counts[place])] = TapeIndexEntry(row: i, lots: row.lots, isSilent: row.cell & TapeRow.silentBit != 0)
            counts[place] += 1
            lots[cell] = row.lots
        }
        for i in directory.indices { directory[i].closing = lots[Int(directory[i].cell)] }
        return (directory, UnsafeBufferPointer(rebasing: entries[..<entryCount]))
    }
}
