/// Consecutive rows of equal times: the unit of sorting. A depth message is one group of dozens of
/// rows, which makes sorting almost free per row.
struct RowGroup {
    var exchangeNs: Int64
    var localNs: Int64
    /// First row and number of rows in the run's storage.
    var start: Int32
    var count: Int32

    @inline(__always)
    func key(_ clock: RowClock) -> Int64 { clock == .exchange ? exchangeNs : localNs }
}

/// Which of the two times rows are sorted by.
enum RowClock {
    case exchange, local
}

extension RowGroup {
    /// Sorts stably by one clock; linear when already in order.
    ///
    /// Bottom-up merge sort, written out because the standard library does not promise stability.
    static func sort(_ groups: inout [RowGroup], by clock: RowClock) {
        let n = groups.count
        guard n > 1 else { return }
        var width = 1
        var from = groups, to = groups
        while width < n {
            var low = 0
            while low < n {
                let middle = min(low + width, n), high = min(low + 2 * width, n)
                if middle == high || from[middle - 1].key(clock) <= from[middle].key(clock) {
                    for k in low..<high { to[k] = from[k] }
                } else {
                    var i = low, j = middle
                    for k in low..<high {
                        if j == high || (i < middle && from[i].key(clock) <= from[j].key(clock)) {
                            to[k] = from[i]
                            i += 1
                        } else {
                            to[k] = from[j]
                            j += 1
                        }
                    }
                }
                low = high
            }
            swap(&from, &to)
            width *= 2
        }
        groups = from
    }

    static func isSorted(_ groups: [RowGroup], by clock: RowClock) -> Bool {
        guard groups.count > 1 else { return true }
        for i in 1..<groups.count where groups[i].key(clock) < groups[i - 1].key(clock) { return false }
        return true
    }
}
