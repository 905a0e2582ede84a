import CWireLevels

/// Levels of one side of one message, as text has them and as doubles, in memory that is used again for the next message.
struct LevelBuffer: ~Copyable {
    private var base: UnsafeMutablePointer<WireLevel>
    private var nearest: UnsafeMutablePointer<DepthLevel>
    private(set) var count = 0
    private var capacity: Int

    init(capacity: Int = 1024) {
        self.capacity = capacity
        base = .allocate(capacity: capacity)
        nearest = .allocate(capacity: capacity)
    }

    deinit {
        base.deallocate()
        nearest.deallocate()
    }

    var levels: UnsafeBufferPointer<WireLevel> { UnsafeBufferPointer(start: base, count: count) }
    var values: UnsafeBufferPointer<DepthLevel> { UnsafeBufferPointer(start: nearest, count: count) }

    mutating func removeAll() { count = 0 }

    @inline(__always)
    mutating func append(_ level: WireLevel) {
        if count == capacity { grow() }
        base[count] = level
        nearest[count] = DepthLevel(price: level.price.double, quantity: level.quantity.double)
        count += 1
    }

    /// Appends levels that stand at the cursor in the usual shape, and steps over them and the commas between;
    /// false when there was none. The bytes are marked.
    @inline(__always)
    mutating func appendUsual(_ s: inout WireScanner, _ text: borrowing PaddedBytes) -> Bool {
        if count == capacity { grow() }
        var end = 0
        let read = cwirelevels_read(
            text.start, s.p - UnsafePointer(text.start), text.marks, UnsafeMutableRawPointer(base + count).assumingMemoryBound(to: Int64.self),
            UnsafeMutableRawPointer(nearest + count).assumingMemoryBound(to: Double.self), capacity - count, &end)
        count += read
        s.p = UnsafePointer(text.start) + end
        return read > 0
    }

    @inline(never)
    private mutating func grow() {
        base = Self.larger(base, count, capacity * 2)
        nearest = Self.larger(nearest, count, capacity * 2)
        capacity *= 2
    }

    private static func larger<T>(_ old: UnsafeMutablePointer<T>, _ count: Int, _ capacity: Int) -> UnsafeMutablePointer<T> {
        let larger = UnsafeMutablePointer<T>.allocate(capacity: capacity)
        larger.update(from: old, count: count)
        old.deallocate()
        return larger
    }
}
