/// A value of a vector file.
///
/// Integers stay apart from doubles and keep all 64 bits; `"nan"`, `"inf"` and `"-inf"` stand for
/// doubles that JSON cannot write. Object keys keep their order in the file.
indirect enum VectorValue: Sendable {
    case null
    case bool(Bool)
    case integer(Int64)
    /// Above `Int64.max` only.
    case unsigned(UInt64)
    case double(Double)
    case string(String)
    case array([VectorValue])
    case object([(key: String, value: VectorValue)])

    /// The member of an object; nil when absent or when this is no object.
    subscript(_ key: String) -> VectorValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.key == key }?.value
    }

    var isNull: Bool {
        if case .null = self { return true }
        return false
    }

    /// A number as the reference's double; the three words count as numbers.
    var asDouble: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .unsigned(let value): Double(value)
        case .double(let value): value
        case .string("nan"): .nan
        case .string("inf"): .infinity
        case .string("-inf"): -.infinity
        default: nil
        }
    }

    /// A whole number in the range of Int64.
    var asInt64: Int64? {
        switch self {
        case .integer(let value): value
        case .double(let value): Int64(exactly: value)
        default: nil
        }
    }

    /// A whole number in the range of UInt64.
    var asUInt64: UInt64? {
        switch self {
        case .integer(let value): UInt64(exactly: value)
        case .unsigned(let value): value
        case .double(let value): UInt64(exactly: value)
        default: nil
        }
    }

    /// How messages show the value.
    var text: String {
        switch self {
        case .null: "null"
        case .bool(let value): value ? "true" : "false"
        case .integer(let value): String(value)
        case .unsigned(let value): String(value)
        case .double(let value): "\(value)"
        case .string(let value): "\"\(value)\""
        case .array(let values): "a list of \(values.count)"
        case .object(let members): "{" + members.map { "\($0.key): \($0.value.text)" }.joined(separator: ", ") + "}"
        }
    }
}
