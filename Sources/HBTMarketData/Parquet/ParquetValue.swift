/// One value of a row, for tables written row by row.
public enum ParquetValue: Equatable, Sendable {
    case null
    case bool(Bool)
    case int32(Int32)
    /// Also for timestamps.
    case int64(Int64)
    case double(Double)
    case string(String)
}
