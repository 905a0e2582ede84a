/// The values of one column, one slot a row.
///
/// A null row's slot holds NaN, 0, false or nothing; `ParquetColumnValues.isValid` tells it from a value.
public enum ParquetValues: Sendable {
    case bools([Bool])
    /// `int32`, `date`, `time` in milliseconds.
    case int32s([Int32])
    /// `int64`, `timestamp` and `time` in the column's unit.
    case int64s([Int64])
    case uint32s([UInt32])
    case uint64s([UInt64])
    case floats([Float])
    case doubles([Double])
    case strings([String])
    case binaries([[UInt8]])
}

/// One column of some rows.
public struct ParquetColumnValues: Sendable {
    public let column: ParquetColumn
    public let values: ParquetValues
    /// Which rows have a value; nil when all have one.
    public let isValid: [Bool]?
}
