/// A run that cannot be set up as asked.
public struct EngineError: Error, Equatable, Sendable, CustomStringConvertible {
    public let description: String
    public init(_ description: String) { self.description = description }
}
