import HBTTypes

/// `name`: what the run's folder is called.
enum RunName {
    static func read(_ table: SettingsTable) throws(SettingsError) -> String {
        if let name = try table.string("name") {
            if let reason = reasonAgainst(name) { throw table.error("name", "= \"\(OneLine.text(name))\" \(reason)") }
            return name
        }
        let name = fileStem(table.location.file)
        if let reason = reasonAgainst(name) {
            throw SettingsError(table.location, "name is missing, and the file's own name \"\(OneLine.text(name))\" \(reason); write name = \"…\"")
        }
        return name
    }

    /// Why `name` cannot be a folder's name on every system and in every shell, or nil.
    private static func reasonAgainst(_ name: String) -> String? {
        if name.isEmpty { return "is empty" }
        if name.utf8.count > 100 { return "is longer than 100 characters" }
        let isPlain = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"): true
            default: false
            }
        }
        if !isPlain { return "cannot be a folder name; use letters, digits, dots, hyphens and underscores" }
        if name.first == "." || name.first == "-" { return "cannot be a folder name; start with a letter or a digit" }
        return nil
    }

    /// `strategies/obi.toml` → `obi`.
    private static func fileStem(_ path: String) -> String {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        return name.hasSuffix(".toml") ? String(name.dropLast(5)) : name
    }
}
