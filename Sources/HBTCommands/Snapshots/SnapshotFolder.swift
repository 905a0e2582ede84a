import HBTEngine

/// The `snapshots` folder of a run: numbered by step, so that names sort by time.
struct SnapshotFolder {
    static let name = "snapshots"
    let path: String

    /// Snapshot files, oldest first.
    var files: [String] {
        (FileTree.names(in: path) ?? []).filter { $0.hasSuffix(RunSnapshot.suffix) && !$0.hasPrefix(".") }.sorted()
            .map { FileTree.join(path, $0) }
    }

    static func fileName(steps: Int64) -> String {
        let digits = String(steps)
        return "step-" + String(repeating: "0", count: max(0, 12 - digits.count)) + digits + RunSnapshot.suffix
    }

    /// Writes one and forgets the oldest beyond `keeps`.
    func write(_ snapshot: RunSnapshot, keeps: Int?) throws {
        try snapshot.write(to: FileTree.join(path, Self.fileName(steps: snapshot.description.steps)))
        guard let keeps else { return }
        for file in files.dropLast(keeps) { FileTree.remove(file) }
    }

    /// The file that `place` names, or the newest one in a folder of snapshots or of a run; absolute.
    static func file(_ place: String) throws(CommandError) -> String {
        guard FileTree.kind(place) == .folder else { return place }
        return try candidates(place)[0]
    }

    /// The file that `place` names, or all of a folder of snapshots or of a run, the newest first; at least one.
    static func candidates(_ place: String) throws(CommandError) -> [String] {
        switch FileTree.kind(place) {
        case nil: throw CommandError("\(place): there is no such snapshot")
        case .folder?:
            let inner = FileTree.join(place, name)
            let folder = SnapshotFolder(path: FileTree.kind(inner) == .folder ? inner : place)
            let files = folder.files
            guard !files.isEmpty else { throw CommandError("\(folder.path): no snapshot to start from; run with --snapshot-every to take some") }
            return files.reversed()
        default: return [place]
        }
    }

    /// The snapshot that `place` names: a file, or the newest good one of a folder of snapshots or of a run.
    ///
    /// - Parameter note: told of each snapshot that was passed over, and why.
    static func find(_ place: String, note: (String) -> Void) throws -> (snapshot: RunSnapshot, folder: String) {
        switch FileTree.kind(place) {
        case nil:
            throw CommandError("\(place): there is no such snapshot; name a file of a run's snapshots folder, or the folder")
        case .folder?:
            let inner = FileTree.join(place, name)
            let folder = SnapshotFolder(path: FileTree.kind(inner) == .folder ? inner : place)
            for file in folder.files.reversed() {
                do {
                    return (try RunSnapshot.read(file), folder.path)
                } catch {
                    note("\(ErrorLine.text(error)); trying the one before it")
                }
            }
            throw CommandError("\(folder.path): no snapshot that can be used; run with --snapshot-every to take some")
        default:
            return (try RunSnapshot.read(place), FileTree.split(place).0)
        }
    }
}
