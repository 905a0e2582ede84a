import HBTConfig
import HBTEngine
import HBTMarketData
import HBTTypes

/// What `hbt factors` computes on what: a graph, and its instruments with their data.
struct FactorPlan {
    /// What the command line says of instruments and data; `symbol` nil means the graph's own.
    struct Options {
        struct Given<Value> {
            var symbol: String?
            var value: Value
        }
        var data: [Given<String>] = []
        var tickSizes: [Given<Double>] = []
        var lotSizes: [Given<Double>] = []
        var snapshots: [Given<String>] = []
        var book: BookSpec?
        var overrides: [String] = []
        /// The graph's own instrument, instead of the file's.
        var symbol: String?
    }

    let file: String
    let definition: FactorDefinition
    /// In the order of `definition.symbols`.
    let assets: [AssetSettings]

    init(file: String, options: Options, strategies: StrategyRegistry) throws {
        self.file = file
        let root = try SettingsFile.load(path: file, overrides: options.overrides.map { SettingArgument($0) })
        var written: [AssetSettings] = []
        let tables: SettingsTable?
        if root.entries.contains(where: { $0.key == "strategy" }) {
            let settings = try RunSettingsReader.read(root, strategyTypes: strategies.names)
            written = settings.assets
            tables = settings.factors
        } else {
            tables = try FactorTables.read(root)
            if root.entries.contains(where: { $0.key == "asset" }) { written = try RunSettingsReader.assets(of: root) }
            try root.finish()
        }
        if let symbol = options.symbol, let tables { Self.rename(tables, symbol) }
        guard let tables, let definition = try FactorDefinition.read(tables) else {
            throw SettingsError(root.location, "there is no factor graph in this file; write [graph] and [[nodes]], or [factor_engine]")
        }
        self.definition = definition
        try Self.checkSymbols(options, definition)
        var assets: [AssetSettings] = []
        for symbol in definition.symbols { assets.append(try Self.asset(symbol, definition, written.first { $0.spec.symbol == symbol }, options)) }
        self.assets = assets
        for input in RunInput.all(of: assets) { try input.check() }
    }

    private static func rename(_ tables: SettingsTable, _ symbol: String) {
        for entry in tables.entries where entry.key != "nodes" {
            guard case .table(let table) = entry.value else { continue }
            table.set("symbol", .string(symbol), location: SourceLocation(file: "--symbol", line: 0))
        }
    }

    private static func checkSymbols(_ options: Options, _ definition: FactorDefinition) throws {
        let named = options.data.map(\.symbol) + options.tickSizes.map(\.symbol) + options.lotSizes.map(\.symbol) + options.snapshots.map(\.symbol)
        for case let symbol? in named where !definition.symbols.contains(symbol) {
            let near = Suggestion.nearest(to: symbol, among: definition.symbols).map { "; did you mean \($0)?" }
                ?? "; it has \(definition.symbols.joined(separator: ", "))"
            throw CommandError("\(symbol): the factor graph \(definition.name) has no such instrument\(near)")
        }
    }

    private static func asset(
        _ symbol: String, _ definition: FactorDefinition, _ written: AssetSettings?, _ options: Options
    ) throws -> AssetSettings {
        let isOwn = symbol == definition.symbol
        let prefix = isOwn ? "" : "\(symbol)="
        func given<Value>(_ all: [Options.Given<Value>]) -> [Value] {
            all.filter { $0.symbol == symbol || ($0.symbol == nil && isOwn) }.map(\.value)
        }
        let data = given(options.data)
        if data.isEmpty && written == nil { throw CommandError("\(symbol): no data; give it with --data \(prefix)FILE") }
        func size(_ name: String, _ given: [Double], _ inGraph: Double?, _ inAsset: Double?) throws -> Double {
            if let value = given.last ?? inAsset ?? (isOwn ? inGraph : nil) { return value }
            let place = isOwn ? "write \(name.replacing("-", with: "_")) in the graph's table, or give --\(name)" : "give --\(name) \(prefix)…"
            throw CommandError("\(symbol): the \(name.replacing("-", with: " ")) is not known; \(place)")
        }
        let tickSize = try size("tick-size", given(options.tickSizes), definition.tickSize, written?.spec.tickSize)
        let lotSize = try size("lot-size", given(options.lotSizes), definition.lotSize, written?.spec.lotSize)
        var settings = written ?? AssetSettings(
            spec: AssetSpec(symbol: symbol, tickSize: tickSize, lotSize: lotSize), dataFiles: [], initialSnapshotFile: nil,
            latencySource: .constant, dataLocation: SourceLocation(file: "--data", line: 0))
        settings.spec.tickSize = tickSize
        settings.spec.lotSize = lotSize
        if let book = options.book { settings.spec.book = book }
        if !data.isEmpty {
            settings.dataFiles = data
            // A snapshot belongs to the data that it was taken from.
            settings.initialSnapshotFile = nil
            settings.dataLocation = SourceLocation(file: "--data", line: 0)
        }
        if let snapshot = given(options.snapshots).last { settings.initialSnapshotFile = snapshot }
        return settings
    }

    /// The graph, fresh.
    func graph() throws -> FactorGraph { try FactorGraph(definition, assets: assets.map(\.spec)) }
}
