import HBTTypes

/// Reads `[factor_engine]`: factors by name, their combination, and how the engine is run.
enum ProductionReader {
    /// Names of sources that a production file leaves unsaid.
    private static let depthId = "depth source of the factor engine", tradeId = "trade source of the factor engine"

    static func read(_ engine: SettingsTable) throws(SettingsError) -> FactorDefinition {
        let name = try engine.string("name") ?? "factors"
        let symbol = try engine.require("symbol", try engine.string("symbol"))
        var definition = FactorDefinition(name: name, symbol: symbol, location: engine.location, nodes: [])
        definition.tickSize = try engine.entry("tick_size") == nil ? nil : engine.positive("tick_size")
        definition.lotSize = try engine.entry("lot_size") == nil ? nil : engine.positive("lot_size")
        definition.production = try production(engine)
        var disabled: [String] = []
        definition.nodes = [source(depthId, .depth, engine.location), source(tradeId, .trade, engine.location)]
        guard let entry = engine.entry("factors") else {
            throw SettingsError(engine.location, "there are no [[factor_engine.factors]]; an engine needs at least one")
        }
        guard case .array(let items) = entry.value else {
            throw SettingsError(entry.location, "factors is \(entry.value.kindName); write [[factor_engine.factors]], with two brackets")
        }
        for item in items {
            guard case .table(let table) = item else { throw SettingsError(entry.location, "factors holds \(item.kindName); write [[factor_engine.factors]]") }
            try factor(table, into: &definition.nodes, disabled: &disabled)
        }
        try combination(engine, &definition.nodes, disabled)
        try engine.finish()
        return definition
    }

    private static func source(_ id: String, _ source: FactorSource, _ location: SourceLocation) -> FactorNode {
        FactorNode(id: id, typeName: "", kind: .source(source), dependencies: [], location: location, isOutput: false)
    }

    private static func factor(_ table: SettingsTable, into nodes: inout [FactorNode], disabled: inout [String]) throws(SettingsError) {
        let name = try table.require("name", try table.string("name"))
        if name.isEmpty || name == "combined" { throw table.error("name", "= \"\(name)\" cannot be used; choose another name") }
        if let twin = nodes.first(where: { $0.id == name }) { throw table.error("name", "= \"\(name)\" is taken by the factor at \(twin.location)") }
        if disabled.contains(name) { throw table.error("name", "= \"\(name)\" is taken by another factor") }
        let typeName = try table.require("type", try table.string("type"))
        let isEnabled = try table.bool("enabled") ?? true
        let type = try type(typeName, table)
        let empty = SettingsTable([], path: table.fullName("params"), location: table.location)
        let params = try table.table("params") ?? empty
        try table.finish()
        let input = FactorNode.Dependency(id: type.inputs == .trades ? tradeId : depthId, location: table.location)
        let kind = try type.read(params, FactorType.Context(timerNs: nil, inputs: [input]))
        try params.finish()
        if isEnabled {
            nodes.append(FactorNode(id: name, typeName: typeName, kind: kind, dependencies: [input], location: table.location))
        } else {
            disabled.append(name)
        }
    }

    /// `OBIFactor` and `OBI` are the same; only types that hang on a source alone can be factors.
    private static func type(_ name: String, _ table: SettingsTable) throws(SettingsError) -> FactorType {
        let usable = FactorType.all.filter { type in
            switch type.inputs {
            case .book, .trades, .price: true
            case .none, .nodes, .atLeast: false
            }
        }
        let short = name.hasSuffix("Factor") ? String(name.dropLast(6)) : name
        if let type = usable.first(where: { $0.name == short }) { return type }
        let known = usable.map { $0.name + "Factor" }
        let near = Suggestion.nearest(to: name, among: known).map { "; did you mean \($0)?" } ?? "; known are \(known.joined(separator: ", "))"
        throw table.error("type", "= \"\(name)\" is not a factor type\(near)")
    }

    private static func combination(_ engine: SettingsTable, _ nodes: inout [FactorNode], _ disabled: [String]) throws(SettingsError) {
        guard let table = try engine.table("combination") else { return }
        let type = try table.string("type") ?? "linear"
        guard type == "linear" || type == "nonlinear" else { throw table.error("type", "= \"\(type)\" is not known; write linear or nonlinear") }
        guard let weights = try table.table("weights") else {
            throw SettingsError(table.location, "\(table.fullName("weights")) is missing; write a weight for each factor")
        }
        // In the order of the factors; the weight of a disabled factor is set aside with it.
        let named = nodes.filter { node in node.source == nil && weights.entries.contains { $0.key == node.id } }
        for entry in weights.entries where !disabled.contains(entry.key) && !named.contains(where: { $0.id == entry.key }) {
            let near = Suggestion.nearest(to: entry.key, among: nodes.filter { $0.source == nil }.map(\.id)).map { "; did you mean \($0)?" } ?? ""
            throw SettingsError(entry.location, "\(weights.fullName(entry.key)) is not a factor\(near)")
        }
        if named.isEmpty { throw SettingsError(table.location, "no enabled factor has a weight") }
        let inputs = named.map { FactorNode.Dependency(id: $0.id, location: table.location) }
        let rest = SettingsTable(
            table.entries.filter { $0.key != "type" }.map { entry in
                guard case .table(let inner) = entry.value, entry.key == "weights" || entry.key == "constraints" else { return entry }
                let kept = SettingsTable(inner.entries.filter { !disabled.contains($0.key) }, path: inner.path, location: inner.location)
                return SettingsTable.Entry(key: entry.key, value: .table(kept), location: entry.location)
            },
            path: table.path, location: table.location)
        let combination = try CombinationReader.read(rest, inputs: inputs, isLinear: type == "linear")
        try rest.finish()
        nodes.append(FactorNode(id: "combined", typeName: type, kind: .combine(combination), dependencies: inputs, location: table.location))
    }

    // MARK: how the engine is run

    private static func production(_ engine: SettingsTable) throws(SettingsError) -> FactorProduction {
        var production = FactorProduction()
        if let ipc = try engine.table("ipc") {
            production.connectorName = try ipc.string("connector_name")
            production.factorServiceName = try ipc.string("factor_service_name")
            try ipc.finish()
        }
        if let snapshot = try engine.table("snapshot") {
            production.snapshotsEnabled = try snapshot.bool("enabled") ?? true
            production.snapshotIntervalNs = try seconds(snapshot, "interval") ?? production.snapshotIntervalNs
            production.maxSnapshots = try snapshot.count("max_snapshots", default: 10, upTo: 1_000_000)
            production.snapshotPath = try snapshot.string("path")
            production.compressesSnapshots = try snapshot.bool("compression") ?? true
            try snapshot.finish()
        }
        if let warmup = try engine.table("warmup") {
            production.warmupSource = try warmup.word("source", FactorProduction.WarmupSource.self) ?? .cold
            production.warmupNs = try seconds(warmup, "duration") ?? 0
            let path = try warmup.string("path"), replayPath = try warmup.string("replay_path")
            if production.warmupSource == .snapshot {
                production.warmupPath = path
                production.replayPath = replayPath
            } else {
                if path != nil && replayPath != nil { throw warmup.error("path", "cannot stand beside replay_path; remove one of them") }
                production.warmupPath = path ?? replayPath
            }
            try warmup.finish()
        }
        return production
    }

    /// `key`_seconds, a number, or `key`, a duration with its unit.
    private static func seconds(_ table: SettingsTable, _ key: String) throws(SettingsError) -> Int64? {
        let long = key + "_seconds"
        guard table.entry(long) != nil else { return try table.entry(key) == nil ? nil : table.intervalNs(key) }
        if table.entry(key) != nil { throw table.error(key, "cannot stand beside \(long); remove one of them") }
        let value = try table.positive(long)
        guard value <= 3_153_600_000 else { throw table.error(long, "= \(value) must lie between 0 and 100 years") }
        return roundedInt(value * 1e9)
    }
}
