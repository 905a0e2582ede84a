/// Pieces of HTML.
enum HTMLText {
    /// Text that may stand in an element or in a double-quoted attribute.
    static func escape(_ text: String) -> String {
        var out = ""
        out.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": out += "&amp;"
            case "<": out += "&lt;"
            case ">": out += "&gt;"
            case "\"": out += "&quot;"
            case "'": out += "&#39;"
            // Control characters have no place in HTML, not even escaped.
            case "\u{0}"..<"\t", "\u{B}"..<"\u{20}", "\u{7F}": out += "\u{FFFD}"
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out
    }

    /// A table; cells are HTML already, the first column is left aligned and a row header.
    static func table(caption: String, header: [String], rows: [[String]], className: String = "") -> String {
        var out = "<div class=\"scroll\"><table class=\"\(className)\"><caption>\(caption)</caption><thead><tr>"
        for cell in header { out += "<th scope=\"col\">\(cell)</th>" }
        out += "</tr></thead><tbody>\n"
        for row in rows {
            out += "<tr>"
            for (i, cell) in row.enumerated() { out += i == 0 ? "<th scope=\"row\">\(cell)</th>" : "<td>\(cell)</td>" }
            out += "</tr>\n"
        }
        return out + "</tbody></table></div>\n"
    }

    /// A number with a class for its sign.
    static func signed(_ value: Double, _ text: String) -> String {
        let name = value > 0 ? "up" : value < 0 ? "down" : ""
        return name.isEmpty ? text : "<span class=\"\(name)\">\(text)</span>"
    }
}
