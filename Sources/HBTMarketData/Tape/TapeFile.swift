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
    /// Segments behind each part, and bytes of the file given back so far.
    private var behind = [Int](repeating: 0, count: TapeDirectory.partCount)
    private var dropped = 0
    /// Kept open for its lock.
    private let descriptor: Int32

    /// - Throws: when the file cannot be opened or is no complete tape.
    public init(path: String) throws(MarketDataError) {
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
    }

    deinit {
        munmap(UnsafeMutableRawPointer(mutating: base), count)
        close(descriptor)
    }

    public var segmentCount: Int { parts.count / TapeDirectory.partCount }

    public func segment(_ index: Int, _ part: TapePart) throws -> UnsafeRawBufferPointer {
        let number = TapeDirectory.partCount * index + part.rawValue
        let place = parts[number]
        let bytes = UnsafeRawBufferPointer(start: base + place.offset, count: place.count)
        if !isVerified[number] {
            guard TapeChecksum.of(bytes) == place.checksum else {
                throw MarketDataError(path: path, .corrupt("segment \(index) has another checksum; delete it and it is made again"))
            }
            isVerified[number] = true
        }
        return bytes
    }

    /// Gives back the memory of what lies behind: resident memory does not grow with the tape.
    public func passed(_ index: Int, _ part: TapePart) {
        guard index > 0, index <= segmentCount else { return }
        let place = parts[TapeDirectory.partCount * (index - 1) + part.rawValue]
        drop(from: place.offset + Self.pageBytes - 1, to: place.offset + place.count)
        // Pages shared by two parts, and those that the system maps around one that is touched, stay
        // until neither clock needs them.
        behind[part.rawValue] = index
        let lowest = min(behind[TapePart.exchange.rawValue], behind[TapePart.local.rawValue])
        let end = lowest < segmentCount ? parts[TapeDirectory.partCount * lowest].offset : count
        guard end > dropped else { return }
        drop(from: max(0, dropped - Self.aroundBytes), to: end)
        dropped = end
    }

    private static let pageBytes = Int(getpagesize())
    /// Linux maps up to 64 KiB at a time.
    private static let aroundBytes = 1 << 17

    /// Whole pages of a range of the file.
    private func drop(from start: Int, to end: Int) {
        let first = start / Self.pageBytes * Self.pageBytes, last = end / Self.pageBytes * Self.pageBytes
        guard last > first else { return }
        madvise(UnsafeMutableRawPointer(mutating: base + first), last - first, Int32(MADV_DONTNEED))
    }
}
