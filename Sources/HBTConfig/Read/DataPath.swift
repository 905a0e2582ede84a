import HBTTypes
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Paths in a settings file, relative to that file, as absolute ones.
enum DataPath {
    /// The folder of `file`, absolute and without links, so that `..` may be taken off its end.
    static func folder(ofFile file: String) -> String {
        let folder = file.lastIndex(of: "/").map { file[..<$0].isEmpty ? "/" : String(file[..<$0]) } ?? "."
        if let real = realpath(folder, nil) {
            defer { free(real) }
            return String(cString: real)
        }
        // Text that is no file (tests): as far as the name goes.
        if folder.hasPrefix("/") { return folder }
        guard let here = realpath(".", nil) else { return folder }
        defer { free(here) }
        return folder == "." ? String(cString: here) : String(cString: here) + "/" + folder
    }

    /// `path` seen from `folder`. Leading `..` are taken off the folder; those further in stay, because
    /// what precedes them may be a link.
    static func absolute(_ path: String, from folder: String) -> String {
        if path.hasPrefix("/") { return path }
        var base = folder.split(separator: "/")
        var parts = path.split(separator: "/")[...]
        while let first = parts.first, first == "." || first == ".." {
            if first == ".." { _ = base.popLast() }
            parts.removeFirst()
        }
        return "/" + (base + parts.filter { $0 != "." }).joined(separator: "/")
    }
}

extension SettingsTable {
    /// One path, absolute.
    func path(_ key: String, from folder: String) throws(SettingsError) -> String? {
        guard let text = try string(key) else { return nil }
        return try checked(text, key, from: folder)
    }

    /// One path or an array of them, in order, absolute.
    func paths(_ key: String, from folder: String) throws(SettingsError) -> [String]? {
        guard let entry = entry(key) else { return nil }
        switch entry.value {
        case .string(let text):
            return [try checked(text, key, from: folder)]
        case .array(let items):
            if items.isEmpty { throw error(key, "is empty; name at least one file") }
            var paths: [String] = []
            for (index, item) in items.enumerated() {
                guard case .string(let text) = item else {
                    throw error("\(key)[\(index)]", "is \(item.kindName); write a path in quotes", at: key)
                }
                paths.append(try checked(text, "\(key)[\(index)]", at: key, from: folder))
            }
            return paths
        default:
            throw error(key, "is \(entry.value.kindName); write a path in quotes, or an array of paths")
        }
    }

    private func checked(
        _ text: String, _ name: String, at key: String? = nil, from folder: String
    ) throws(SettingsError) -> String {
        let key = key ?? name
        if text.isEmpty { throw error(name, "is empty; write a path", at: key) }
        if text.utf8.contains(0) { throw error(name, "contains the character U+0000", at: key) }
        if text.hasPrefix("~") { throw error(name, "= \"\(OneLine.text(text))\": ~ means nothing here; write the whole path", at: key) }
        if text.hasSuffix("/") { throw error(name, "= \"\(OneLine.text(text))\" is a folder; name a file", at: key) }
        return DataPath.absolute(text, from: folder)
    }

    /// An error about a part of `key`'s value.
    private func error(_ name: String, _ message: String, at key: String) -> SettingsError {
        SettingsError(place(of: key), "\(fullName(name)) \(message)")
    }
}
