/// A JSON document with its keys in the order they were written.
///
/// Doubles are shortest round-trip; NaN and the infinities are the strings `"nan"`, `"inf"`, `"-inf"`.
indirect enum JSONText {
    case object([(String, JSONText)])
    case array([JSONText])
    case number(Double)
    case integer(Int64)
    case text(String)
    case null

    /// Indented by two spaces; ends in a newline.
    var document: String {
        var out = ""
        write(to: &out, indent: "")
        return out + "\n"
    }

    private func write(to out: inout String, indent: String) {
        switch self {
        case .object(let members):
            Self.writeList(members.map { ($0, $1) }, "{", "}", to: &out, indent: indent)
        case .array(let items):
            Self.writeList(items.map { (nil, $0) }, "[", "]", to: &out, indent: indent)
        case .number(let value):
            out += value.isNaN ? "\"nan\"" : value.isInfinite ? (value < 0 ? "\"-inf\"" : "\"inf\"") : "\(value)"
        case .integer(let value): out += "\(value)"
        case .text(let text): out += Self.quoted(text)
        case .null: out += "null"
        }
    }

    private static func writeList(
        _ items: [(key: String?, value: JSONText)], _ open: String, _ close: String, to out: inout String, indent: String
    ) {
        guard !items.isEmpty else { return out += open + close }
        let inner = indent + "  "
        out += open
        for (i, item) in items.enumerated() {
            out += (i > 0 ? ",\n" : "\n") + inner
            if let key = item.key { out += quoted(key) + ": " }
            item.value.write(to: &out, indent: inner)
        }
        out += "\n" + indent + close
    }

    /// `<` is escaped too, so that the text may stand inside a script element.
    static func quoted(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case "\r": out += "\\r"
            case "\t": out += "\\t"
            case "<", "\u{0}"..<"\u{20}", "\u{2028}", "\u{2029}":
                let digits = String(scalar.value, radix: 16)
                out += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out + "\""
    }
}
