/// One thing to measure: it is prepared, outside of what is measured, and then done once.
public struct BenchCase {
    /// What the figures are a unit of.
    public enum Unit: String {
        case row, byte, record, call
    }

    public let group: String
    public let name: String
    public let unit: Unit
    /// What it works on, in words.
    public let data: String
    /// Prepares one repetition.
    public let make: () throws -> () throws -> Outcome

    public init(_ group: String, _ name: String, per unit: Unit, data: String, _ make: @escaping () throws -> () throws -> Outcome) {
        self.group = group
        self.name = name
        self.unit = unit
        self.data = data
        self.make = make
    }
}

/// What one repetition did.
public struct Outcome {
    /// Rows, bytes or records.
    public var units: Int64
    /// Of the answer, so that a fast wrong one shows.
    public var digest: String

    public init(units: Int64, digest: String) {
        self.units = units
        self.digest = digest
    }
}

/// A failure of the measuring, not of what is measured.
public struct BenchError: Error, CustomStringConvertible {
    public let description: String
    public init(_ description: String) { self.description = description }
}
