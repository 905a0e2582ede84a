import HBTMarketData
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Where a data tool writes its one file.
enum OutputPlace {
    /// Refuses what would overwrite something unasked, or could never be written.
    static func check(_ path: String, force: Bool, inputs: [String] = [], suffixes: [String] = [".npz", ".npy"]) throws(CommandError) {
        guard suffixes.contains(where: path.hasSuffix) else {
            let list = suffixes.dropLast().joined(separator: ", ") + " or " + (suffixes.last ?? "")
            throw CommandError("\(path): the name of the output must end in \(list)")
        }
        let folder = FileTree.split(path).folder
        guard FileTree.kind(folder) == .folder else { throw CommandError("\(folder): there is no such folder; make it first") }
        guard access(folder, W_OK) == 0 else { throw CommandError("\(folder): cannot be written to: \(FileTree.lastError)") }
        switch FileTree.kind(path) {
        case nil: return
        case .file:
            if inputs.contains(where: { isSame($0, path) }) { throw CommandError("\(path): is an input, too; name another output") }
            guard force else { throw CommandError("\(path): exists already; --force replaces it") }
        default: throw CommandError("\(path): is not a file; name another output")
        }
    }

    private static func isSame(_ a: String, _ b: String) -> Bool {
        var first = stat(), second = stat()
        return stat(a, &first) == 0 && stat(b, &second) == 0 && first.st_dev == second.st_dev && first.st_ino == second.st_ino
    }
}
