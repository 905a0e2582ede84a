/// Bytes in memory that grows and stays where it is between appends.
///
/// Numbers are stored in the machine's order, which on every machine we build for is the file's: little endian.
final class RawBuffer {
    private var memory: UnsafeMutableRawBufferPointer
    private(set) var count = 0

    init() { memory = .allocate(byteCount: 256, alignment: 16) }

    deinit { memory.deallocate() }

    /// Valid until the next call that changes the buffer.
    var view: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: memory[0..<count]) }

    func view(_ range: Range<Int>) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: view[range]) }

    /// All values as `Value`, of which there must be a whole number.
    func values<Value: BitwiseCopyable>(of type: Value.Type) -> UnsafeBufferPointer<Value> { view.assumingMemoryBound(to: type) }

    func append(_ bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress else { return }
        let target = extend(by: bytes.count)
        target.baseAddress?.copyMemory(from: source, byteCount: bytes.count)
    }

    func append<Value: BitwiseCopyable>(_ value: Value) {
        let size = MemoryLayout<Value>.size
        if count + size > memory.count { grow(to: count + size) }
        memory.storeBytes(of: value, toByteOffset: count, as: Value.self)
        count += size
    }

    func append(repeating byte: UInt8, count: Int) {
        _ = extend(by: count).initializeMemory(as: UInt8.self, repeating: byte)
    }

    /// The next `more` bytes, to be written by the caller.
    func extend(by more: Int) -> UnsafeMutableRawBufferPointer {
        if count + more > memory.count { grow(to: count + more) }
        defer { count += more }
        return UnsafeMutableRawBufferPointer(rebasing: memory[count..<count + more])
    }

    /// Replaces bytes that were appended before.
    func store<Value: BitwiseCopyable>(_ value: Value, at offset: Int) {
        precondition(offset + MemoryLayout<Value>.size <= count, "only what was appended is replaced")
        memory.storeBytes(of: value, toByteOffset: offset, as: Value.self)
    }

    func removeAll() { count = 0 }

    func removeLast(_ bytes: Int) { count -= bytes }

    func removeFirst(_ bytes: Int) {
        precondition(bytes <= count, "only what is there is removed")
        guard let base = memory.baseAddress else { return }
        base.copyMemory(from: base + bytes, byteCount: count - bytes)
        count -= bytes
    }

    private func grow(to needed: Int) {
        let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: max(needed, memory.count * 2), alignment: 16)
        larger.copyMemory(from: view)
        memory.deallocate()
        memory = larger
    }
}
