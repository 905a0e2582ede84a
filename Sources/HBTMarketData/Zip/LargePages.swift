#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Memory of megabytes that is written from front to back.
enum LargePages {
    /// Asks for pages of 2 MiB, so that 512 times fewer have to be asked for one by one; where the system
    /// has none, nothing happens.
    static func advise(_ start: UnsafeMutableRawPointer, bytes: Int) {
        #if os(Linux)
        let size = UInt(1 << 21), first = (UInt(bitPattern: start) + size - 1) & ~(size - 1)
        let end = (UInt(bitPattern: start) + UInt(bytes)) & ~(size - 1)
        // MADV_HUGEPAGE.
        if end > first { madvise(UnsafeMutableRawPointer(bitPattern: first), Int(end - first), 14) }
        #endif
    }
}
