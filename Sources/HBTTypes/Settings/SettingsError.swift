/// A mistake in the settings: where, what, and what to write instead.
public struct SettingsError: Error, Equatable, Sendable, CustomStringConvertible {
    public var location: SourceLocation
    /// What is wrong and what to do, one line.
    public var message: String

    public init(_ location: SourceLocation, _ message: String) {
        self.location = location
        self.message = message
    }

    public var description: String { "\(location): \(message)" }
}
