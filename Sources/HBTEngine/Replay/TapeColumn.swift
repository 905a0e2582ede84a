/// A growing column of plain values in raw memory; the owner calls `deallocate()`.
struct TapeColumn<Element: BitwiseCopyable> {
    private(set) var count = 0
    private var capacity = 4096
    private var storage = UnsafeMutablePointer<Element>.allocate(capacity: 4096)

    @inline(__always) mutating func append(_ element: Element) {
        if count == capacity { grow() }
        storage[count] = element
        count += 1
    }

    private mutating func grow() {
        let larger = UnsafeMutablePointer<Element>.allocate(capacity: capacity * 2)
        larger.update(from: storage, count: count)
        storage.deallocate()
        storage = larger
        capacity *= 2
    }

    subscript(index: Int) -> Element {
        get { storage[index] }
        nonmutating set { storage[index] = newValue }
    }
    mutating func removeAll() { count = 0 }
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(UnsafeBufferPointer(start: storage, count: count)) }
    func deallocate() { storage.deallocate() }
}
