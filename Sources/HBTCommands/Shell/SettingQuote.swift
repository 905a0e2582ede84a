/// A command-line value as a TOML string.
enum SettingQuote {
    static func toml(_ text: String) -> String {
        "\"" + text.unicodeScalars.map { scalar in
            switch scalar {
            case "\"": "\\\""
            case "\\": "\\\\"
            default: String(scalar)
            }
        }.joined() + "\""
    }
}
