/// A growing column of plain values in raw memory; the owner calls `deallocate()`.
struct TapeColumn<Element: BitwiseCopyable> {
    private(set) var count = 0
    private var capacity = 4096
    private var storage = UnsafeMutablePointer<Element>.allocate(capacity: 4096)

    @inline(__always) mutating func append(_ element: Element) {
        if count == capacity { grow(to: capacity * 2) }
        storage[count] = element
        count += 1
    }

    /// Makes room for `more` elements.
    @inline(__always) mutating func reserve(_ more: Int) {
        if count + more > capacity { grow(to: max(capacity * 2, count + more)) }
    }

    /// Where the next element goes.
    @inline(__always) var end: UnsafeMutablePointer<Element> { storage + count }

    /// Elements that were stored at `end`, within what was reserved.
    @inline(__always) mutating func advance(_ stored: Int) { count += stored }

    private mutating func grow(to larger: Int) {
        let fresh = UnsafeMutablePointer<Element>.allocate(capacity: larger)
        fresh.update(from: storage, count: count)
        storage.deallocate()
        storage = fresh
        capacity = larger
    }

    subscript(index: Int) -> Element {
        get { storage[index] }
        nonmutating set { storage[index] = newValue }
    }
    mutating func removeAll() { count = 0 }
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(UnsafeBufferPointer(start: storage, count: count)) }
    func deallocate() { storage.deallocate() }
}
