/// Finds the line of every key of a TOML 1.0 document.
///
/// It understands headers, arrays of tables, dotted and quoted keys, inline tables, strings of all
/// four kinds, arrays over several lines and comments, and nothing else: whether the document is
/// valid is TOMLKit's business. On a valid prefix it sees exactly what the parser sees; after the
/// first mistake its answer is meaningless but it still ends, having consumed a byte per turn.
struct TOMLKeyScanner {
    /// What the parser cannot be trusted with: nesting that would overflow its stack, escaped NULs, at which
    /// it silently cuts the string, and the mistakes on which it fails an assertion instead of reporting them
    /// (found by fuzzing toml++ 3.4: a header without a name, `}` for an item of an array, broken dates).
    struct Problem: Equatable {
        var line: Int
        var message: String
    }

    /// Parts of one dotted key, and values inside one another.
    static let deepest = 32

    let root = KeyLines(line: 1)
    private(set) var problem: Problem?
    private let bytes: [UInt8]
    private var at = 0
    private var line = 1
    private var nesting = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { at = 3 }
        scan()
    }

    private mutating func scan() {
        var table = root
        while true {
            skipBlank()
            guard let byte = peek() else { return }
            if byte == UInt8(ascii: "[") {
                table = header()
            } else {
                keyAndValue(in: table)
            }
            skipToLineEnd()
        }
    }

    // MARK: headers and keys

    /// `[a.b]` or `[[a.b]]`; the table that the following keys belong to.
    private mutating func header() -> KeyLines {
        at += 1
        let isArray = peek() == UInt8(ascii: "[")
        if isArray { at += 1 }
        skipSpaces()
        if let byte = peek(), !Self.startsKey(byte) { stop("a table header needs a name, such as [strategy]") }
        let here = line
        let names = key()
        var node = root
        for (i, name) in names.enumerated() {
            let isLast = i == names.count - 1
            let isNew = node.child(name) == nil
            node = node.child(name, line: here)
            if isLast && isArray {
                node.append(KeyLines(line: here))
            } else if isLast && !isNew {
                node.move(to: here)
            }
            // A name that is an array of tables means its latest element.
            if let latest = node.elements.last { node = latest }
        }
        return node
    }

    private mutating func keyAndValue(in table: KeyLines) {
        let here = line
        let names = key()
        guard !names.isEmpty, peek() == UInt8(ascii: "=") else { return }
        at += 1
        var node = table
        for name in names { node = node.child(name, line: here) }
        value(of: node)
    }

    /// The parts of a dotted key, spaces after it skipped.
    private mutating func key() -> [String] {
        var names: [String] = []
        while true {
            skipSpaces()
            guard let name = keyPart() else { return names }
            names.append(name)
            skipSpaces()
            guard peek() == UInt8(ascii: ".") else { return names }
            at += 1
            if names.count == Self.deepest {
                stop("this key has more than \(Self.deepest) parts")
                return names
            }
        }
    }

    private mutating func keyPart() -> String? {
        guard let byte = peek() else { return nil }
        if Self.startsKey(byte) && !Self.isBareKey(byte) { return string() }
        let start = at
        while let byte = peek(), Self.isBareKey(byte) { at += 1 }
        return at > start ? String(decoding: bytes[start..<at], as: UTF8.self) : nil
    }

    private static func startsKey(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") || isBareKey(byte)
    }

    private static func isBareKey(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"): true
        default: false
        }
    }

    // MARK: values

    private mutating func value(of node: KeyLines) {
        skipSpaces()
        guard let byte = peek() else { return }
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "'"):
            _ = string()
        case UInt8(ascii: "["):
            items(until: UInt8(ascii: "]")) { scanner in
                let element = KeyLines(line: scanner.line)
                node.append(element)
                scanner.value(of: element)
            }
        case UInt8(ascii: "{"):
            items(until: UInt8(ascii: "}")) { $0.keyAndValue(in: node) }
        default:
            let start = at
            while let byte = peek(), !Self.endsScalar(byte) { at += 1 }
            if let reason = BareScalar.reasonAgainst(bytes[start..<at]) { stop(reason) }
        }
    }

    private static func endsScalar(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"), UInt8(ascii: "#"), UInt8(ascii: "\n"): true
        default: false
        }
    }

    /// What stands between an opening bracket, where the scanner is, and `closing`.
    private mutating func items(until closing: UInt8, _ item: (inout TOMLKeyScanner) -> Void) {
        at += 1
        nesting += 1
        defer { nesting -= 1 }
        if nesting > Self.deepest { return stop("values are nested more than \(Self.deepest) deep") }
        while true {
            skipBlank()
            guard let byte = peek() else { return }
            if byte == closing {
                at += 1
                return
            }
            if byte == UInt8(ascii: "}") { return stop("there is a } where a value or ] is expected") }
            let start = at
            if byte != UInt8(ascii: ",") { item(&self) }
            if at == start { at += 1 }
        }
    }

    /// A string of any of the four kinds, where the scanner is; its text (exact for one-line
    /// strings, which are the only ones a key can be).
    private mutating func string() -> String {
        let quote = bytes[at]
        let isMultiline = at + 2 < bytes.count && bytes[at + 1] == quote && bytes[at + 2] == quote
        let width = isMultiline ? 3 : 1
        at += width
        var text: [UInt8] = []
        while let byte = peek() {
            if byte == quote && closes(quote, width) {
                at += width
                // `""""` inside: up to two quotes may stand right before the closing three.
                for _ in 0..<2 where isMultiline && peek() == quote { at += 1 }
                break
            }
            if byte == UInt8(ascii: "\n") {
                if !isMultiline { break }
                line += 1
            }
            if byte == UInt8(ascii: "\\") && quote == UInt8(ascii: "\"") {
                escape(into: &text)
            } else {
                text.append(byte)
                at += 1
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    private func closes(_ quote: UInt8, _ width: Int) -> Bool {
        at + width <= bytes.count && bytes[at..<at + width].allSatisfy { $0 == quote }
    }

    private mutating func escape(into text: inout [UInt8]) {
        at += 1
        guard let byte = peek() else { return }
        // The newline of a line-ending backslash is counted by the caller.
        if byte == UInt8(ascii: "\n") { return }
        at += 1
        switch byte {
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "u"): scalar(digits: 4, into: &text)
        case UInt8(ascii: "U"): scalar(digits: 8, into: &text)
        default: text.append(byte)
        }
    }

    private mutating func scalar(digits: Int, into text: inout [UInt8]) {
        let hex = bytes[at..<min(at + digits, bytes.count)].prefix { UInt8(ascii: "0") <= $0 && $0 <= UInt8(ascii: "f") }
        guard hex.count == digits, let code = UInt32(String(decoding: hex, as: UTF8.self), radix: 16) else { return }
        at += digits
        if code == 0 { stop("strings cannot contain the character U+0000") }
        if let scalar = Unicode.Scalar(code) { text.append(contentsOf: String(Character(scalar)).utf8) }
    }

    // MARK: moving on

    private func peek() -> UInt8? { at < bytes.count ? bytes[at] : nil }

    private mutating func stop(_ message: String) {
        if problem == nil { problem = Problem(line: line, message: message) }
        at = bytes.count
    }

    private mutating func skipSpaces() {
        while let byte = peek(), byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") { at += 1 }
    }

    private mutating func skipToLineEnd() {
        while let byte = peek(), byte != UInt8(ascii: "\n") { at += 1 }
    }

    /// Spaces, newlines and comments.
    private mutating func skipBlank() {
        while let byte = peek() {
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): at += 1
            case UInt8(ascii: "\n"):
                at += 1
                line += 1
            case UInt8(ascii: "#"): skipToLineEnd()
            default: return
            }
        }
    }
}
