/// Collects the state of a run as bytes: fixed-width little-endian words in a fixed order.
///
/// Every part opens with a four-letter tag, so that a reader that has lost its place finds out at
/// once and can say where.
public struct StateWriter {
    public private(set) var bytes: [UInt8] = []

    public init() {}

    public mutating func begin(_ tag: StaticString) {
        precondition(tag.utf8CodeUnitCount == 4, "a state tag has four letters")
        for i in 0..<4 { bytes.append(tag.utf8Start[i]) }
    }

    public mutating func put(_ value: UInt64) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }
    public mutating func put(_ value: Int64) { put(UInt64(bitPattern: value)) }
    public mutating func put(_ value: Int) { put(UInt64(bitPattern: Int64(value))) }
    /// Bit pattern: NaNs and signed zeros survive.
    public mutating func put(_ value: Double) { put(value.bitPattern) }
    public mutating func put(_ value: Bool) { bytes.append(value ? 1 : 0) }
    public mutating func put(_ value: UInt8) { bytes.append(value) }
    public mutating func put(_ text: String) {
        put(text.utf8.count)
        bytes.append(contentsOf: text.utf8)
    }

    /// Elements without padding or references, as they lie in memory, after their count.
    public mutating func putRaw<Element: BitwiseCopyable>(_ elements: UnsafeBufferPointer<Element>) {
        put(elements.count)
        put(MemoryLayout<Element>.stride)
        bytes.append(contentsOf: UnsafeRawBufferPointer(elements))
    }
    public mutating func putRaw<Element: BitwiseCopyable>(_ elements: [Element]) {
        elements.withUnsafeBufferPointer { putRaw($0) }
    }

    /// The same for elements made in place.
    mutating func putRaw<Element: BitwiseCopyable>(_ count: Int, of type: Element.Type, _ fill: (UnsafeMutablePointer<Element>) -> Void) {
        let size = count * MemoryLayout<Element>.stride
        // Apart, where they are aligned; copied once.
        let room = UnsafeMutablePointer<Element>.allocate(capacity: max(count, 1))
        defer { room.deallocate() }
        fill(room)
        bytes.reserveCapacity(bytes.count + 16 + size)
        putRaw(UnsafeBufferPointer(start: room, count: count))
    }
}
