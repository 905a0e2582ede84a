import HBTTypes
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A tape mapped into memory.
///
/// Directory and header are verified when it is opened, a part of a segment when it is first asked for: a
/// damaged file is an error before a row of it counts. Tapes are replaced, never changed in place;
/// whoever cuts one off while it is in use ends the program (SIGBUS).
public final class TapeFile: TapeSource {
    public let path: String
    public let header: [UInt8]
    private let base: UnsafeRawPointer
    private let count: Int
    private let parts: [TapeDirectory.Part]
    private var isVerified: [Bool]
    /// Nil for short tapes, before the first segment is asked for, and where there is but one processor.
    private var readAhead: TapeReadAhead?
    private let readsAhead: Bool
    /// Segments behind each part, and bytes of the file given back so far.
    private var behind = [Int](repeating: 0, count: TapeDirectory.partCount)
    private var dropped = 0
    /// Kept open for its lock.
    private let descriptor: Int32

    /// Shorter tapes are played before a thread would have begun.
    private static let shortest = 8

    /// - Throws: when the file cannot be opened or is no complete tape.
    public convenience init(path: String) throws(MarketDataError) { try self.init(path: path, readsAhead: nil) }

    /// - Parameter wanted: whether a second thread reads ahead; nil for where that pays.
    init(path: String, readsAhead wanted: Bool?) throws(MarketDataError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw MarketDataError(path: path, .cannotOpen(lastSystemError())) }
        var isKept = false
        defer { if !isKept { close(descriptor) } }
        // Tells the cache's cleaning that the file is in use; where there are no locks it is not told.
        flock(descriptor, LOCK_SH | LOCK_NB)
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw MarketDataError(path: path, .cannotOpen(lastSystemError())) }
        guard status.st_mode & S_IFMT == S_IFREG, status.st_size >= TapeDirectory.tailBytes else {
            throw MarketDataError(path: path, .notThisFormat(expected: "a tape"))
        }
        let size = Int(status.st_size)
        guard let mapped = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), mapped != MAP_FAILED else {
            throw MarketDataError(path: path, .cannotOpen(lastSystemError()))
        }
        do {
            let directory = try TapeDirectory(file: UnsafeRawBufferPointer(start: mapped, count: size))
            header = directory.header
            parts = directory.parts
        } catch {
            munmap(mapped, size)
            throw MarketDataError(path: path, .corrupt("\(error.text); delete it and it is made again"))
        }
        self.path = path
        self.descriptor = descriptor
        isKept = true
        base = UnsafeRawPointer(mapped)
        count = size
        isVerified = [Bool](repeating: false, count: parts.count)
        readsAhead = wanted ?? (parts.count >= Self.shortest * TapeDirectory.partCount && sysconf(Int32(_SC_NPROCESSORS_ONLN)) > 1)
    }

    deinit {
        readAhead?.stop()
        munmap(UnsafeMutableRawPointer(mutating: base), count)
        close(descriptor)
    }

    public var segmentCount: Int { parts.count / TapeDirectory.partCount }

    public func segment(_ index: Int, _ part: TapePart) throws -> UnsafeRawBufferPointer {
        let number = TapeDirectory.partCount * index + part.rawValue
        let place = parts[number]
        let bytes = UnsafeRawBufferPointer(start: base + place.offset, count: place.count)
        if !isVerified[number] {
            if readsAhead && readAhead == nil { readAhead = TapeReadAhead(base: base, parts: parts) }
            if readAhead?.take(index, part.rawValue) != true {
                guard TapeChecksum.of(bytes) == place.checksum else {
                    throw MarketDataError(path: path, .corrupt("segment \(index) has another checksum; delete it and it is made again"))
                }
            }
            isVerified[number] = true
        }
        return bytes
    }

    /// Gives back the memory of what lies behind: resident memory does not grow with the tape.
    public func passed(_ index: Int, _ part: TapePart) {
        guard index > 0, index <= segmentCount else { return }
        behind[part.rawValue] = max(behind[part.rawValue], index)
        // Parts that are read long after the others.
        let place = parts[TapeDirectory.partCount * (index - 1) + part.rawValue]
        if place.offset + place.count <= dropped, let pages = pages(from: place.offset + TapePages.bytes - 1, to: place.offset + place.count) {
            TapePages.drop(base, pages)
        }
        // All parts of a segment that neither clock needs any more at once, because other
        // processors must be told.
        let lowest = min(behind[TapePart.exchange.rawValue], behind[TapePart.local.rawValue])
        let end = lowest < segmentCount ? parts[TapeDirectory.partCount * lowest].offset : count
        guard end - dropped >= Self.batchBytes || lowest == segmentCount else { return }
        if let pages = pages(from: max(0, dropped - Self.aroundBytes), to: end) {
            if readAhead?.drop(pages) != true { TapePages.drop(base, pages) }
        }
        dropped = end
    }

    private static let batchBytes = 1 << 20
    /// Linux maps up to 64 KiB at a time.
    private static let aroundBytes = 1 << 17

    /// Whole pages of a range of the file.
    private func pages(from start: Int, to end: Int) -> Range<Int>? {
        let first = start / TapePages.bytes * TapePages.bytes, last = end / TapePages.bytes * TapePages.bytes
        return last > first ? first..<last : nil
    }
}
