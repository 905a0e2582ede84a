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
        let table = try SettingsFile.load(path: file, overrides: overrides)
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
