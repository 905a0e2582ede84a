import CWireLevels
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
/// pointers, and may load up to 128 bytes at any byte of the message. The copy costs a thirtieth of the parse.
struct PaddedBytes: ~Copyable {
    /// No message of the venue comes near; the limit keeps a hostile peer from filling the memory.
    static let maximumCount = 64 << 20
    static let padding = 128

    private(set) var start: UnsafeMutablePointer<UInt8>
    /// A bit for each byte that is no digit, once `mark` has been called; see `cwirelevels_mark`.
    private(set) var marks: UnsafeMutablePointer<UInt64>
    private(set) var count = 0
    private var capacity: Int
    private var isMarked = false

    init(capacity: Int = 64 << 10) {
        self.capacity = capacity
        start = .allocate(capacity: capacity + Self.padding)
        start.initialize(repeating: 0, count: Self.padding)
        marks = .allocate(capacity: Self.words(capacity))
    }

    deinit {
        start.deallocate()
        marks.deallocate()
    }

    private static func words(_ bytes: Int) -> Int { bytes / 64 + 3 }

    /// Finds the digits of the message, once.
    @inline(__always)
    mutating func mark() {
        guard !isMarked else { return }
        cwirelevels_mark(start, count, marks)
        isMarked = true
    }

    mutating func load(_ message: UnsafeRawBufferPointer) throws(WireReason) {
        guard message.count <= Self.maximumCount else { throw .tooLarge }
        if message.count > capacity {
            start.deallocate()
            marks.deallocate()
            capacity = message.count * 2
            start = .allocate(capacity: capacity + Self.padding)
            marks = .allocate(capacity: Self.words(capacity))
        }
        count = message.count
        isMarked = false
        if let base = message.baseAddress { memcpy(start, base, message.count) }
        (start + message.count).update(repeating: 0, count: Self.padding)
    }
}
