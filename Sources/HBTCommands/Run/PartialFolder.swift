#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A run's folder while it is written: hidden, beside where it will stand, gone unless it is placed.
final class PartialFolder: Sendable {
    enum Placement {
        case created, replaced
        /// An equal run stands there already; ours is gone.
        case alreadyThere
    }

    let path: String
    /// Folders made to hold it, outermost first.
    private let made: [String]
    private let interrupt: Interrupt
    private let abortId: Int

    /// - Parameter advice: what to do when the folder cannot be made.
    init(
        in parent: String, name: String, interrupt: Interrupt, advice: String = "name another place with --out"
    ) throws(CommandError) {
        do throws(CommandError) {
            made = try FileTree.makeFolders(parent)
        } catch {
            throw CommandError("\(error); \(advice)")
        }
        var path = ""
        var attempt = 0
        // The process id keeps two processes apart, the number two runs of one process.
        repeat {
            path = FileTree.join(parent, ".\(name).partial-\(getpid())-\(attempt)")
            attempt += 1
            if mkdir(path, 0o777) == 0 { break }
            guard errno == EEXIST, attempt < 10_000 else {
                let why = FileTree.lastError
                for folder in made.reversed() { rmdir(folder) }
                throw CommandError("\(parent): cannot be written to: \(why); \(advice)")
            }
        } while true
        self.path = path
        self.interrupt = interrupt
        let made = made
        let partial = path
        abortId = interrupt.onAbort { Self.remove(partial, made) }
    }

    func discard() {
        Self.remove(path, made)
        interrupt.forget(abortId)
    }

    private static func remove(_ path: String, _ made: [String]) {
        // Another thread may still be adding files while the process is aborted.
        for _ in 0..<3 where FileTree.kind(path) != nil { FileTree.remove(path) }
        for folder in made.reversed() { rmdir(folder) }
    }

    /// Gives the folder its name.
    ///
    /// An equal run that stands there stays; another one is replaced when forced; anything that is not
    /// a run is never touched.
    func place(at target: String, force: Bool) throws(CommandError) -> Placement {
        try Self.check(target)
        if let names = FileTree.names(in: target), !names.isEmpty {
            if let difference = try FileComparison.firstDifference(path, target, names: RunFiles.compared) {
                guard force else {
                    throw CommandError("\(target) holds another run (\(difference.file) differs); --force replaces it, --out names another place")
                }
            } else if FileTree.kind(FileTree.join(path, SnapshotFolder.name)) == nil {
                discard()
                return .alreadyThere
            }
            let old = "\(path)-old"
            try move(target, to: old)
            do throws(CommandError) {
                try move(path, to: target)
            } catch {
                try move(old, to: target)
                throw error
            }
            FileTree.remove(old)
            interrupt.forget(abortId)
            return .replaced
        }
        try move(path, to: target)
        interrupt.forget(abortId)
        return .created
    }

    /// Refuses a place at which no run can stand.
    static func check(_ target: String) throws(CommandError) {
        guard let kind = FileTree.kind(target) else { return }
        guard kind == .folder else { throw CommandError("\(target): this is not a folder; name another place with --out") }
        let names = FileTree.names(in: target) ?? []
        guard names.isEmpty || names.contains(RunFiles.manifest) else {
            throw CommandError("\(target): this folder holds other files and no run; name another place with --out")
        }
    }

    private func move(_ from: String, to: String) throws(CommandError) {
        guard rename(from, to) == 0 else {
            throw CommandError("\(to): the finished run cannot be moved here: \(FileTree.lastError); name another place with --out")
        }
    }
}
