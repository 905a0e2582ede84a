/// The last few thousand ids of one stream: tells what has come before, over any number of connections, and lets
/// ids start again from below.
struct RecentIds {
    private var ring: [Int64] = []
    private var next = 0
    private var known: Set<Int64> = []
    private let capacity: Int

    init(capacity: Int = 4096) { self.capacity = capacity }

    /// False when it has been seen.
    mutating func insert(_ id: Int64) -> Bool {
        guard known.insert(id).inserted else { return false }
        if ring.count < capacity {
            ring.append(id)
        } else {
            known.remove(ring[next])
            ring[next] = id
            next = next + 1 == capacity ? 0 : next + 1
        }
        return true
    }
}
