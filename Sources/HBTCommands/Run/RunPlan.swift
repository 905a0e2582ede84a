import HBTConfig
import HBTEngine
import HBTLive
import HBTTypes

/// A run before it starts: settings understood, strategy made, every input found.
struct RunPlan {
    /// With the history of a warm start before each asset's data.
    let settings: RunSettings
    let strategy: any Strategy
    /// `config.toml`: the settings as they were understood.
    let configText: String
    let inputs: [RunInput]
    /// The settings' factor graph.
    let factors: FactorDefinition?
    let warmup: WarmupSettings?
    let registry: StrategyRegistry
    /// `[venue]` and `[risk]`.
    let live: LiveSettings

    /// - Parameter overrides: `key=value` texts, applied in order.
    /// - Parameter isLive: rows come from elsewhere; the data files need not be there.
    init(file: String, overrides: [SettingArgument] = [], registry: StrategyRegistry, isLive: Bool = false) throws {
        try self.init(SettingsFile.load(path: file, overrides: overrides), registry: registry, isLive: isLive)
    }

    /// - Parameter text: settings as `config.toml` has them; `name` stands for the file in messages.
    init(text: String, name: String, overrides: [SettingArgument] = [], registry: StrategyRegistry, isLive: Bool = false) throws {
        try self.init(SettingsFile.parse(text: text, file: name, overrides: overrides), registry: registry, isLive: isLive)
    }

    private init(_ table: SettingsTable, registry: StrategyRegistry, isLive: Bool = false) throws {
        self.registry = registry
        var settings = try RunSettingsReader.read(table, strategyTypes: registry.names)
        guard let type = registry.type(named: settings.strategyType) else {
            preconditionFailure("the reader accepts registered names only")
        }
        strategy = try type.init(settings: settings.strategy, assets: settings.assets.map(\.spec))
        factors = try settings.factors.map { try FactorDefinition.read($0) } ?? nil
        let warmup = try WarmStart.settings(settings, factors)
        self.warmup = warmup
        settings.warmup = warmup
        configText = ResolvedConfig.text(settings)
        settings.assets = WarmStart.assets(settings.assets, warmup)
        self.settings = settings
        var inputs = RunInput.all(of: settings)
        if let warmup, let file = warmup.snapshot {
            inputs.append(RunInput(asset: settings.assets[0].spec.symbol, role: .warmup, path: file, location: warmup.location))
        }
        self.inputs = inputs
        // Mistakes in them are mistakes, even in a backtest.
        live = try LiveSettings(settings)
        for input in inputs where !isLive || input.role == .latency { try input.check() }
    }
}
