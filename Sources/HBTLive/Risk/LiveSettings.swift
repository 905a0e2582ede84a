import HBTTypes

/// The tables of a settings file that only live runs use.
public struct LiveSettings: Equatable, Sendable {
    /// nil when the file has no such table.
    public var venue: VenueSettings?
    public var risk: RiskLimits?

    /// - Throws: the first mistake in them, with its line.
    public init(_ settings: RunSettings) throws(SettingsError) {
        if let table = settings.venue {
            let folder = settings.file.lastIndex(of: "/").map { String(settings.file[..<$0]) } ?? "."
            venue = try VenueSettings.read(table, folder: folder)
        }
        if let table = settings.risk { risk = try RiskLimits.read(table) }
    }
}
