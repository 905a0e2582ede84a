import HBTTypes

/// The venue's book where rows are found by an index: brought along by whole segments, when it is asked
/// for a cell that has not changed lately.
///
/// Cells hold what they hold when `segment` begins. Within a segment a cell's lots come from the
/// index; a cell that does not change in it has the same lots before and after. So one such book
/// serves every cursor that stands in `segment` or before it.
final class TapeVenueBook {
    let memory: TapeBookMemory
    private let source: any TapeSource
    private let cellCount: UInt32
    private(set) var segment = 0
    private static let lookBack = 3

    init(memory: TapeBookMemory, source: any TapeSource, header: TapeHeader) {
        self.memory = memory
        self.source = source
        cellCount = UInt32(2 * header.width)
    }

    private func index(_ segment: Int) throws -> TapeIndexSegment { try TapeIndexSegment(source.segment(segment, .index)) }

    /// Brings the book to the start of `target`, or leaves it where it is.
    func advance(to target: Int) throws {
        while segment < target {
            let index = try index(segment)
            for i in 0..<index.cellCount { set(index.cells[i].cell, index.cells[i].closing) }
            segment += 1
            source.passed(segment, .index)
        }
    }

    /// Where the cells come from is known: a state was restored in `segment`.
    func settle(in segment: Int) { self.segment = segment }

    @inline(__always) private func set(_ cell: UInt32, _ lots: Int32) {
        guard cell < cellCount else { return }
        memory.cells[Int(cell)] = lots & .max
        TapeLevels.touch(memory.touched, Int(cell))
    }

    /// Lots of a cell that does not change in segment `current`.
    func lots(unchanged cell: UInt32, in current: Int) throws -> Int32 {
        // Prices come back to where they were a moment ago: the segments just before mostly know the
        // cell, and the book need not be brought along.
        let lowest = max(segment, current - Self.lookBack)
        var earlier = current - 1
        while earlier >= lowest {
            let before = try index(earlier)
            if let place = before.place(cell) { return before.cells[place].closing & .max }
            earlier -= 1
        }
        if lowest > segment { try advance(to: current) }
        // Ahead of `current` the book may have changed: then the first change says what was before it.
        var ahead = current + 1
        while ahead < segment {
            let later = try self.index(ahead)
            if let place = later.place(cell) { return later.cells[place].opening & .max }
            ahead += 1
        }
        return memory.cells[Int(cell)] & .max
    }

    /// Calls `body` with the whole book as it is before depth row `row` of segment `current`.
    func withBook<Result>(at current: Int, _ index: TapeIndexSegment, before row: Int, _ body: () throws -> Result) throws -> Result {
        try advance(to: current)
        while segment > current {
            segment -= 1
            try rewind(self.index(segment))
        }
        for place in 0..<index.cellCount { set(index.cells[place].cell, index.lots(place, before: row)) }
        let result = try body()
        rewind(index)
        return result
    }

    private func rewind(_ index: TapeIndexSegment) {
        for i in 0..<index.cellCount { set(index.cells[i].cell, index.cells[i].opening) }
    }
}
