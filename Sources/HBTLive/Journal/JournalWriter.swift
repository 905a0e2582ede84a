import HBTEngine
import HBTTypes
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Appends to a journal: files `000001.hbtj`, `000002.hbtj` … in a folder, a new one when the old is full or the day
/// (UTC) has changed.
///
/// Adding an entry copies it; `flush` compresses and writes. After a failure (a full disk) nothing more is written
/// and `failure` says why: whoever quotes must stop then.
public final class JournalWriter {
    /// `write(2)`; replaced in tests to play a full disk.
    public typealias WriteCall = (Int32, UnsafeRawPointer, Int) -> Int

    /// A block this large is written without being asked.
    private static let blockBytes = 1 << 20
    private static let dayNs: Int64 = 86_400_000_000_000

    public let folder: String
    private let mostFileBytes: Int64
    private let writeCall: WriteCall
    private var block = StateWriter()
    private var descriptor: Int32 = -1
    private var number = 0
    private var path = ""
    private var fileBytes: Int64 = 0
    private var fileDay = Int64.min
    private var newestNs = Int64.min
    /// Why writing stopped, if it failed.
    public private(set) var failure: JournalError?
    /// Bytes written to all files.
    public private(set) var writtenBytes: Int64 = 0

    /// - Parameters:
    ///   - folder: exists; must hold no journal yet.
    ///   - mostFileBytes: a file is not continued beyond this.
    public init(folder: String, mostFileBytes: Int64 = 1 << 28, writeCall: @escaping WriteCall = writeBytes) throws(JournalError) {
        self.folder = folder
        self.mostFileBytes = mostFileBytes
        self.writeCall = writeCall
        try open()
    }

    deinit { if descriptor >= 0 { _ = close(descriptor) } }

    public func add(_ entry: JournalEntry) {
        guard failure == nil else { return }
        block.put(entry)
        noteTime(of: entry)
        if block.bytes.count >= Self.blockBytes { flush() }
    }

    /// Rows of one message, without a copy on the way.
    public func add(rows: UnsafeBufferPointer<MarketEvent>, asset: Int) {
        guard failure == nil, let last = rows.last else { return }
        block.put(rows: rows, asset: asset)
        newestNs = max(newestNs, last.localNs)
        if block.bytes.count >= Self.blockBytes { flush() }
    }

    /// Writes what has been added. False when the journal has failed.
    @discardableResult
    public func flush() -> Bool {
        guard failure == nil else { return false }
        guard !block.bytes.isEmpty else { return true }
        let frame = JournalFormat.frame(block.bytes)
        let day = newestNs == .min ? Int64.min : newestNs / Self.dayNs
        do throws(JournalError) {
            let isNewDay = fileDay != .min && day > fileDay
            if fileBytes > Int64(JournalFormat.headBytes) && (isNewDay || fileBytes + Int64(frame.count) > mostFileBytes) { try open() }
            if fileDay == .min { fileDay = day }
            try put(frame)
        } catch {
            failure = error
            return false
        }
        block = StateWriter()
        return true
    }

    /// Asks the system to put what has been written on the disk itself.
    @discardableResult
    public func synchronise() -> Bool {
        guard flush() else { return false }
        if fsync(descriptor) != 0 { failure = JournalError("\(path): \(systemError()); free some space, or write to another place") }
        return failure == nil
    }

    private func noteTime(of entry: JournalEntry) {
        switch entry {
        case .clock(let ns), .answer(_, _, _, let ns), .correction(_, _, _, let ns), .raw(_, let ns, _), .note(let ns, _), .end(let ns):
            newestNs = max(newestNs, ns)
        case .rows(_, let rows): newestNs = max(newestNs, rows.last?.localNs ?? .min)
        case .funding(_, _, let ns): newestNs = max(newestNs, ns)
        case .markPrice(_, let row): newestNs = max(newestNs, row.localNs)
        case .start, .request, .mark: break
        }
    }

    private func open() throws(JournalError) {
        if descriptor >= 0 {
            _ = close(descriptor)
            descriptor = -1
        }
        number += 1
        let digits = String(number)
        path = "\(folder)/\(String(repeating: "0", count: max(0, 6 - digits.count)))\(digits).hbtj"
        descriptor = openFile(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            let hint = errno == EEXIST ? "a journal is there already; choose another folder" : systemError()
            throw JournalError("\(path): \(hint)")
        }
        (fileBytes, fileDay) = (0, .min)
        try put(JournalFormat.head(number: number))
    }

    private func put(_ bytes: [UInt8]) throws(JournalError) {
        let isWritten = bytes.withUnsafeBytes { raw in
            var done = 0
            while done < raw.count, let base = raw.baseAddress {
                let wrote = writeCall(descriptor, base + done, raw.count - done)
                if wrote < 0 {
                    if errno == EINTR { continue }
                    return false
                }
                done += wrote
            }
            return true
        }
        guard isWritten else { throw JournalError("\(path): \(systemError()); free some space, or write to another place") }
        fileBytes += Int64(bytes.count)
        writtenBytes += Int64(bytes.count)
    }
}

// System calls under names that methods of the same name do not hide.

public func writeBytes(_ descriptor: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int { write(descriptor, bytes, count) }

private func openFile(_ path: String, _ flags: Int32, _ mode: mode_t) -> Int32 { open(path, flags, mode) }

/// What the last system call failed with.
func systemError() -> String { String(cString: strerror(errno)) }
