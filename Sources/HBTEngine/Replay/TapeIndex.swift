/// A cell that changes in a segment: where its entries end (they start where those of the cell
/// before end), and its lots when the segment begins and ends.
struct TapeIndexCell: BitwiseCopyable {
    var cell: UInt32
    var end: UInt32
    var opening: Int32
    var closing: Int32
}

/// One row of a cell; the top bit marks a silent one.
struct TapeIndexEntry: BitwiseCopyable {
    private var word: UInt32
    var lots: Int32

    init(row: Int, lots: Int32, isSilent: Bool) {
        word = UInt32(row) | (isSilent ? TapeRow.silentBit : 0)
        self.lots = lots
    }
    @inline(__always) var row: Int { Int(word & ~TapeRow.silentBit) }
    @inline(__always) var isSilent: Bool { word & TapeRow.silentBit != 0 }
}

/// Bounds of 16 consecutive changes of the best prices, or of the trades among 16 consecutive special rows:
/// whatever in them could reach an order of ours where the tape has levels. Searches pass a block over
/// when its bounds do not.
struct TapeReach: BitwiseCopyable {
    static let size = 16
    /// The highest price that reaches asks, the lowest that reaches bids.
    var highest = Int32.min
    var lowest = Int32.max

    @inline(__always) mutating func include(_ tick: Int32) {
        highest = max(highest, tick)
        lowest = min(lowest, tick)
    }
    static func blocks(_ count: Int) -> Int { (count + size - 1) / size }
}

/// The index part of a segment.
struct TapeIndexSegment {
    let cells: UnsafePointer<TapeIndexCell>
    let cellCount: Int
    let entries: UnsafePointer<TapeIndexEntry>
    let entryCount: Int

    /// Place of `cell`, or nil when it does not change in the segment.
    func place(_ cell: UInt32) -> Int? {
        var low = 0, high = cellCount
        while low < high {
            let middle = (low + high) / 2
            if cells[middle].cell < cell { low = middle + 1 } else { high = middle }
        }
        return low < cellCount && cells[low].cell == cell ? low : nil
    }

    /// First place whose cell is not below `cell`: steps doubling from `hint`, then halving.
    func firstPlace(from cell: UInt32, near hint: Int) -> Int {
        var low = 0, high = cellCount, step = 1
        let start = min(hint, cellCount)
        if start < cellCount && cells[start].cell < cell {
            low = start + 1
            while start + step < cellCount && cells[start + step].cell < cell {
                low = start + step + 1
                step *= 2
            }
            high = min(start + step, cellCount)
        } else {
            high = start
            while start - step >= 0 && cells[start - step].cell >= cell {
                high = start - step
                step *= 2
            }
            low = max(start - step + 1, 0)
        }
        while low < high {
            let middle = (low + high) / 2
            if cells[middle].cell < cell { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Entries of the cell at `place`, inside the segment whatever the bytes say.
    func range(_ place: Int) -> Range<Int> {
        let start = place == 0 ? 0 : min(Int(cells[place - 1].end), entryCount)
        return start..<max(start, min(Int(cells[place].end), entryCount))
    }

    /// First entry in `range` at or behind depth row `row`.
    func firstEntry(_ range: Range<Int>, from row: Int) -> Int {
        var low = range.lowerBound, high = range.upperBound
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].row < row { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Lots of the cell at `place` before depth row `row`.
    func lots(_ place: Int, before row: Int) -> Int32 {
        lots(place, beforeEntry: firstEntry(range(place), from: row))
    }

    @inline(__always) func lots(_ place: Int, beforeEntry next: Int) -> Int32 {
        (next == range(place).lowerBound ? cells[place].opening : entries[next - 1].lots) & .max
    }
}
