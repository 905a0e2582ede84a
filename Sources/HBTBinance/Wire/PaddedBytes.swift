#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A message copied to memory with zeros behind it.
///
/// A zero byte is legal nowhere in JSON text, so that a scanner stops at the end without comparing
/// pointers, and may load eight bytes at any byte of the message. The copy costs a thirtieth of the parse.
struct PaddedBytes: ~Copyable {
    /// No message of the venue comes near; the limit keeps a hostile peer from filling the memory.
    static let maximumCount = 64 << 20
    static let padding = 16

    private(set) var start: UnsafeMutablePointer<UInt8>
    private var capacity: Int

    init(capacity: Int = 64 << 10) {
        self.capacity = capacity
        start = .allocate(capacity: capacity + Self.padding)
        start.initialize(repeating: 0, count: Self.padding)
    }

    deinit { start.deallocate() }

    mutating func load(_ message: UnsafeRawBufferPointer) throws(WireReason) {
        guard message.count <= Self.maximumCount else { throw .tooLarge }
        if message.count > capacity {
            start.deallocate()
            capacity = message.count * 2
            start = .allocate(capacity: capacity + Self.padding)
        }
        if let base = message.baseAddress { memcpy(start, base, message.count) }
        (start + message.count).update(repeating: 0, count: Self.padding)
    }
}
