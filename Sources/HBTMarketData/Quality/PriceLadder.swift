/// The prices of one side that hold a quantity, sorted with the best one last.
///
/// Changes cluster at the best price, so inserting into a plain array moves few elements.
struct PriceLadder {
    /// Ascending; asks are stored negated, so that the best of either side is the largest key.
    private var keys: [Int64] = []

    var best: Int64? { keys.last }
    var count: Int { keys.count }

    mutating func set(_ key: Int64, isPresent: Bool) {
        let i = firstIndex(atLeast: key)
        let found = i < keys.count && keys[i] == key
        if isPresent, !found {
            keys.insert(key, at: i)
        } else if !isPresent, found {
            keys.remove(at: i)
        }
    }

    /// Removes the best prices down to and including `key`.
    mutating func clear(downTo key: Int64) { keys.removeSubrange(firstIndex(atLeast: key)...) }

    mutating func removeAll() { keys.removeAll(keepingCapacity: true) }

    private func firstIndex(atLeast key: Int64) -> Int {
        var low = 0, high = keys.count
        while low < high {
            let middle = (low + high) / 2
            if keys[middle] < key { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
