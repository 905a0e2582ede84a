#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A file that appears under its name only when it is complete.
///
/// Bytes go to `.NAME.partial-PID-N` in the same folder; `commit` renames it. Whatever else happens, the
/// partial file is removed, so that a full disk or an error never leaves half a file under a good name.
final class OutputFile {
    /// `write(2)`; replaced in tests to play a full disk.
    typealias WriteCall = (Int32, UnsafeRawPointer, Int) -> Int

    let path: String
    let partialPath: String
    private(set) var position: Int64 = 0
    private var descriptor: Int32
    private let writeCall: WriteCall

    init(path: String, writeCall: @escaping WriteCall = { write($0, $1, $2) }) throws(MarketDataError) {
        self.path = path
        self.writeCall = writeCall
        let slash = path.lastIndex(of: "/")
        let folder = slash.map { String(path[...$0]) } ?? ""
        let name = slash.map { String(path[path.index(after: $0)...]) } ?? path
        guard !name.isEmpty else { throw MarketDataError(path: path, .cannotWrite("no file name")) }
        // The process id keeps two processes apart, the number two writers of one process.
        var attempt = 0
        var candidate = ""
        var opened: Int32 = -1
        repeat {
            candidate = "\(folder).\(name).partial-\(getpid())-\(attempt)"
            opened = open(candidate, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
            attempt += 1
        } while opened < 0 && errno == EEXIST && attempt < 10_000
        guard opened >= 0 else { throw MarketDataError(path: path, .cannotWrite(lastSystemError())) }
        partialPath = candidate
        descriptor = opened
    }

    deinit { discard() }

    /// Appends all bytes.
    func append(_ bytes: UnsafeRawBufferPointer) throws(MarketDataError) {
        guard let base = bytes.baseAddress else { return }
        var done = 0
        while done < bytes.count {
            let wrote = writeCall(descriptor, base + done, bytes.count - done)
            if wrote < 0 {
                if errno == EINTR { continue }
                throw failure()
            }
            done += wrote
            position += Int64(wrote)
        }
    }

    func append(_ bytes: [UInt8]) throws(MarketDataError) {
        try bytes.withUnsafeBufferPointer { (buffer) throws(MarketDataError) in try append(UnsafeRawBufferPointer(buffer)) }
    }

    /// Overwrites bytes written earlier; the position for appending stays.
    func patch(_ bytes: [UInt8], at offset: Int64) throws(MarketDataError) {
        precondition(offset >= 0 && offset + Int64(bytes.count) <= position, "a patch stays inside what was written")
        var done = 0
        while done < bytes.count {
            let wrote = bytes.withUnsafeBytes { raw -> Int in
                guard let base = raw.baseAddress else { return 0 }
                return pwrite(descriptor, base + done, raw.count - done, off_t(offset + Int64(done)))
            }
            if wrote < 0 {
                if errno == EINTR { continue }
                throw failure()
            }
            done += wrote
        }
    }

    /// Closes the file and gives it its name, replacing an older one.
    func commit() throws(MarketDataError) {
        guard descriptor >= 0 else { return }
        let closing = descriptor
        descriptor = -1
        // Some file systems report a full disk only here.
        guard close(closing) == 0, rename(partialPath, path) == 0 else {
            let error = MarketDataError(path: path, .cannotWrite(lastSystemError()))
            unlink(partialPath)
            throw error
        }
    }

    /// Removes what was written; nothing happens after `commit`.
    func discard() {
        guard descriptor >= 0 else { return }
        close(descriptor)
        descriptor = -1
        unlink(partialPath)
    }

    private func failure() -> MarketDataError {
        let error = MarketDataError(path: path, .cannotWrite(descriptor < 0 ? "it is closed" : lastSystemError()))
        discard()
        return error
    }
}
