#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Folders of files: what the verbs need of the file system, with errors as the system words them.
enum FileTree {
    enum Kind { case file, folder, other }

    /// What stands at `path`, links followed; nil when nothing does.
    static func kind(_ path: String) -> Kind? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return .file
        case S_IFDIR: return .folder
        default: return .other
        }
    }

    /// Size of a file; nil when there is none.
    static func bytes(_ path: String) -> Int64? {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG ? Int64(status.st_size) : nil
    }

    /// The system's words for `errno`.
    static var lastError: String { String(cString: strerror(errno)) }

    /// Names in a folder, sorted by bytes, without `.` and `..`; nil when it cannot be read.
    static func names(in folder: String) -> [String]? {
        guard let stream = opendir(folder) else { return nil }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// Removes a file, or a folder with all that is in it; links are removed, not followed.
    static func remove(_ path: String) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        if status.st_mode & S_IFMT == S_IFDIR {
            for name in names(in: path) ?? [] { remove("\(path)/\(name)") }
            rmdir(path)
        } else {
            unlink(path)
        }
    }

    /// `name` in `folder`; the current folder is left out.
    static func join(_ folder: String, _ name: String) -> String {
        folder == "." ? name : folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
    }

    /// The folder that holds `path`, and the last part of it.
    static func split(_ path: String) -> (folder: String, name: String) {
        var path = path[...]
        while path.count > 1, path.hasSuffix("/") { path = path.dropLast() }
        guard let slash = path.lastIndex(of: "/") else { return (".", String(path)) }
        let folder = path[..<slash]
        return (folder.isEmpty ? "/" : String(folder), String(path[path.index(after: slash)...]))
    }

    /// Gives a complete file its name, replacing an older one.
    static func rename(_ partial: String, to path: String) throws(CommandError) {
        #if canImport(Glibc)
        let status = Glibc.rename(partial, path)
        #elseif canImport(Musl)
        let status = Musl.rename(partial, path)
        #else
        let status = Darwin.rename(partial, path)
        #endif
        guard status == 0 else { throw CommandError("\(path): cannot be written: \(lastError)") }
    }

    /// Makes `folder` and the folders above it.
    ///
    /// - Returns: those that were not there, outermost first.
    static func makeFolders(_ folder: String) throws(CommandError) -> [String] {
        var missing: [String] = []
        var path = folder
        while kind(path) == nil {
            missing.append(path)
            path = split(path).folder
        }
        guard kind(path) == .folder else { throw CommandError("\(path): this is a file, not a folder") }
        var made: [String] = []
        for path in missing.reversed() {
            guard mkdir(path, 0o777) == 0 || errno == EEXIST else {
                let why = lastError
                for path in made.reversed() { rmdir(path) }
                throw CommandError("\(path): the folder cannot be made: \(why)")
            }
            made.append(path)
        }
        return made
    }
}
