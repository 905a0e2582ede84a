import HBTTypes

/// Gives a settings table its meaning: every key, range and word is checked here, once.
public enum RunSettingsReader {
    /// - Parameter strategyTypes: the registered names that `strategy.type` may have.
    /// - Throws: the first mistake, with its line and what to write instead. Files named by the settings
    ///   are not opened: whether they exist is found out when they are read.
    public static func read(_ table: SettingsTable, strategyTypes: [String]) throws(SettingsError) -> RunSettings {
        let name = try RunName.read(table)
        let words = Compatibility.allCases.map(\.rawValue)
        let compatibility = try table.word("compatibility", of: words).flatMap(Compatibility.init) ?? .none
        let assets = try assets(of: table)
        let (type, strategy) = try strategy(of: table, types: strategyTypes)
        let record = try record(of: table)
        let report = try report(of: table)
        let factors = try FactorTables.read(table)
        let warmup = try WarmupReader.read(table, assets: assets)
        let venue = try table.table("venue"), risk = try table.table("risk")
        try table.finish()
        var settings = RunSettings(
            name: name, compatibility: compatibility, assets: assets, strategyType: type, strategy: strategy,
            record: record, report: report, file: table.location.file, factors: factors, warmup: warmup
        )
        (settings.venue, settings.risk) = (venue, risk)
        return settings
    }

    /// The `[[asset]]` tables alone.
    public static func assets(of table: SettingsTable) throws(SettingsError) -> [AssetSettings] {
        guard let entry = table.entry("asset") else {
            throw SettingsError(table.location, "there is no [[asset]]; a run needs at least one")
        }
        guard case .array(let items) = entry.value else {
            throw SettingsError(entry.location, "asset is \(entry.value.kindName); write [[asset]], with two brackets")
        }
        if items.isEmpty { throw SettingsError(entry.location, "asset is empty; a run needs at least one") }
        let folder = DataPath.folder(ofFile: table.location.file)
        var assets: [AssetSettings] = []
        for (index, item) in items.enumerated() {
            guard case .table(let asset) = item else {
                throw SettingsError(entry.location, "asset[\(index)] is \(item.kindName); write [[asset]] tables")
            }
            let settings = try AssetReader(table: asset, folder: folder).read()
            if let twin = assets.firstIndex(where: { $0.spec.symbol == settings.spec.symbol }) {
                throw asset.error("symbol", "= \"\(settings.spec.symbol)\" is also asset[\(twin)]; every asset needs a symbol of its own")
            }
            assets.append(settings)
        }
        return assets
    }

    private static func strategy(
        of table: SettingsTable, types: [String]
    ) throws(SettingsError) -> (type: String, table: SettingsTable) {
        guard let strategy = try table.table("strategy") else {
            throw SettingsError(table.location, "there is no [strategy]; write one with type = \"…\"")
        }
        let type = try strategy.word("type", of: types)
        let known = try strategy.required("type", type, write: "type = \"…\", one of \(types.joined(separator: ", "))")
        let rest = strategy.entries.filter { $0.key != "type" }
        return (known, SettingsTable(rest, path: strategy.path, location: strategy.location))
    }

    private static func record(of table: SettingsTable) throws(SettingsError) -> RecordSettings {
        guard let record = try table.table("record") else { return .step }
        let at = try record.word("at", of: ["step"])
        let every = try record.positiveDurationNs("every")
        try record.finish()
        if at != nil && every != nil { throw record.error("every", "cannot stand beside record.at; remove one of them") }
        return every.map { .every(ns: $0) } ?? .step
    }

    private static func report(of table: SettingsTable) throws(SettingsError) -> ReportSettings {
        guard let report = try table.table("report") else { return ReportSettings() }
        var settings = ReportSettings()
        if case .string("none")? = report.entry("resample")?.value {
            settings.resampleNs = nil
        } else if let ns = try report.positiveDurationNs("resample") {
            settings.resampleNs = ns
        }
        let partitions = ReportSettings.Partition.allCases.map(\.rawValue)
        settings.partition = try report.word("partition", of: ["none"] + partitions).flatMap(ReportSettings.Partition.init)
        settings.bookSize = try report.positive("book_size")
        settings.tradingDaysPerYear = try report.positive("trading_days_per_year") ?? settings.tradingDaysPerYear
        try report.finish()
        return settings
    }
}
