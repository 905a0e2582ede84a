import HBTTypes

/// Finds the factor graph of a settings file: `[graph]` with `[[nodes]]`, `[factor_engine]`, or
/// `[factors] file = "…"` naming a file with one of the two.
public enum FactorTables {
    static let keys = ["graph", "nodes", "factor_engine"]

    /// The graph's tables as the root of a file with nothing else; nil when there is none. Paths in them
    /// become absolute. What the tables mean is for the factor engine to say.
    public static func read(_ root: SettingsTable) throws(SettingsError) -> SettingsTable? {
        let entries = keys.compactMap { root.entry($0) }
        let named = try root.table("factors")
        guard let named else {
            guard !entries.isEmpty else { return nil }
            return try located(SettingsTable(entries, path: "", location: root.location))
        }
        if let entry = entries.first {
            throw SettingsError(entry.location, "\(entry.key) cannot stand beside [factors], which names a file; keep one")
        }
        let path = try named.path("file", from: DataPath.folder(ofFile: root.location.file))
        try named.finish()
        let file = try SettingsFile.load(path: named.required("file", path, write: "file = \"factors.toml\""))
        let inner = keys.compactMap { file.entry($0) }
        guard !inner.isEmpty else {
            throw SettingsError(file.location, "there is no factor graph in this file; write [graph] and [[nodes]], or [factor_engine]")
        }
        try file.finish()
        return try located(SettingsTable(inner, path: "", location: file.location))
    }

    /// Paths of a production file, seen from it.
    private static func located(_ table: SettingsTable) throws(SettingsError) -> SettingsTable {
        guard case .table(let engine)? = table.entries.first(where: { $0.key == "factor_engine" })?.value else { return table }
        let folder = DataPath.folder(ofFile: table.location.file)
        for (section, keys) in [("snapshot", ["path"]), ("warmup", ["path", "replay_path"])] {
            guard case .table(let inner)? = engine.entries.first(where: { $0.key == section })?.value else { continue }
            for entry in inner.entries where keys.contains(entry.key) {
                guard case .string(let text) = entry.value, !text.isEmpty else { continue }
                inner.set(entry.key, .string(DataPath.absolute(text, from: folder)), location: entry.location)
            }
        }
        return table
    }
}
