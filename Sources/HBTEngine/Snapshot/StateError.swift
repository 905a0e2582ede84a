/// State that cannot be restored: what is wrong and at which byte.
public struct StateError: Error, Equatable, Sendable, CustomStringConvertible {
    public let description: String
    public init(_ description: String) { self.description = description }
}
