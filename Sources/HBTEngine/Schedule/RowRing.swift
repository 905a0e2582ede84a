/// First-in first-out buffer of decoded rows in raw memory; grows by doubling, never shrinks.
///
/// Bounded in practice by how far one side's clock runs ahead of the other's.
/// The owner calls `deallocate()`.
struct RowRing<Row> {
    private(set) var storage: UnsafeMutablePointer<Row>
    private var mask: Int
    private(set) var head = 0
    private(set) var tail = 0

    init(capacity: Int) {
        precondition(capacity > 0 && capacity & (capacity - 1) == 0, "ring capacity must be a power of two")
        storage = .allocate(capacity: capacity)
        mask = capacity - 1
    }

    var count: Int { tail - head }
    var isEmpty: Bool { head == tail }

    /// The oldest row; the ring must not be empty.
    @inline(__always) var first: UnsafeMutablePointer<Row> { storage + (head & mask) }

    @inline(__always) mutating func removeFirst() { head += 1 }
    @inline(__always) mutating func removeFirst(_ n: Int) { head += n }

    /// The longest run of rows from the oldest that lies contiguous in memory.
    @inline(__always) var contiguous: UnsafeMutableBufferPointer<Row> {
        let start = head & mask
        return UnsafeMutableBufferPointer(start: storage + start, count: min(count, mask + 1 - start))
    }

    @inline(__always) mutating func append(_ row: Row) {
        storage[tail & mask] = row
        tail += 1
    }

    /// Where the row goes that is appended by this.
    @inline(__always) mutating func appendPlace() -> UnsafeMutablePointer<Row> {
        defer { tail &+= 1 }
        return storage + (tail & mask)
    }

    /// All rows, oldest first.
    var elements: [Row] { (0..<count).map { storage[(head + $0) & mask] } }

    /// Room for `n` more rows.
    mutating func reserve(_ n: Int) {
        // From the start again: the same lines of memory, mostly still at hand.
        if isEmpty { (head, tail) = (0, 0) }
        let capacity = mask + 1
        guard count + n > capacity else { return }
        var grown = capacity
        while grown < count + n { grown *= 2 }
        let fresh = UnsafeMutablePointer<Row>.allocate(capacity: grown)
        for i in 0..<count { fresh[i] = storage[(head + i) & mask] }
        storage.deallocate()
        storage = fresh
        tail = count
        head = 0
        mask = grown - 1
    }

    func deallocate() { storage.deallocate() }
}
