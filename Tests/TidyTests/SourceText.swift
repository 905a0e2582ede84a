/// A Swift file taken apart, line by line, into code (the insides of strings blanked out) and comments,
/// so that a rule about code is not broken by a word in a message.
struct SourceText {
    /// From the package's root.
    let path: String
    let lines: [String]
    let code: [String]
    let comments: [String]

    init(path: String, text: String) {
        self.path = path
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        var splitter = Splitter(Array(text.utf8))
        splitter.run()
        code = Self.lines(splitter.code)
        comments = Self.lines(splitter.comments)
    }

    private static func lines(_ bytes: [UInt8]) -> [String] {
        bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
    }
}

/// Splits Swift text into code and comments; newlines go to both.
private struct Splitter {
    private enum Mode {
        /// Inside an interpolation, `depth` counts open parentheses; 0 at the top of a file.
        case code(depth: Int)
        case string(hashes: Int, isMultiline: Bool)
        case lineComment
        case blockComment
    }

    private let bytes: [UInt8]
    private var at = 0
    private var modes: [Mode] = [.code(depth: 0)]
    private(set) var code: [UInt8] = []
    private(set) var comments: [UInt8] = []

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func run() {
        while at < bytes.count {
            if bytes[at] == UInt8(ascii: "\n") {
                newline()
                continue
            }
            switch modes.last {
            case .code(let depth)?: codeByte(depth)
            case .string(let hashes, let isMultiline)?: stringByte(hashes, isMultiline)
            case .lineComment?: takeComment()
            case .blockComment?: blockByte()
            case nil: return
            }
        }
    }

    private mutating func newline() {
        if case .lineComment? = modes.last { modes.removeLast() }
        code.append(bytes[at])
        comments.append(bytes[at])
        at += 1
    }

    private mutating func codeByte(_ depth: Int) {
        if starts("//") {
            modes.append(.lineComment)
        } else if starts("/*") {
            modes.append(.blockComment)
            at += 2
        } else if let hashes = hashesBeforeQuote() {
            at += hashes
            let isMultiline = starts("\"\"\"")
            at += isMultiline ? 3 : 1
            code.append(UInt8(ascii: "\""))
            modes.append(.string(hashes: hashes, isMultiline: isMultiline))
        } else {
            let byte = bytes[at]
            takeCode()
            guard modes.count > 1 else { return }
            if byte == UInt8(ascii: "(") { modes[modes.count - 1] = .code(depth: depth + 1) }
            if byte == UInt8(ascii: ")") {
                if depth == 1 { modes.removeLast() } else { modes[modes.count - 1] = .code(depth: depth - 1) }
            }
        }
    }

    private mutating func stringByte(_ hashes: Int, _ isMultiline: Bool) {
        let marks = String(repeating: "#", count: hashes)
        let closing = (isMultiline ? "\"\"\"" : "\"") + marks
        if starts("\\\(marks)(") {
            at += 1 + hashes
            takeCode()
            modes.append(.code(depth: 1))
        } else if starts("\\\(marks)") {
            // The character after it is escaped; a newline still ends the line.
            at += hashes + 1
            if at < bytes.count, bytes[at] != UInt8(ascii: "\n") { at += 1 }
        } else if starts(closing) {
            at += closing.utf8.count
            code.append(UInt8(ascii: "\""))
            modes.removeLast()
        } else {
            at += 1
        }
    }

    private mutating func blockByte() {
        if starts("/*") {
            modes.append(.blockComment)
            at += 2
        } else if starts("*/") {
            modes.removeLast()
            at += 2
        } else {
            takeComment()
        }
    }

    /// The number of `#` before a quote that opens a string here; nil when none does.
    private func hashesBeforeQuote() -> Int? {
        var end = at
        while end < bytes.count, bytes[end] == UInt8(ascii: "#") { end += 1 }
        return end < bytes.count && bytes[end] == UInt8(ascii: "\"") ? end - at : nil
    }

    private func starts(_ word: String) -> Bool { bytes[at...].starts(with: word.utf8) }

    private mutating func takeCode() {
        code.append(bytes[at])
        at += 1
    }

    private mutating func takeComment() {
        comments.append(bytes[at])
        at += 1
    }
}
