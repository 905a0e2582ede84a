/// The unquoted values of TOML that settings use: true, false and numbers; no dates.
enum BareScalar {
    /// Why `bytes` is no such value, or nil. Nothing at all is left for the parser to report.
    static func reasonAgainst(_ bytes: ArraySlice<UInt8>) -> String? {
        let text = String(decoding: bytes, as: UTF8.self).trimmingBlanks()
        if text.isEmpty || text == "true" || text == "false" || isNumber(text) { return nil }
        if isDateLike(text) { return "\(OneLine.text(text, limit: 40)) is a date or time; no setting is one, write it in quotes" }
        return "\(OneLine.text(text, limit: 40)) is neither a number nor true or false; write text and durations in quotes"
    }

    private static func isDateLike(_ text: String) -> Bool {
        guard let first = text.utf8.first, isDigit(first) else { return false }
        return text.utf8.contains(UInt8(ascii: ":")) || text.prefix { $0.isNumber || $0 == "_" }.count >= 4 && text.contains("-")
    }

    private static func isNumber(_ text: String) -> Bool {
        var rest = Substring(text).utf8
        let isSigned = rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-")
        if isSigned { rest = rest.dropFirst() }
        if rest.elementsEqual("inf".utf8) || rest.elementsEqual("nan".utf8) { return true }
        for (prefix, isDigit) in [("0x", isHexDigit), ("0o", isOctalDigit), ("0b", isBinaryDigit)] where rest.starts(with: prefix.utf8) {
            rest = rest.dropFirst(2)
            return !isSigned && takeDigits(&rest, isDigit) && rest.isEmpty
        }
        let whole = rest
        guard takeDigits(&rest, isDigit) else { return false }
        if whole.first == UInt8(ascii: "0") && whole.count - rest.count > 1 { return false }
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            guard takeDigits(&rest, isDigit) else { return false }
        }
        if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
            rest = rest.dropFirst()
            if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
            guard takeDigits(&rest, isDigit) else { return false }
        }
        return rest.isEmpty
    }

    /// One digit or more, single underscores allowed between them.
    private static func takeDigits(_ rest: inout Substring.UTF8View, _ isDigit: (UInt8) -> Bool) -> Bool {
        guard let first = rest.first, isDigit(first) else { return false }
        while let byte = rest.first {
            if isDigit(byte) {
                rest = rest.dropFirst()
            } else if byte == UInt8(ascii: "_"), let next = rest.dropFirst().first, isDigit(next) {
                rest = rest.dropFirst()
            } else {
                break
            }
        }
        return true
    }

    private static func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0") <= byte && byte <= UInt8(ascii: "9") }
    private static func isOctalDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0") <= byte && byte <= UInt8(ascii: "7") }
    private static func isBinaryDigit(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "0") || byte == UInt8(ascii: "1") }
    private static func isHexDigit(_ byte: UInt8) -> Bool {
        isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte | 0x20)
    }
}

extension StringProtocol {
    /// Without spaces, tabs and carriage returns at both ends.
    func trimmingBlanks() -> String {
        let isBlank = { (c: Unicode.Scalar) in c == " " || c == "\t" || c == "\r" }
        var rest = Substring(self).unicodeScalars
        while let first = rest.first, isBlank(first) { rest.removeFirst() }
        while let last = rest.last, isBlank(last) { rest.removeLast() }
        return String(rest)
    }
}
