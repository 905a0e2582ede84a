#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Files of our own beside another, and writing them whole.
enum NewFile {
    /// Opens a file that did not exist, for reading and writing, in the folder of `path`, which also stands in
    /// the error.
    ///
    /// - Parameter name: the name to try, by attempt, from 0; a process id in it keeps two processes apart, the
    ///   attempt two writers of one process.
    static func create(
        beside path: String, mode: mode_t, name: (_ attempt: Int) -> String
    ) throws(MarketDataError) -> (path: String, descriptor: Int32) {
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
        var attempt = 0
        while true {
            let candidate = folder + name(attempt)
            let descriptor = open(candidate, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, mode)
            if descriptor >= 0 { return (candidate, descriptor) }
            attempt += 1
            guard errno == EEXIST, attempt < 10_000 else { throw MarketDataError(path: path, .cannotWrite(lastSystemError())) }
        }
    }

    /// Calls `write(2)` or its like until all bytes are written.
    ///
    /// - Parameter call: takes where the rest begins, its length, and how many bytes went before it.
    /// - Returns: false when the call failed; `errno` says why.
    static func writeAll(
        _ bytes: UnsafeRawBufferPointer, _ call: (_ rest: UnsafeRawPointer, _ count: Int, _ done: Int) -> Int
    ) -> Bool {
        var done = 0
        while done < bytes.count, let base = bytes.baseAddress {
            let wrote = call(base + done, bytes.count - done, done)
            if wrote < 0 {
                if errno == EINTR { continue }
                return false
            }
            done += wrote
        }
        return true
    }
}

extension UnsafeMutableRawBufferPointer {
    /// Copies the beginning of `rest` to `offset`, as much as fits, and takes it off `rest`.
    ///
    /// - Returns: the number of bytes copied.
    func fill(from rest: inout UnsafeRawBufferPointer, at offset: Int) -> Int {
        let taken = Swift.min(rest.count, count - offset)
        UnsafeMutableRawBufferPointer(rebasing: self[offset..<(offset + taken)])
            .copyMemory(from: UnsafeRawBufferPointer(rebasing: rest[0..<taken]))
        rest = UnsafeRawBufferPointer(rebasing: rest[taken...])
        return taken
    }
}
