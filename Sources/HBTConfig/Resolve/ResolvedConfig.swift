import HBTTypes

/// The `config.toml` of a run's folder: the settings as they were understood.
public enum ResolvedConfig {
    /// Canonical TOML: every default written out, keys in a fixed order, one way to write each value.
    ///
    /// Equal settings give equal bytes, and reading the text gives the same settings again. Paths are absolute,
    /// so the text can be read from any folder.
    ///
    /// - Parameter live: with `[venue]` and `[risk]`, as written; a backtest does not depend on them.
    /// - Parameter strategyDefaults: what the strategy uses for keys that the file does not have. An integer
    ///   given for a key whose default is a number with a fraction is written as such.
    public static func text(
        _ settings: RunSettings, live: Bool = false, strategyDefaults: [(key: String, value: SettingValue)] = []
    ) -> String {
        var out = ConfigText()
        out.line("name", SettingText.string(settings.name))
        out.line("compatibility", SettingText.string(settings.compatibility.rawValue))
        for asset in settings.assets { out.asset(asset) }
        out.strategy(settings.strategyType, settings.strategy, strategyDefaults)
        out.header("[record]")
        switch settings.record {
        case .step: out.line("at", "\"step\"")
        case .every(let ns): out.line("every", SettingText.duration(ns))
        }
        out.report(settings.report)
        if let warmup = settings.warmup { out.warmup(warmup, settings.assets) }
        if let factors = settings.factors { out.factors(factors) }
        if live {
            if let venue = settings.venue { out.table("venue", venue) }
            if let risk = settings.risk { out.table("risk", risk) }
        }
        return out.text
    }
}

/// The text so far.
private struct ConfigText {
    private(set) var text = "# Resolved settings: what this run used, every default written out.\n"

    mutating func header(_ header: String) { text += "\n\(header)\n" }

    mutating func line(_ key: String, _ value: String) { text += "\(SettingText.key(key)) = \(value)\n" }

    mutating func asset(_ asset: AssetSettings) {
        let spec = asset.spec
        header("[[asset]]")
        line("symbol", SettingText.string(spec.symbol))
        line("data", SettingText.strings(asset.dataFiles))
        if let file = asset.initialSnapshotFile { line("initial_snapshot", SettingText.string(file)) }
        line("tick_size", SettingText.number(spec.tickSize))
        line("lot_size", SettingText.number(spec.lotSize))
        line("contract", ModelText.contract(spec.contract))
        line("book", ModelText.book(spec.book))
        line("latency", ModelText.latency(spec.latency, asset.latencySource))
        line("feed_latency_offset", SettingText.duration(spec.feedLatencyOffsetNs))
        line("queue", ModelText.queue(spec.queue))
        line("exchange", SettingText.string(spec.exchange.rawValue))
        line("fee", ModelText.fee(spec.fee))
        line("last_trades_capacity", "\(spec.lastTradesCapacity)")
        guard !asset.markFiles.isEmpty else { return }
        line("marks", SettingText.strings(asset.markFiles))
        line("mark_to_market", spec.marksToMarket ? "true" : "false")
        if let margin = spec.margin { line("margin", ModelText.margin(margin)) }
    }

    mutating func strategy(_ type: String, _ table: SettingsTable, _ defaults: [(key: String, value: SettingValue)]) {
        header("[strategy]")
        line("type", SettingText.string(type))
        var pairs = table.entries.map { entry in
            (key: entry.key, value: Self.like(defaults.first { $0.key == entry.key }?.value, entry.value))
        }
        for item in defaults where item.key != "type" && !pairs.contains(where: { $0.key == item.key }) { pairs.append(item) }
        pairs.sort { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        for pair in pairs { line(pair.key, SettingText.value(pair.value)) }
    }

    /// `80` and `80.0` are the same setting where a number is read.
    private static func like(_ standard: SettingValue?, _ value: SettingValue) -> SettingValue {
        if case .double? = standard, case .integer(let integer) = value { return .double(Double(integer)) }
        return value
    }

    mutating func report(_ report: ReportSettings) {
        header("[report]")
        line("resample", report.resampleNs.map(SettingText.duration) ?? "\"none\"")
        line("partition", SettingText.string(report.partition?.rawValue ?? "none"))
        if let size = report.bookSize { line("book_size", SettingText.number(size)) }
        line("trading_days_per_year", SettingText.number(report.tradingDaysPerYear))
    }
    mutating func warmup(_ warmup: WarmupSettings, _ assets: [AssetSettings]) {
        header("[warmup]")
        line("source", SettingText.string(warmup.source.rawValue))
        if warmup.durationNs > 0 { line("duration", SettingText.duration(warmup.durationNs)) }
        if let snapshot = warmup.snapshot {
            line("path", SettingText.string(snapshot))
            line("required", "\(warmup.isRequired)")
        }
        let history = zip(assets, warmup.history).filter { !$1.isEmpty }
        if !history.isEmpty {
            let files = history.map { ($0.spec.symbol, "[" + $1.map(SettingText.string).joined(separator: ", ") + "]") }
            line(warmup.snapshot == nil ? "path" : "history", SettingText.table(files))
        }
        line("wait", warmup.nodes.map { "[" + $0.map(SettingText.string).joined(separator: ", ") + "]" } ?? "true")
        if !warmup.tried.isEmpty { line("tried", SettingText.strings(warmup.tried)) }
    }

    /// As written.
    mutating func table(_ name: String, _ table: SettingsTable) {
        header("[\(name)]")
        for entry in table.entries { line(entry.key, SettingText.value(entry.value)) }
    }

    /// As written: nodes in the order of the file, tables inside in line.
    mutating func factors(_ root: SettingsTable) {
        for entry in root.entries {
            switch entry.value {
            case .table(let table):
                header("[\(entry.key)]")
                for inner in table.entries { line(inner.key, SettingText.value(inner.value)) }
            case .array(let items):
                for case .table(let table) in items {
                    header("[[\(entry.key)]]")
                    for inner in table.entries { line(inner.key, SettingText.value(inner.value)) }
                }
            default: preconditionFailure("a factor graph is made of tables")
            }
        }
    }
}
