#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A file byte by byte, through a buffer.
final class ByteReader {
    private let path: String
    private let descriptor: Int32
    private var buffer = [UInt8](repeating: 0, count: 1 << 16)
    private var position = 0
    private var end = 0

    init(_ path: String) throws(CommandError) {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw CommandError("\(path): cannot be opened: \(FileTree.lastError)") }
    }

    deinit { close(descriptor) }

    /// nil at the end.
    @inline(__always)
    func next() throws(CommandError) -> UInt8? {
        if position == end {
            try refill()
            guard end > 0 else { return nil }
        }
        defer { position += 1 }
        return buffer[position]
    }

    private func refill() throws(CommandError) {
        position = 0
        var count = 0
        repeat {
            count = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
        } while count < 0 && errno == EINTR
        guard count >= 0 else { throw CommandError("\(path): cannot be read: \(FileTree.lastError)") }
        end = count
    }
}
