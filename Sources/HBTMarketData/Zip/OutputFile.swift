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
        let name = path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
        guard !name.isEmpty else { throw MarketDataError(path: path, .cannotWrite("no file name")) }
        (partialPath, descriptor) = try NewFile.create(beside: path, mode: 0o644) { ".\(name).partial-\(getpid())-\($0)" }
    }

    deinit { discard() }

    /// Appends all bytes.
    func append(_ bytes: UnsafeRawBufferPointer) throws(MarketDataError) {
        guard NewFile.writeAll(bytes, { rest, count, _ in writeCall(descriptor, rest, count) }) else { throw failure() }
        position += Int64(bytes.count)
    }

    func append(_ bytes: [UInt8]) throws(MarketDataError) {
        try bytes.withUnsafeBufferPointer { (buffer) throws(MarketDataError) in try append(UnsafeRawBufferPointer(buffer)) }
    }

    /// Overwrites bytes written earlier; the position for appending stays.
    func patch(_ bytes: [UInt8], at offset: Int64) throws(MarketDataError) {
        precondition(offset >= 0 && offset + Int64(bytes.count) <= position, "a patch stays inside what was written")
        let isWritten = bytes.withUnsafeBytes { raw in
            NewFile.writeAll(raw) { rest, count, done in pwrite(descriptor, rest, count, off_t(offset + Int64(done))) }
        }
        guard isWritten else { throw failure() }
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
