#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A large block straight from the system, given back to it when it goes.
///
/// The allocator would keep blocks of tens of megabytes: a process that opens one file after the other grew by one such
/// block each time, because something small had come to lie in the last one's place.
final class PageBuffer {
    let bytes: UnsafeMutableRawBufferPointer

    /// nil when the system has no memory.
    init?(byteCount: Int) {
        guard byteCount > 0 else { return nil }
        let base = mmap(nil, byteCount, PROT_READ | PROT_WRITE, Int32(MAP_PRIVATE) | Int32(MAP_ANONYMOUS), -1, 0)
        guard let base, base != UnsafeMutableRawPointer(bitPattern: -1) else { return nil }
        bytes = UnsafeMutableRawBufferPointer(start: base, count: byteCount)
        LargePages.advise(base, bytes: byteCount)
    }

    deinit { munmap(bytes.baseAddress, bytes.count) }
}
