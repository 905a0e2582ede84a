/// Why a message is not what it should be; the converter adds file, line and column.
enum ScanFault: Error {
    case expected(StaticString)
    case controlCharacterInString
    case badEscape
    case badNumber
    case badLiteral
    case tooDeep
    case trailingBytes
    case missingField(StaticString)
    case badField(StaticString)
    case badLocalTime(digits: Int)
    case timeOutOfRange(StaticString)

    var text: String {
        switch self {
        case .expected(let what): "\(what) expected"
        case .controlCharacterInString: "a string that does not end"
        case .badEscape: "a bad escape in a string"
        case .badNumber: "a malformed number"
        case .badLiteral: "neither a JSON value nor true, false or null"
        case .tooDeep: "nested deeper than \(ByteScanner.maximumDepth) levels"
        case .trailingBytes: "more bytes after the message"
        case .missingField(let name): "the field \(name) is missing"
        case .badField(let name): "the field \(name) has a value of the wrong kind"
        case .badLocalTime(let digits):
            "the line starts with \(digits) digits; a receipt time of 19 digits (ns) or 16 digits (µs) and one space expected"
        case .timeOutOfRange(let name): "the field \(name) is no time in milliseconds"
        }
    }
}
