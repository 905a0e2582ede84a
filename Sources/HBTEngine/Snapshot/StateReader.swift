/// Reads back what a `StateWriter` wrote; every read is checked, so damaged bytes end in an error.
public struct StateReader {
    private let bytes: [UInt8]
    public private(set) var offset = 0

    public init(_ bytes: [UInt8]) { self.bytes = bytes }

    public var isAtEnd: Bool { offset == bytes.count }

    public mutating func expect(_ tag: StaticString) throws(StateError) {
        let wanted = String(describing: tag)
        let start = try take(4)
        for i in 0..<4 where bytes[start + i] != tag.utf8Start[i] {
            throw StateError("the part \(wanted) is not where it should be (byte \(start))")
        }
    }

    public mutating func word() throws(StateError) -> UInt64 {
        let start = try take(8)
        var value: UInt64 = 0
        for i in (0..<8).reversed() { value = value << 8 | UInt64(bytes[start + i]) }
        return value
    }
    public mutating func int64() throws(StateError) -> Int64 { Int64(bitPattern: try word()) }
    public mutating func int() throws(StateError) -> Int { Int(truncatingIfNeeded: try int64()) }
    public mutating func double() throws(StateError) -> Double { Double(bitPattern: try word()) }
    public mutating func byte() throws(StateError) -> UInt8 { bytes[try take(1)] }
    public mutating func bool() throws(StateError) -> Bool {
        switch try byte() {
        case 0: return false
        case 1: return true
        case let other: throw StateError("a yes or no is stored as \(other) (byte \(offset - 1))")
        }
    }

    /// A count of things that take at least `size` bytes each.
    public mutating func count(of size: Int) throws(StateError) -> Int {
        let n = try int()
        guard n >= 0, n <= (bytes.count - offset) / max(size, 1) else {
            throw StateError("a count of \(n) does not fit what follows (byte \(offset - 8))")
        }
        return n
    }

    public mutating func string() throws(StateError) -> String {
        let n = try count(of: 1)
        let start = try take(n)
        return String(decoding: bytes[start..<(start + n)], as: UTF8.self)
    }

    public mutating func raw<Element: BitwiseCopyable>(_ type: Element.Type = Element.self) throws(StateError) -> [Element] {
        let stride = MemoryLayout<Element>.stride
        let n = try int()
        let storedStride = try int()
        guard storedStride == stride else { throw StateError("elements of \(storedStride) bytes where \(stride) are expected (byte \(offset))") }
        guard n >= 0, n <= (bytes.count - offset) / stride else {
            throw StateError("a count of \(n) does not fit what follows (byte \(offset - 16))")
        }
        let start = try take(n * stride)
        return [Element](unsafeUninitializedCapacity: n) { target, filled in
            bytes.withUnsafeBytes { source in
                UnsafeMutableRawBufferPointer(target).copyMemory(from: UnsafeRawBufferPointer(rebasing: source[start..<(start + n * stride)]))
            }
            filled = n
        }
    }

    private mutating func take(_ n: Int) throws(StateError) -> Int {
        guard n >= 0, n <= bytes.count - offset else {
            throw StateError("\(bytes.count - offset) bytes are left where \(n) are needed (byte \(offset))")
        }
        defer { offset += n }
        return offset
    }
}
