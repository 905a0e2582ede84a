/// Why bytes from the other side are not a message of the venue.
public struct WireFault: Error, Equatable, CustomStringConvertible {
    /// What is wrong, without where.
    public let text: String
    /// Byte from the start of the message at which reading stopped; nil when the message as a whole is wrong.
    public let offset: Int?

    public init(_ text: String, offset: Int? = nil) {
        self.text = text
        self.offset = offset
    }

    init(_ reason: WireReason, offset: Int) { self.init(reason.text, offset: offset) }

    public var description: String { offset.map { "\(text) at byte \($0)" } ?? text }
}

/// The same without words and place: what the scanner throws, so that its loops hold no strings.
enum WireReason: Error {
    case expected(StaticString)
    case unendedString
    case badEscape
    case badText
    case badNumber
    case numberTooLong
    case badLiteral
    case tooDeep
    case tooLarge
    case trailingBytes
    case duplicate(UInt8)
    case missing(UInt8)
    case wrongType(UInt8)
    case duplicateField(StaticString)
    case missingField(StaticString)
    case wrongFieldType(StaticString)

    var text: String {
        func letter(_ byte: UInt8) -> String { String(decoding: CollectionOfOne(byte), as: UTF8.self) }
        return switch self {
        case .expected(let what): "\(what) expected"
        case .unendedString: "a string that does not end"
        case .badEscape: "a bad escape in a string"
        case .badText: "a string that is no UTF-8"
        case .badNumber: "a malformed number"
        case .numberTooLong: "a number with more digits than 64 bits hold"
        case .badLiteral: "neither a JSON value nor true, false or null"
        case .tooDeep: "nested deeper than \(WireScanner.maximumDepth) levels"
        case .tooLarge: "longer than \(PaddedBytes.maximumCount) bytes"
        case .trailingBytes: "more bytes after the message"
        case .duplicate(let name): "the field \(letter(name)) twice"
        case .missing(let name): "the field \(letter(name)) is missing"
        case .wrongType(let name): "the field \(letter(name)) has a value of the wrong kind"
        case .duplicateField(let name): "the field \(name) twice"
        case .missingField(let name): "the field \(name) is missing"
        case .wrongFieldType(let name): "the field \(name) has a value of the wrong kind"
        }
    }
}
