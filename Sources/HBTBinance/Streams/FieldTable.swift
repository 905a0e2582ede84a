#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Where the fields of one message stand, by their one-letter names; case counts.
///
/// Values are remembered as bytes from the start of the message, 0 for absent: no value can stand there.
struct FieldTable: ~Copyable {
    /// 128 entries for the payload's own fields, 128 for those of the object in `k` or `o`.
    private let offsets: UnsafeMutablePointer<UInt32>
    static let nested = 128
    private static let count = 256

    init() { offsets = .allocate(capacity: Self.count) }
    deinit { offsets.deallocate() }

    func removeAll() { memset(offsets, 0, Self.count * 4) }

    /// False when the field was there already.
    @inline(__always)
    func remember(_ name: UInt8, at offset: Int, in part: Int) -> Bool {
        // Letters alone are looked up; what is no ASCII never is.
        guard name < 128 else { return true }
        let slot = offsets + part + Int(name)
        guard slot.pointee == 0 else { return false }
        slot.pointee = UInt32(truncatingIfNeeded: offset)
        return true
    }

    @inline(__always) subscript(name: UInt8, part: Int) -> Int { Int(offsets[part + Int(name)]) }
}
