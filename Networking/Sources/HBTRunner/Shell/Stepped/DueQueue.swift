/// What falls due, earliest first; of what falls due together, what was put in first.
struct DueQueue<Item> {
    private var items: [(ns: Int64, item: Item)] = []

    /// When the next falls due; nil when there is none.
    var nextNs: Int64? { items.first?.ns }

    mutating func add(_ item: Item, at ns: Int64) {
        let place = items.lastIndex { $0.ns <= ns }.map { $0 + 1 } ?? 0
        items.insert((ns, item), at: place)
    }

    /// The next, if it is due by `ns`.
    mutating func take(upTo ns: Int64) -> (ns: Int64, item: Item)? {
        guard let first = items.first, first.ns <= ns else { return nil }
        return items.removeFirst()
    }

    mutating func keep(_ isKept: (Item) -> Bool) { items.removeAll { !isKept($0.item) } }
}
