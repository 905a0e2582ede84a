/// Smallest or largest value of a window by a monotonic queue: O(1) amortised.
///
/// Only values that can still become the extreme are kept: each new value removes the worse ones
/// before it. Source: the ascending minima algorithm, R. Harter, "The minimum on a sliding window", 2001.
struct ExtremeWindow: BitwiseCopyable {
    private struct Entry: BitwiseCopyable {
        var value: Double
        /// Number of the push, or its time for a time window.
        var key: Int64
    }
    private var entries: UnsafeMutablePointer<Entry>
    private var mask = 63
    private var head = 0
    private var tail = 0
    private(set) var pushes: Int64 = 0
    private let sign: Double
    private let limit: Int64
    let spanNs: Int64

    init(_ span: WindowSpan, isMax: Bool) {
        sign = isMax ? -1 : 1
        switch span {
        case .count(let n):
            limit = Int64(n)
            spanNs = 0
        case .time(let ns):
            limit = 0
            spanNs = ns
        }
        entries = .allocate(capacity: 64)
    }

    func deallocate() { entries.deallocate() }

    /// NaN when the window is empty.
    var value: Double { head == tail ? .nan : entries[head & mask].value }
    var dueNs: Int64 { limit != 0 || head == tail ? .max : later(entries[head & mask].key, by: spanNs &+ 1) }
    var filled: Int64 { limit == 0 ? pushes : min(pushes, limit) }

    mutating func push(_ x: Double, at ns: Int64) {
        while tail > head && (entries[(tail - 1) & mask].value - x) * sign >= 0 { tail -= 1 }
        if tail - head > mask { grow() }
        entries[tail & mask] = Entry(value: x, key: limit == 0 ? ns : pushes)
        tail += 1
        pushes += 1
        if limit != 0 {
            while entries[head & mask].key < pushes - limit { head += 1 }
        }
    }

    mutating func expire(to ns: Int64) {
        guard limit == 0 else { return }
        let first = earlier(ns, by: spanNs)
        while head < tail && entries[head & mask].key < first { head += 1 }
    }

    private mutating func grow() {
        let fresh = UnsafeMutablePointer<Entry>.allocate(capacity: (mask + 1) * 2)
        for i in 0..<(tail - head) { fresh[i] = entries[(head + i) & mask] }
        entries.deallocate()
        entries = fresh
        tail -= head
        head = 0
        mask = mask * 2 + 1
    }

    func encode(into out: inout StateWriter) {
        out.begin("EXTR")
        out.putRaw((head..<tail).map { entries[$0 & mask].value })
        out.putRaw((head..<tail).map { entries[$0 & mask].key })
        out.put(pushes)
    }

    mutating func restore(from input: inout StateReader) throws(StateError) {
        try input.expect("EXTR")
        let values = try input.raw(Double.self), keys = try input.raw(Int64.self)
        guard values.count == keys.count else { throw StateError("the values of a window do not fit their times") }
        head = 0
        tail = 0
        for i in values.indices {
            if tail > mask { grow() }
            entries[tail] = Entry(value: values[i], key: keys[i])
            tail += 1
        }
        pushes = try input.int64()
    }
}
