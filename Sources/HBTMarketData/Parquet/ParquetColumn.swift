/// One column of a flat table: its name, what its values are, whether a row may have none.
public struct ParquetColumn: Equatable, Sendable {
    public var name: String
    public var type: ParquetType
    /// Whether rows may be null. A NaN is a value, not a null.
    public var isOptional: Bool

    public init(_ name: String, _ type: ParquetType, isOptional: Bool = false) {
        self.name = name
        self.type = type
        self.isOptional = isOptional
    }
}

/// What the values of a column are. All of them can be read; `ParquetWriter` says which it writes.
public enum ParquetType: Equatable, Sendable {
    case bool
    /// Also the narrower signed integers.
    case int32
    case int64
    /// Also the narrower unsigned integers.
    case uint32
    case uint64
    case float
    case double
    /// UTF-8.
    case string
    /// Bytes of no stated meaning.
    case binary
    /// Days since the Unix epoch, as 32-bit integers.
    case date
    /// Since the Unix epoch. Without UTC it is the reading of a wall clock in an unknown zone.
    case timestamp(ParquetTimeUnit, isUTC: Bool)
    /// Since midnight: milliseconds as 32-bit integers, finer units as 64-bit integers.
    case time(ParquetTimeUnit)

    /// Nanoseconds since the Unix epoch, UTC: the project's unit of time.
    public static let timestampNs = ParquetType.timestamp(.nanoseconds, isUTC: true)
}

public enum ParquetTimeUnit: Equatable, Sendable {
    case milliseconds, microseconds, nanoseconds

    public var nanoseconds: Int64 {
        switch self {
        case .milliseconds: 1_000_000
        case .microseconds: 1_000
        case .nanoseconds: 1
        }
    }
}
