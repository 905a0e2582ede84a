/// Depth diffs kept in order of their first update, without copies of the same one; bounded.
struct DiffBuffer {
    private struct Entry {
        var diff: DepthDiff
        /// Where its levels lie in `levels`: bids, then asks.
        var start: Int
        var bidCount: Int
        var askCount: Int
    }
    private let mostLevels: Int
    private var entries: [Entry] = []
    private var head = 0
    private var levels: [DepthLevel] = []

    init(mostLevels: Int) { self.mostLevels = mostLevels }

    var isEmpty: Bool { head == entries.count }
    var first: DepthDiff? { head < entries.count ? entries[head].diff : nil }

    /// True when there was no room, and everything (this diff, too) has been dropped.
    mutating func append(_ diff: DepthDiff, _ bids: UnsafeBufferPointer<DepthLevel>, _ asks: UnsafeBufferPointer<DepthLevel>) -> Bool {
        // An empty diff counts, too: ids alone can fill memory.
        guard levels.count + bids.count + asks.count + 1 <= mostLevels, entries.count < mostLevels else {
            removeAll()
            return true
        }
        var place = entries.count
        while place > head && entries[place - 1].diff.firstId > diff.firstId { place -= 1 }
        if place > head && entries[place - 1].diff.firstId == diff.firstId && entries[place - 1].diff.lastId == diff.lastId { return false }
        entries.insert(Entry(diff: diff, start: levels.count, bidCount: bids.count, askCount: asks.count), at: place)
        levels.append(contentsOf: bids)
        levels.append(contentsOf: asks)
        return false
    }

    func withFirst(_ body: (_ bids: UnsafeBufferPointer<DepthLevel>, _ asks: UnsafeBufferPointer<DepthLevel>) -> Void) {
        guard head < entries.count else { return }
        let entry = entries[head]
        levels.withUnsafeBufferPointer { all in
            let middle = entry.start + entry.bidCount
            body(
                UnsafeBufferPointer(rebasing: all[entry.start..<middle]),
                UnsafeBufferPointer(rebasing: all[middle..<(middle + entry.askCount)]))
        }
    }

    mutating func removeFirst() {
        head += 1
        if head == entries.count { removeAll() }
    }

    mutating func removeFirst(while isUnwanted: (DepthDiff) -> Bool) {
        while let diff = first, isUnwanted(diff) { removeFirst() }
    }

    mutating func removeAll() {
        entries.removeAll(keepingCapacity: true)
        levels.removeAll(keepingCapacity: true)
        head = 0
    }
}
