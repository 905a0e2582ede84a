import HBTTypes
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A folder of tapes, made as they are needed and dropped, oldest use first, when they take too much room.
public struct TapeCache: Sendable {
    public let folder: String
    /// Most bytes the folder's tapes may take together.
    public let capacity: Int64
    private static let suffix = ".tape"

    public init(folder: String, capacity: Int64 = 20 << 30) {
        self.folder = folder
        self.capacity = capacity
    }

    /// Where the tape of these files and settings lies, or would lie.
    ///
    /// - Parameters:
    ///   - sourceDigest: of all files of the asset in order (`fileIdentity`, or a digest of their bytes).
    ///   - settingsDigest: of everything else that decides the tape's bytes (`TapeCompiler.settingsDigest`).
    public func path(sourceDigest: String, settingsDigest: UInt64) -> String {
        let name = (sourceDigest + "-" + String(settingsDigest, radix: 16)).map { $0.isLetter || $0.isNumber || $0 == "-" ? $0 : "_" }
        return "\(folder)/\(String(name))\(Self.suffix)"
    }

    /// The tape at `path`, or nil when there is none; a damaged or foreign file is removed and counts as none.
    public func open(_ path: String) -> TapeFile? {
        guard let tape = try? TapeFile(path: path) else {
            if access(path, F_OK) == 0 { unlink(path) }
            return nil
        }
        // The time of the last use decides what is dropped first.
        utimes(path, nil)
        return tape
    }

    /// Makes the tape at `path`: `fill` writes it aside, then it gets its name. Two processes that make
    /// the same one write the same bytes; the later takes the name.
    public func make(_ path: String, _ fill: (TapeFileWriter) throws -> Void) throws -> TapeFile {
        makeFolder()
        try fill(try TapeFileWriter(path: path))
        // In use from now on, so that no other process drops it.
        let tape = try TapeFile(path: path)
        trim(keeping: path)
        return tape
    }

    /// The folder and those above it; what cannot be made shows when a file is.
    public func makeFolder() {
        var end = folder.startIndex
        while end < folder.endIndex {
            end = folder[folder.index(after: end)...].firstIndex(of: "/") ?? folder.endIndex
            mkdir(String(folder[..<end]), 0o755)
        }
    }

    /// Drops tapes, the longest unused first, until the rest fits; `keeping` stays in any case, and so
    /// do tapes that are in use. What dead processes left half written goes, too.
    public func trim(keeping kept: String? = nil) {
        for name in names() where name.hasPrefix(".") && isLeftover(name) { unlink("\(folder)/\(name)") }
        var tapes: [(path: String, bytes: Int64, usedNs: Int64)] = []
        for name in names() where name.hasSuffix(Self.suffix) && !name.hasPrefix(".") {
            let path = "\(folder)/\(name)"
            var status = stat()
            guard stat(path, &status) == 0 else { continue }
            #if os(Linux)
            let used = status.st_mtim
            #else
            let used = status.st_mtimespec
            #endif
            tapes.append((path, Int64(status.st_size), Int64(used.tv_sec) * 1_000_000_000 + Int64(used.tv_nsec)))
        }
        var total = tapes.reduce(0) { $0 + $1.bytes }
        for tape in tapes.sorted(by: { ($0.usedNs, $0.path) < ($1.usedNs, $1.path) }) where total > capacity && tape.path != kept {
            guard drop(tape.path) else { continue }
            total -= tape.bytes
        }
    }

    /// Removes a tape that nobody uses; false when somebody does.
    private func drop(_ path: String) -> Bool {
        let descriptor = Self.opened(path)
        guard descriptor >= 0 else { return true }
        defer { close(descriptor) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK else { return false }
        return unlink(path) == 0
    }

    /// `open` is taken by the method of that name.
    private static func opened(_ path: String) -> Int32 {
        #if canImport(Glibc)
        Glibc.open(path, O_RDONLY | O_CLOEXEC)
        #elseif canImport(Musl)
        Musl.open(path, O_RDONLY | O_CLOEXEC)
        #else
        Darwin.open(path, O_RDONLY | O_CLOEXEC)
        #endif
    }

    /// `.NAME.tape.partial-PID-N` of a process that is no more.
    private func isLeftover(_ name: String) -> Bool {
        guard let mark = name.firstRange(of: "\(Self.suffix).partial-"), let pid = pid_t(name[mark.upperBound...].prefix { $0.isNumber }) else { return false }
        return kill(pid, 0) != 0 && errno == ESRCH
    }

    private func names() -> [String] {
        guard let directory = opendir(folder) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            names.append(withUnsafePointer(to: entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            })
        }
        return names
    }

    /// What tells one state of the files from another without reading them: path, length, time of the
    /// last change and inode of each, as 16 hexadecimal digits; nil when one cannot be looked at.
    public static func fileIdentity(_ paths: [String]) -> String? {
        var digest = Digest()
        for path in paths {
            var status = stat()
            guard stat(path, &status) == 0 else { return nil }
            for byte in path.utf8 { digest.add(UInt64(byte)) }
            digest.add(Int64(status.st_size))
            #if os(Linux)
            let changed = status.st_mtim
            #else
            let changed = status.st_mtimespec
            #endif
            digest.add(Int64(changed.tv_sec))
            digest.add(Int64(changed.tv_nsec))
            // Unlike the time of the last change of the content, this one cannot be set back by a copy.
            #if os(Linux)
            let moved = status.st_ctim
            #else
            let moved = status.st_ctimespec
            #endif
            digest.add(Int64(moved.tv_sec))
            digest.add(Int64(moved.tv_nsec))
            digest.add(UInt64(truncatingIfNeeded: status.st_ino))
        }
        return digest.hex
    }
}
