#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A regular file read by position.
///
/// `pread` rather than `mmap`: a file that shrinks while we read it is then an error, not a SIGBUS.
final class InputFile {
    let path: String
    /// Bytes when opened.
    let size: Int64
    private let descriptor: Int32

    init(path: String) throws(MarketDataError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw MarketDataError(path: path, .cannotOpen(lastSystemError())) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let why = lastSystemError()
            close(descriptor)
            throw MarketDataError(path: path, .cannotOpen(why))
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            let kind = status.st_mode & S_IFMT == S_IFDIR ? "it is a directory" : "it is not a regular file"
            throw MarketDataError(path: path, .cannotOpen(kind))
        }
        self.path = path
        self.size = Int64(status.st_size)
        self.descriptor = descriptor
        #if os(Linux)
        _ = posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL)
        #endif
    }

    deinit { close(descriptor) }

    /// Fills `buffer` from `offset`; returns fewer bytes only at the end of the file.
    func read(at offset: Int64, into buffer: UnsafeMutableRawBufferPointer) throws(MarketDataError) -> Int {
        guard let base = buffer.baseAddress else { return 0 }
        var done = 0
        while done < buffer.count {
            let got = pread(descriptor, base + done, buffer.count - done, off_t(offset + Int64(done)))
            if got < 0 {
                if errno == EINTR { continue }
                throw MarketDataError(path: path, .cannotRead(lastSystemError()))
            }
            if got == 0 { break }
            done += got
        }
        return done
    }

    /// Exactly `count` bytes, or `truncated`.
    func bytes(at offset: Int64, count: Int) throws(MarketDataError) -> [UInt8] {
        guard count >= 0, offset >= 0, offset <= size, Int64(count) <= size - offset else {
            throw MarketDataError(
                path: path,
                .truncated(expectedBytes: offset.addingReportingOverflow(Int64(count)).partialValue, foundBytes: size))
        }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: max(count, 1), alignment: 16)
        defer { buffer.deallocate() }
        let got = try read(at: offset, into: UnsafeMutableRawBufferPointer(rebasing: buffer[0..<count]))
        guard got == count else {
            throw MarketDataError(path: path, .truncated(expectedBytes: offset + Int64(count), foundBytes: offset + Int64(got)))
        }
        return Array(buffer[0..<count])
    }
}

/// The text of `errno`.
func lastSystemError() -> String { String(cString: strerror(errno)) }
