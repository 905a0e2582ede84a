/// Any JSON value with its objects' order kept: for messages that are rare, where a tree is fast enough.
///
/// Numbers keep their text, so that nothing is rounded before someone asks.
public indirect enum JSONValue: Equatable, Sendable {
    case null
    case bool(Bool)
    /// As it was written.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([Member])

    public struct Member: Equatable, Sendable {
        public var name: String
        public var value: JSONValue

        public init(name: String, value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    /// The member of that name; nil when there is none or this is no object.
    public subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        for member in members where member.name == name { return member.value }
        return nil
    }

    public var text: String? { if case .string(let text) = self { text } else { nil } }
    public var flag: Bool? { if case .bool(let flag) = self { flag } else { nil } }
    public var elements: [JSONValue]? { if case .array(let elements) = self { elements } else { nil } }
    public var members: [Member]? { if case .object(let members) = self { members } else { nil } }
    public var integer: Int64? { if case .number(let text) = self { Int64(text) } else { nil } }
    /// A number in quotes or bare.
    public var decimal: WireDecimal? {
        switch self {
        case .number(let text), .string(let text): WireDecimal(text)
        default: nil
        }
    }
}
