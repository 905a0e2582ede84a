/// Price levels of one side of one message, reused from message to message.
struct LevelList {
    struct Level: BitwiseCopyable {
        var price: Double
        var quantity: Double
    }

    private(set) var base: UnsafeMutablePointer<Level>
    private(set) var count = 0
    private var capacity: Int

    init(capacity: Int = 1024) {
        self.capacity = capacity
        base = .allocate(capacity: capacity)
    }

    /// The owner calls this once, when done.
    func deallocate() { base.deallocate() }

    mutating func removeAll() { count = 0 }

    @inline(__always)
    mutating func append(_ level: Level) {
        if count == capacity { grow() }
        base[count] = level
        count += 1
    }

    private mutating func grow() {
        let larger = UnsafeMutablePointer<Level>.allocate(capacity: capacity * 2)
        larger.update(from: base, count: count)
        base.deallocate()
        base = larger
        capacity *= 2
    }

    subscript(i: Int) -> Level { base[i] }
    var last: Level { base[count - 1] }
}
