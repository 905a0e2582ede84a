/// A tape whose bytes do not make sense; it must be made again.
public struct TapeFault: Error, Equatable, Sendable, CustomStringConvertible {
    public let description: String
    init(_ what: String) { description = "damaged tape: \(what); delete the file and it is made again" }
}

/// Data that does not fit the compact form: it is replayed row by row instead.
public struct TapeRefusal: Error, Equatable, Sendable, CustomStringConvertible {
    public let description: String
    init(_ reason: String) { description = reason }

    /// A refusal that was written down when the data was first compiled.
    public init(noted reason: String) { description = reason }
}
