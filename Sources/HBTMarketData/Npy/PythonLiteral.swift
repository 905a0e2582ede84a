/// The subset of Python that npy headers are written in.
indirect enum PythonLiteral: Equatable {
    case text(String)
    case number(Int64)
    case truth(Bool)
    case none
    case list([PythonLiteral])
    case tuple([PythonLiteral])
    case dictionary([Entry])

    struct Entry: Equatable {
        var key: PythonLiteral
        var value: PythonLiteral
    }

    subscript(key: String) -> PythonLiteral? {
        guard case .dictionary(let entries) = self else { return nil }
        return entries.first { $0.key == .text(key) }?.value
    }
}

/// A recursive-descent parser over bytes; nil for anything that is not a literal of the subset.
struct PythonLiteralParser {
    private let bytes: [UInt8]
    private let isUTF8: Bool
    private var at = 0
    /// Real headers nest five deep; a bound keeps hostile ones off the stack's end.
    private static let deepest = 16

    init(_ bytes: [UInt8], isUTF8: Bool) {
        self.bytes = bytes
        self.isUTF8 = isUTF8
    }

    /// The one literal that, spaces aside, is all of the text.
    static func parse(_ bytes: [UInt8], isUTF8: Bool) -> PythonLiteral? {
        var parser = PythonLiteralParser(bytes, isUTF8: isUTF8)
        guard let value = parser.value(depth: 0) else { return nil }
        parser.skipSpaces()
        return parser.at == bytes.count ? value : nil
    }

    private mutating func skipSpaces() {
        while at < bytes.count, [0x20, 0x09, 0x0a, 0x0d].contains(bytes[at]) { at += 1 }
    }

    private mutating func take(_ character: Character) -> Bool {
        skipSpaces()
        guard at < bytes.count, bytes[at] == character.asciiValue else { return false }
        at += 1
        return true
    }

    private mutating func take(word: String) -> Bool {
        guard bytes[at...].starts(with: word.utf8) else { return false }
        at += word.utf8.count
        return true
    }

    private mutating func value(depth: Int) -> PythonLiteral? {
        skipSpaces()
        guard depth < Self.deepest, at < bytes.count else { return nil }
        switch bytes[at] {
        case UInt8(ascii: "'"), UInt8(ascii: "\""): return text()
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return number()
        case UInt8(ascii: "["):
            at += 1
            return items(until: "]", depth: depth).map { .list($0.values) }
        case UInt8(ascii: "("):
            at += 1
            guard let (values, endsInComma) = items(until: ")", depth: depth) else { return nil }
            // Parentheses around one value, without a comma, only group.
            return values.count == 1 && !endsInComma ? values[0] : .tuple(values)
        case UInt8(ascii: "{"):
            at += 1
            return dictionary(depth: depth)
        default:
            if take(word: "True") { return .truth(true) }
            if take(word: "False") { return .truth(false) }
            if take(word: "None") { return PythonLiteral.none }
            return nil
        }
    }

    private mutating func items(until end: Character, depth: Int) -> (values: [PythonLiteral], endsInComma: Bool)? {
        var values: [PythonLiteral] = []
        var comma = false
        while !take(end) {
            guard values.isEmpty || comma, let next = value(depth: depth + 1) else { return nil }
            values.append(next)
            comma = take(",")
        }
        return (values, comma)
    }

    private mutating func dictionary(depth: Int) -> PythonLiteral? {
        var entries: [PythonLiteral.Entry] = []
        var comma = false
        while !take("}") {
            guard entries.isEmpty || comma, let key = value(depth: depth + 1), take(":"), let item = value(depth: depth + 1)
            else { return nil }
            entries.append(.init(key: key, value: item))
            comma = take(",")
        }
        return .dictionary(entries)
    }

    private mutating func number() -> PythonLiteral? {
        let start = at
        if bytes[at] == UInt8(ascii: "-") { at += 1 }
        while at < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[at]) { at += 1 }
        let value = Int64(String(decoding: bytes[start..<at], as: UTF8.self))
        // Python 2 wrote long integers as 12L.
        if at < bytes.count, bytes[at] == UInt8(ascii: "L") { at += 1 }
        return value.map { .number($0) }
    }

    private mutating func text() -> PythonLiteral? {
        let quote = bytes[at]
        at += 1
        var content: [UInt8] = []
        while at < bytes.count, bytes[at] != quote {
            // Escapes other than of the next character (\x.., \u....) occur in exotic column names
            // only, which matter to no one: they stay as written.
            if bytes[at] == UInt8(ascii: "\\"), at + 1 < bytes.count, [quote, UInt8(ascii: "\\")].contains(bytes[at + 1]) {
                at += 1
            }
            content.append(bytes[at])
            at += 1
        }
        guard at < bytes.count else { return nil }
        at += 1
        if isUTF8 { return .text(String(decoding: content, as: UTF8.self)) }
        return .text(String(String.UnicodeScalarView(content.map { Unicode.Scalar($0) })))
    }
}
