/// Any error as the one line after `hbt: `.
enum ErrorLine {
    static func text(_ error: any Error) -> String {
        let text = String(describing: error)
        return text.split(whereSeparator: \.isNewline).map { line in
            String(line.drop { $0 == " " || $0 == "\t" })
        }.filter { !$0.isEmpty }.joined(separator: "; ")
    }
}
