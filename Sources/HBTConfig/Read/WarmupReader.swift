import HBTTypes

/// Reads `[warmup]`.
enum WarmupReader {
    static func read(_ root: SettingsTable, assets: [AssetSettings]) throws(SettingsError) -> WarmupSettings? {
        guard let table = try root.table("warmup") else { return nil }
        let words = WarmupSettings.Source.allCases.map(\.rawValue)
        let source = try table.required("source", table.word("source", of: words), write: "source = \"replay\", \"snapshot\" or \"cold\"")
        var warmup = WarmupSettings(source: WarmupSettings.Source(rawValue: source) ?? .cold, location: table.location)
        warmup.nodes = try nodes(table)
        warmup.durationNs = try table.positiveDurationNs("duration") ?? 0
        warmup.tried = try texts(table, "tried", "reasons")
        let folder = DataPath.folder(ofFile: root.location.file)
        if warmup.source != .snapshot {
            for key in ["required", "history"] where table.entry(key) != nil {
                throw table.error(key, "belongs to snapshot" + (key == "history" && warmup.source == .replay ? "; replay's is path" : ""))
            }
        }
        switch warmup.source {
        case .cold:
            if table.entry("path") != nil { throw table.error("path", "belongs to replay and snapshot; cold needs none") }
            if warmup.durationNs > 0 { throw table.error("duration", "belongs to replay and snapshot; cold starts at once") }
        case .replay:
            warmup.history = try history(table, "path", folder, assets)
            if warmup.durationNs == 0 && warmup.history.isEmpty {
                throw SettingsError(table.location, "\(table.fullName("duration")) is missing; write duration = \"300s\", or a path of earlier data")
            }
        case .snapshot:
            guard case .string(let text)? = table.entry("path")?.value, !text.isEmpty else {
                throw table.error("path", "must name a snapshot, or a run's folder that has some")
            }
            warmup.snapshot = DataPath.absolute(text, from: folder)
            warmup.isRequired = try table.bool("required") ?? false
            warmup.history = try history(table, "history", folder, assets)
            if warmup.isRequired && !warmup.history.isEmpty {
                throw table.error("history", "takes the place of a missing snapshot, and required = true refuses that; remove one of them")
            }
        }
        try table.finish()
        return warmup
    }

    /// `wait = true` for every node, `false` for none, or a list of ids.
    private static func nodes(_ table: SettingsTable) throws(SettingsError) -> [String]? {
        guard let entry = table.entry("wait") else { return nil }
        switch entry.value {
        case .bool(let all): return all ? nil : []
        case .array: return try texts(table, "wait", "node ids")
        default: throw table.error("wait", "is \(entry.value.kindName); write true, false or a list of node ids")
        }
    }

    private static func texts(_ table: SettingsTable, _ key: String, _ what: String) throws(SettingsError) -> [String] {
        guard let entry = table.entry(key) else { return [] }
        guard case .array(let items) = entry.value else { throw table.error(key, "is \(entry.value.kindName); write a list of \(what)") }
        var texts: [String] = []
        for item in items {
            guard case .string(let text) = item else { throw table.error(key, "holds \(item.kindName); write \(what) in quotes") }
            texts.append(text)
        }
        return texts
    }

    /// `path = "…"` or a list for a run of one asset, `path = { SYMBOL = "…" }` for several.
    private static func history(
        _ table: SettingsTable, _ key: String, _ folder: String, _ assets: [AssetSettings]
    ) throws(SettingsError) -> [[String]] {
        guard let entry = table.entry(key) else { return [] }
        if case .table(let inner) = entry.value {
            var files: [[String]] = []
            for asset in assets { files.append(try inner.paths(asset.spec.symbol, from: folder) ?? []) }
            try inner.finish()
            return files
        }
        guard assets.count == 1 else { throw table.error(key, "must say whose data it is: { \(assets[0].spec.symbol) = \"…\" }") }
        return [try table.paths(key, from: folder) ?? []]
    }
}
