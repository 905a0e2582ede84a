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
        let folder = DataPath.folder(ofFile: root.location.file)
        switch warmup.source {
        case .cold:
            if table.entry("path") != nil { throw table.error("path", "belongs to replay and snapshot; cold needs none") }
            if warmup.durationNs > 0 { throw table.error("duration", "belongs to replay and snapshot; cold starts at once") }
        case .replay:
            warmup.history = try history(table, folder, assets)
            if warmup.durationNs == 0 && warmup.history.isEmpty {
                throw SettingsError(table.location, "\(table.fullName("duration")) is missing; write duration = \"300s\", or a path of earlier data")
            }
        case .snapshot:
            guard case .string(let text)? = table.entry("path")?.value, !text.isEmpty else {
                throw table.error("path", "must name a snapshot, or a run's folder that has some")
            }
            warmup.snapshot = DataPath.absolute(text, from: folder)
        }
        try table.finish()
        return warmup
    }

    /// `wait = true` for every node, `false` for none, or a list of ids.
    private static func nodes(_ table: SettingsTable) throws(SettingsError) -> [String]? {
        guard let entry = table.entry("wait") else { return nil }
        switch entry.value {
        case .bool(let all): return all ? nil : []
        case .array(let items):
            var ids: [String] = []
            for item in items {
                guard case .string(let id) = item else { throw table.error("wait", "holds \(item.kindName); write node ids in quotes") }
                ids.append(id)
            }
            return ids
        default: throw table.error("wait", "is \(entry.value.kindName); write true, false or a list of node ids")
        }
    }

    /// `path = "…"` or a list for a run of one asset, `path = { SYMBOL = "…" }` for several.
    private static func history(_ table: SettingsTable, _ folder: String, _ assets: [AssetSettings]) throws(SettingsError) -> [[String]] {
        guard let entry = table.entry("path") else { return [] }
        if case .table(let inner) = entry.value {
            var files: [[String]] = []
            for asset in assets { files.append(try inner.paths(asset.spec.symbol, from: folder) ?? []) }
            try inner.finish()
            return files
        }
        guard assets.count == 1 else { throw table.error("path", "must say whose data it is: { \(assets[0].spec.symbol) = \"…\" }") }
        return [try table.paths("path", from: folder) ?? []]
    }
}
