import HBTEngine
import HBTTypes
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// How a journal ended.
public enum JournalTail: Equatable, Sendable, CustomStringConvertible {
    /// With an `end` entry.
    case whole
    /// Between two frames, without an `end`: the run was killed.
    case unfinished
    /// Inside a frame: what follows `offset` of `path` is lost.
    case torn(path: String, offset: Int64, lostBytes: Int64)

    public var description: String {
        switch self {
        case .whole: "complete"
        case .unfinished: "not ended in order (the run was killed); every entry that was written is there"
        case .torn(let path, let offset, let lost): "torn: the last \(lost) bytes of \(path), from byte \(offset) on, are not whole and were left out"
        }
    }
}

/// Reads a journal's entries in order, one frame in memory at a time.
public final class JournalReader {
    private let paths: [String]
    private var fileIndex = 0
    private var descriptor: Int32 = -1
    private var size: Int64 = 0
    private var offset: Int64 = 0
    private var frame = StateReader([])
    private var hasEnded = false
    /// How the journal ended; nil before it has been read.
    public private(set) var tail: JournalTail?

    /// - Parameter path: a journal's folder, or one of its files (read alone).
    public init(_ path: String) throws(JournalError) {
        var names: [String] = []
        if let directory = opendir(path) {
            while let entry = readdir(directory) {
                let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
                if name.hasSuffix(".hbtj") { names.append(name) }
            }
            closedir(directory)
            paths = names.sorted().map { "\(path)/\($0)" }
            guard !paths.isEmpty else { throw JournalError("\(path): there is no journal (no .hbtj file) in this folder") }
        } else {
            paths = [path]
        }
        try openNext()
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// The next entry; nil at the end (see `tail`).
    ///
    /// - Throws: when a file in the middle is damaged, missing or not a journal.
    public func next() throws(JournalError) -> JournalEntry? {
        while frame.isAtEnd {
            if tail != nil { return nil }
            guard try readFrame() else { return nil }
        }
        do throws(StateError) {
            let entry = try frame.journalEntry()
            if case .end = entry { hasEnded = true }
            return entry
        } catch {
            throw JournalError("\(paths[fileIndex - 1]): an entry of the frame before byte \(offset) is damaged: \(error)")
        }
    }

    private var isLastFile: Bool { fileIndex == paths.count }

    private func openNext() throws(JournalError) {
        if descriptor >= 0 { close(descriptor) }
        let path = paths[fileIndex]
        fileIndex += 1
        descriptor = openFile(path, O_RDONLY | O_CLOEXEC)
        var status = stat()
        guard descriptor >= 0, fstat(descriptor, &status) == 0 else { throw JournalError("\(path): \(systemError())") }
        guard status.st_mode & S_IFMT == S_IFREG else { throw JournalError("\(path): it is not a regular file") }
        size = Int64(status.st_size)
        offset = Int64(JournalFormat.headBytes)
        let head = bytes(at: 0, count: JournalFormat.headBytes)
        if head == nil && isLastFile && fileIndex > 1 {
            tail = .torn(path: path, offset: 0, lostBytes: size)
            return
        }
        guard let head, let number = JournalFormat.number(ofHead: head) else {
            throw JournalError("\(path): not a journal of this program (HBTJRNL1)")
        }
        if paths.count > 1 && number != fileIndex {
            throw JournalError("\(path): this is file \(number) of its journal where file \(fileIndex) is expected; find the missing one")
        }
    }

    /// False at the end of the journal.
    private func readFrame() throws(JournalError) -> Bool {
        let path = paths[fileIndex - 1]
        if offset == size {
            if isLastFile {
                tail = hasEnded ? .whole : .unfinished
                return false
            }
            try openNext()
            return tail == nil
        }
        guard let head = bytes(at: offset, count: JournalFormat.frameHeadBytes) else { return try tear(path) }
        let packedBytes = Int(JournalFormat.word(head, 4))
        let whole = Int64(JournalFormat.frameHeadBytes + packedBytes)
        guard packedBytes <= JournalFormat.mostFrameBytes, let packed = bytes(at: offset + Int64(JournalFormat.frameHeadBytes), count: packedBytes) else {
            return try tear(path)
        }
        guard let entries = JournalFormat.entries(head: head, packed: packed) else {
            guard offset + whole == size else { throw JournalError("\(path): the frame at byte \(offset) is damaged (checksum), and others follow it") }
            return try tear(path)
        }
        frame = StateReader(entries)
        offset += whole
        return true
    }

    private func tear(_ path: String) throws(JournalError) -> Bool {
        guard isLastFile else { throw JournalError("\(path): the frame at byte \(offset) is cut short, and other files follow; restore the file") }
        tail = .torn(path: path, offset: offset, lostBytes: size - offset)
        return false
    }

    private func bytes(at start: Int64, count: Int) -> [UInt8]? {
        guard start >= 0, count >= 0, Int64(count) <= size - start else { return nil }
        var got = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { room, filled in
            while got < count, let base = room.baseAddress {
                let n = pread(descriptor, base + got, count - got, off_t(start) + off_t(got))
                if n < 0 && errno == EINTR { continue }
                if n <= 0 { break }
                got += n
            }
            filled = got
        }
        return got == count ? bytes : nil
    }
}

private func openFile(_ path: String, _ flags: Int32) -> Int32 { open(path, flags) }
