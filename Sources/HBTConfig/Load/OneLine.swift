/// Keeps messages on one line whatever they quote.
enum OneLine {
    /// Control characters and line separators become spaces; long texts are cut.
    static func text(_ text: String, limit: Int = 200) -> String {
        var line = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if line.count == limit { return String(line) + "…" }
            let breaks = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || scalar.value == 0x2028 || scalar.value == 0x2029
            line.append(breaks ? " " : scalar)
        }
        return String(line)
    }
}
