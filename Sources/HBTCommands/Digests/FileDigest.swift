import HBTDigest
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A file named by its content.
struct FileDigest: Equatable, Sendable {
    var bytes: Int64
    /// 64 hexadecimal digits.
    var sha256: String

    /// - Parameter isCancelled: asked between blocks; the digest is then of no use.
    static func of(_ path: String, isCancelled: () -> Bool = { false }) throws(CommandError) -> FileDigest {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw CommandError("\(path): cannot be opened: \(FileTree.lastError)") }
        defer { close(descriptor) }
        let block = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 64)
        defer { block.deallocate() }
        var digest = SHA256()
        var total: Int64 = 0
        while !isCancelled() {
            let count = read(descriptor, block.baseAddress, block.count)
            if count < 0 {
                if errno == EINTR { continue }
                throw CommandError("\(path): cannot be read: \(FileTree.lastError)")
            }
            if count == 0 { break }
            digest.update(UnsafeRawBufferPointer(rebasing: block[..<count]))
            total += Int64(count)
        }
        return FileDigest(bytes: total, sha256: digest.finishHex())
    }
}
