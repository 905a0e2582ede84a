import HBTConfig
import HBTEngine
import HBTTypes

/// A run before it starts: settings understood, strategy made, every input found.
struct RunPlan {
    let settings: RunSettings
    let strategy: any Strategy
    /// `config.toml`: the settings as they were understood.
    let configText: String
    let inputs: [RunInput]

    /// - Parameter overrides: `key=value` texts, applied in order.
    init(file: String, overrides: [String] = [], registry: StrategyRegistry) throws {
        try self.init(SettingsFile.load(path: file, overrides: overrides), registry: registry)
    }

    /// - Parameter text: settings as `config.toml` has them; `name` stands for the file in messages.
    init(text: String, name: String, overrides: [String] = [], registry: StrategyRegistry) throws {
        try self.init(SettingsFile.parse(text: text, file: name, overrides: overrides), registry: registry)
    }

    private init(_ table: SettingsTable, registry: StrategyRegistry) throws {
        settings = try RunSettingsReader.read(table, strategyTypes: registry.names)
        guard let type = registry.type(named: settings.strategyType) else {
            preconditionFailure("the reader accepts registered names only")
        }
        strategy = try type.init(settings: settings.strategy, assets: settings.assets.map(\.spec))
        configText = ResolvedConfig.text(settings)
        inputs = RunInput.all(of: settings)
        for input in inputs { try input.check() }
    }
}
