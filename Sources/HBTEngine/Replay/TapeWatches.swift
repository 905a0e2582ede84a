/// The cells where orders of ours rest, each with its next row in the segment at hand.
///
/// In raw memory that the venue's core owns: levels tell it when an order comes to rest or leaves.
struct TapeWatches {
    struct Watch: BitwiseCopyable {
        var cell: UInt32
        /// Depth row of the next entry; `.max` when the segment has none.
        var row: UInt32
        var next: Int32
        var start: Int32
        var end: Int32
        /// Lots before the next entry.
        var lots: Int32
    }
    private var memory = UnsafeMutablePointer<Watch>.allocate(capacity: 64)
    private var capacity = 64
    private(set) var count = 0
    /// Watches from here on have not been looked up in the segment at hand.
    private(set) var known = 0

    func deallocate() { memory.deallocate() }

    subscript(i: Int) -> Watch { memory[i] }

    /// Notes whether an order of ours rests at `cell`, which holds `lots` now.
    mutating func set(_ cell: UInt32, _ isOwn: Bool, lots: Int32) {
        let place = place(cell)
        if isOwn {
            guard place == nil else { return }
            if count == capacity { grow() }
            memory[count] = Watch(cell: cell, row: .max, next: 0, start: 0, end: 0, lots: lots)
            count += 1
        } else if let place {
            count -= 1
            if place < known {
                // The last known one takes its place, the last of all takes that one's.
                known -= 1
                memory[place] = memory[known]
                memory[known] = memory[count]
            } else {
                memory[place] = memory[count]
            }
        }
    }

    private func place(_ cell: UInt32) -> Int? {
        for i in 0..<count where memory[i].cell == cell { return i }
        return nil
    }

    private mutating func grow() {
        let larger = UnsafeMutablePointer<Watch>.allocate(capacity: capacity * 2)
        larger.update(from: memory, count: count)
        memory.deallocate()
        memory = larger
        capacity *= 2
    }

    /// All of them belong to another segment now.
    mutating func forget() {
        known = 0
        noted = nil
    }

    /// Where a cell was found in the index a moment ago: its place there, and its first entry that was not played.
    private var noted: (cell: UInt32, place: Int, next: Int)?

    mutating func note(_ cell: UInt32, place: Int, next: Int) { noted = (cell, place, next) }

    /// Looks up what is new. A cell that does not change in the segment holds what it held before.
    mutating func lookUp(_ index: TapeIndexSegment, before row: Int) {
        while known < count {
            let watch = memory + known
            watch.pointee.row = .max
            (watch.pointee.next, watch.pointee.start, watch.pointee.end) = (0, 0, 0)
            let hint = noted?.cell == watch.pointee.cell ? noted : nil
            if let place = hint?.place ?? index.place(watch.pointee.cell) {
                let range = index.range(place)
                var next = hint?.next ?? index.firstEntry(range, from: row)
                while next < range.upperBound && index.entries[next].row < row { next += 1 }
                watch.pointee.next = Int32(truncatingIfNeeded: next)
                watch.pointee.start = Int32(truncatingIfNeeded: range.lowerBound)
                watch.pointee.end = Int32(truncatingIfNeeded: range.upperBound)
                watch.pointee.lots = index.lots(place, beforeEntry: next)
                if next < range.upperBound { watch.pointee.row = UInt32(index.entries[next].row) }
            }
            known += 1
        }
    }

    /// The watch with the earliest row before `end`; nil when there is none.
    @inline(__always) func earliest(before end: Int) -> Int? {
        var least = UInt32(truncatingIfNeeded: end)
        var found = -1
        for i in 0..<known where memory[i].row < least {
            least = memory[i].row
            found = i
        }
        return found < 0 ? nil : found
    }

    /// Steps over the entry of watch `i`, and says what it was.
    @inline(__always) mutating func take(_ i: Int, _ index: TapeIndexSegment) -> (entry: TapeIndexEntry, previousLots: Int32) {
        let watch = memory + i
        let entry = index.entries[Int(watch.pointee.next)]
        let previous = watch.pointee.lots
        watch.pointee.lots = entry.lots & .max
        watch.pointee.next += 1
        watch.pointee.row = watch.pointee.next < watch.pointee.end ? UInt32(index.entries[Int(watch.pointee.next)].row) : .max
        return (entry, previous)
    }

    /// The watch whose last entry was depth row `row`.
    func last(at row: Int, _ index: TapeIndexSegment) -> Int? {
        for i in 0..<known where memory[i].next > memory[i].start && index.entries[Int(memory[i].next) - 1].row == row { return i }
        return nil
    }
}
