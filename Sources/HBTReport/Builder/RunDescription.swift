import HBTTypes

/// What a report says about the run besides its numbers. Nothing that may differ between equal runs
/// (no clock, no machine, no path).
public struct RunDescription: Sendable {
    public var name: String
    /// The strategy's registered type name.
    public var strategyType: String
    public var compatibility: Compatibility
    /// In the order of the asset indices of records, fills and orders.
    public var assets: [AssetSpec]
    /// The resolved settings file.
    public var settingsText: String
    /// Further lines under "what this does not model".
    public var notes: [String]

    public init(
        name: String, strategyType: String, compatibility: Compatibility, assets: [AssetSpec], settingsText: String,
        notes: [String] = []
    ) {
        self.name = name
        self.strategyType = strategyType
        self.compatibility = compatibility
        self.assets = assets
        self.settingsText = settingsText
        self.notes = notes
    }
}
