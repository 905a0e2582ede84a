/// Where a setting stands.
public struct SourceLocation: Equatable, Sendable, CustomStringConvertible {
    public var file: String
    /// 1-based; 0 when the setting did not come from a line (`--set`, defaults).
    public var line: Int

    public init(file: String, line: Int) {
        self.file = file
        self.line = line
    }

    public var description: String { line > 0 ? "\(file):\(line)" : file }
}

/// One value of a settings file, before it has a meaning.
public indirect enum SettingValue: Sendable {
    case string(String)
    case integer(Int64)
    case double(Double)
    case bool(Bool)
    case array([SettingValue])
    case table(SettingsTable)

    /// The kind in a user's words, for messages.
    public var kindName: String {
        switch self {
        case .string: "a string"
        case .integer: "an integer"
        case .double: "a number"
        case .bool: "true or false"
        case .array: "an array"
        case .table: "a table"
        }
    }
}
