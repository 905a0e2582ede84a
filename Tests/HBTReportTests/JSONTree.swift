import Foundation

/// A JSON document with its numbers exactly as written: `JSONSerialization` on Linux may miss the
/// nearest double by a bit or two, which the vectors would notice.
enum JSONTree: Decodable {
    case object([String: JSONTree]), array([JSONTree]), integer(Int64), number(Double), text(String), flag(Bool), null

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            self = .null
        } else if let flag = try? value.decode(Bool.self) {
            self = .flag(flag)
        } else if let integer = try? value.decode(Int64.self) {
            self = .integer(integer)
        } else if let number = try? value.decode(Double.self) {
            self = .number(number)
        } else if let text = try? value.decode(String.self) {
            self = .text(text)
        } else if let array = try? value.decode([JSONTree].self) {
            self = .array(array)
        } else {
            self = .object(try value.decode([String: JSONTree].self))
        }
    }

    static func parse(_ data: Data) throws -> JSONTree { try JSONDecoder().decode(JSONTree.self, from: data) }

    subscript(key: String) -> JSONTree { if case .object(let object) = self { object[key] ?? .null } else { .null } }
    subscript(index: Int) -> JSONTree { array.indices.contains(index) ? array[index] : .null }
    var array: [JSONTree] { if case .array(let array) = self { array } else { [] } }
    var keys: Set<String> { if case .object(let object) = self { Set(object.keys) } else { [] } }
    var text: String? { if case .text(let text) = self { text } else { nil } }
    var int64: Int64? { if case .integer(let integer) = self { integer } else { nil } }
    var isNull: Bool { if case .null = self { true } else { false } }

    /// Numbers, and the strings "nan", "inf" and "-inf".
    var double: Double? {
        switch self {
        case .integer(let integer): Double(integer)
        case .number(let number): number
        case .text("nan"): .nan
        case .text("inf"): .infinity
        case .text("-inf"): -.infinity
        default: nil
        }
    }
}
