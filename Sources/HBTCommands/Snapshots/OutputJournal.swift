import HBTEngine
import HBTMarketData
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Everything a run has put out, batch by batch, beside its snapshots: what a resumed run starts its
/// own files from.
///
/// Append-only blocks: `OUTB` length (u64) checksum (u64) bytes. A snapshot remembers how long the
/// journal was when it was taken, so whatever a dying process added after it is not read.
final class OutputJournal {
    static let name = "journal.bin"
    private let path: String
    private var descriptor: Int32
    private(set) var bytes: Int64 = 0

    /// Starts a journal in `folder`, which exists.
    init(in folder: String) throws(CommandError) {
        path = FileTree.join(folder, Self.name)
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw CommandError("\(path): cannot be written: \(FileTree.lastError)") }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    func append(_ batch: OutputBatch) throws(CommandError) {
        var payload = StateWriter()
        batch.encode(into: &payload)
        var block = StateWriter()
        block.put(payload.bytes.count)
        block.put(Self.checksum(payload.bytes))
        try WholeFile.write(block.bytes + payload.bytes, to: descriptor, path: path)
        bytes += Int64(block.bytes.count + payload.bytes.count)
    }

    /// Makes what has been appended outlive a power cut.
    func synchronise() { fsync(descriptor) }

    func finish() throws(CommandError) {
        let closing = descriptor
        descriptor = -1
        guard close(closing) == 0 else { throw CommandError("\(path): cannot be written: \(FileTree.lastError)") }
    }

    /// Hands over the batches of the first `length` bytes of the journal in `folder`.
    static func read(in folder: String, length: Int64, _ body: (OutputBatch) throws -> Void) throws {
        let path = FileTree.join(folder, name)
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw CommandError("\(path): cannot be read: \(FileTree.lastError); a snapshot goes on from the journal beside it")
        }
        defer { close(descriptor) }
        var done: Int64 = 0
        while done < length {
            var head = StateReader(try take(16, from: descriptor, path: path))
            let count = try head.int(), stored = try head.word()
            guard count > 0, Int64(count) <= length - done - 16 else { throw CommandError("\(path): damaged at byte \(done)") }
            let payload = try take(count, from: descriptor, path: path)
            guard checksum(payload) == stored else { throw CommandError("\(path): damaged at byte \(done): its checksum differs") }
            var reader = StateReader(payload)
            try body(try OutputBatch(from: &reader))
            done += Int64(count) + 16
        }
    }

    private static func take(_ count: Int, from descriptor: Int32, path: String) throws(CommandError) -> [UInt8] {
        var failure: CommandError?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { room, filled in
            while filled < count {
                let got = Glibc.read(descriptor, room.baseAddress.map { $0 + filled }, count - filled)
                if got < 0 && errno == EINTR { continue }
                guard got > 0 else {
                    failure = CommandError("\(path): shorter than its snapshot says; \(got < 0 ? FileTree.lastError : "the end comes early")")
                    return
                }
                filled += got
            }
        }
        if let failure { throw failure }
        return bytes
    }

    /// FNV-1a over 64-bit words; detects damage, not malice.
    private static func checksum(_ bytes: [UInt8]) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return hash
    }
}
