#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// One file of a recording, grown by whole pieces.
///
/// A piece goes out in one write; when only a part of it could be written (a full disk) the file is cut back to the
/// pieces before it. Whatever ends the process between two calls therefore leaves a readable file.
final class RecordingFile {
    let path: String
    private let descriptor: Int32
    private let writeCall: JournalWriter.WriteCall
    /// Bytes of the pieces that are whole.
    private(set) var bytes: Int64
    /// Where bytes were put that were no whole piece; nil when there were none.
    private(set) var tornPath: String?

    /// Opens, or makes, a file to append to. What an earlier process left half-written at its end is moved to a
    /// file beside it: behind it nothing could be read any more.
    ///
    /// - Throws: `JournalError` when another process records to it, when it is no recording, or when the system refuses.
    init(path: String, codec: RecordingCodec, writeCall: @escaping JournalWriter.WriteCall) throws(JournalError) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw JournalError("\(path): \(systemError())") }
        do throws(JournalError) {
            guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
                throw JournalError("\(path): another process records to it; stop that one, or record to another folder")
            }
            let length = Int64(lseek(descriptor, 0, SEEK_END))
            bytes = try RecordingTail.wholeBytes(descriptor, path, codec)
            if bytes < length {
                tornPath = try Self.moveTail(descriptor, path, from: bytes, count: length - bytes)
                guard ftruncate(descriptor, off_t(bytes)) == 0 else { throw JournalError("\(path): \(systemError())") }
            }
        } catch {
            _ = close(descriptor)
            throw error
        }
        self.path = path
        self.descriptor = descriptor
        self.writeCall = writeCall
    }

    deinit { _ = close(descriptor) }

    /// - Throws: `JournalError`; the file then holds what it held before.
    func append(_ piece: [UInt8]) throws(JournalError) {
        guard lseek(descriptor, off_t(bytes), SEEK_SET) >= 0 else { throw JournalError("\(path): \(systemError())") }
        var done = 0
        let failure: Int32 = piece.withUnsafeBytes { raw in
            while done < raw.count, let base = raw.baseAddress {
                let wrote = writeCall(descriptor, base + done, raw.count - done)
                if wrote < 0 && errno == EINTR { continue }
                guard wrote > 0 else { return wrote < 0 ? errno : ENOSPC }
                done += wrote
            }
            return 0
        }
        guard failure == 0 else {
            _ = ftruncate(descriptor, off_t(bytes))
            throw JournalError("\(path): \(String(cString: strerror(failure)))")
        }
        bytes += Int64(piece.count)
    }

    /// Asks the system to put everything on the disk itself.
    func synchronise() { _ = fsync(descriptor) }

    private static func moveTail(_ descriptor: Int32, _ path: String, from: Int64, count: Int64) throws(JournalError) -> String {
        for number in 1...1000 {
            let place = "\(path).torn\(number)"
            let target = open(place, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
            if target < 0 && errno == EEXIST { continue }
            guard target >= 0 else { throw JournalError("\(place): \(systemError())") }
            defer { _ = close(target) }
            var block = [UInt8](repeating: 0, count: 1 << 16)
            var at = from
            while at < from + count {
                let taken = pread(descriptor, &block, block.count, off_t(at))
                guard taken > 0, writeBytes(target, block, taken) == taken else {
                    let reason = systemError()
                    _ = unlink(place)
                    throw JournalError("\(place): \(reason)")
                }
                at += Int64(taken)
            }
            return place
        }
        throw JournalError("\(path): it has been left half-written a thousand times; move it away")
    }
}
