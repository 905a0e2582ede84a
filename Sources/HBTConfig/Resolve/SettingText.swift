import HBTTypes

/// Values as canonical TOML: one way to write each.
enum SettingText {
    /// The shortest text that reads back as the same number.
    static func number(_ value: Double) -> String { "\(value)" }

    static func duration(_ ns: Int64) -> String { string(DurationText.text(ns: ns)) }

    static func string(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case "\t": out += "\\t"
            case "\r": out += "\\r"
            default:
                if scalar.value < 0x20 || scalar.value == 0x7F {
                    let hex = String(scalar.value, radix: 16, uppercase: true)
                    out += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
                } else {
                    out.unicodeScalars.append(scalar)
                }
            }
        }
        return out + "\""
    }

    static func key(_ key: String) -> String {
        let isBare = !key.isEmpty && key.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"): true
            default: false
            }
        }
        return isBare ? key : string(key)
    }

    static func strings(_ items: [String]) -> String {
        if items.count == 1 { return "[\(string(items[0]))]" }
        return "[\n" + items.map { "    \(string($0)),\n" }.joined() + "]"
    }

    static func table(_ pairs: [(key: String, text: String)]) -> String {
        pairs.isEmpty ? "{}" : "{ " + pairs.map { "\(key($0.key)) = \($0.text)" }.joined(separator: ", ") + " }"
    }

    /// Tables inside are written in line, their keys sorted.
    static func value(_ value: SettingValue) -> String {
        switch value {
        case .string(let text): string(text)
        case .integer(let integer): "\(integer)"
        case .double(let double): number(double)
        case .bool(let bool): "\(bool)"
        case .array(let items): "[" + items.map { Self.value($0) }.joined(separator: ", ") + "]"
        case .table(let inner): table(inner.entries.sorted(by: precedes).map { ($0.key, Self.value($0.value)) })
        }
    }

    /// By bytes: the same on every system, whatever its language.
    private static func precedes(_ a: SettingsTable.Entry, _ b: SettingsTable.Entry) -> Bool {
        a.key.utf8.lexicographicallyPrecedes(b.key.utf8)
    }
}
