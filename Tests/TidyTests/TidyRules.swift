/// What no file of ours contains. Each answer is `path:line: what is wrong`.
enum TidyRules {
    static let widestLine = 160
    static let longestFile = 400

    /// Places where a force unwrap is right: the file and the code around it. Keep it short.
    static let allowedUnwraps: [(path: String, code: String)] = []

    static func faults(in file: SourceText) -> [String] {
        var faults = size(file)
        for (index, code) in file.code.enumerated() {
            var found = words(file, index)
            found += calls(code, in: file.path)
            if !file.path.contains("Tests/") && unwraps(code) && !isAllowed(code, in: file.path) { found.append("force unwrap") }
            faults += found.map { "\(file.path):\(index + 1): \($0)" }
        }
        return faults
    }

    private static func size(_ file: SourceText) -> [String] {
        var faults: [String] = []
        let reason = file.lines.prefix(20).contains { $0.contains("// Size:") }
        if file.lines.count > longestFile && !reason {
            faults.append("\(file.path):1: \(file.lines.count) lines; split it, or give the reason near the top as // Size: …")
        }
        for (index, line) in file.lines.enumerated() {
            if line.count > widestLine { faults.append("\(file.path):\(index + 1): \(line.count) characters wide") }
            if line.utf8.contains(UInt8(ascii: "\t")) { faults.append("\(file.path):\(index + 1): tab") }
        }
        return faults
    }

    /// Left-over notes, in comments or in names.
    private static func words(_ file: SourceText, _ index: Int) -> [String] {
        let text = file.code[index] + " " + (index < file.comments.count ? file.comments[index] : "")
        return ["TODO", "FIXME", "XXX"].filter { text.contains($0) }
    }

    private static func calls(_ code: String, in path: String) -> [String] {
        var banned = ["try!", "as!", "fatalError("]
        if path.contains("Tests/") { banned += ["#expect(Bool(true))", "#expect(true)"] }
        if path.hasPrefix("Sources/HBTEngine/") || path.hasPrefix("Sources/HBTTypes/") {
            banned += ["import Foundation", "import Dispatch"]
        }
        let isEngine = path.hasPrefix("Sources/HBTEngine/")
        if isEngine {
            banned += [
                "Date(", "ContinuousClock", "SuspendingClock", "clock_gettime", "gettimeofday", "getenv", "SystemRandomNumberGenerator",
                ".random(", ".randomElement(", ".shuffle", "Dictionary<", "Dictionary(", "Set<", "Set(", "[:]", "Hasher", "hashValue",
            ]
        }
        var found = banned.filter { contains(code, word: $0) }
        if isEngine && hasDictionaryType(code) { found.append("dictionary type") }
        return found
    }

    /// `word` in `code`, not as the end of a longer name (`BitSet<` is no `Set<`).
    private static func contains(_ code: String, word: String) -> Bool {
        guard let first = word.first else { return false }
        var rest = Substring(code)
        while let range = rest.range(ofText: word) {
            let before = code[..<range.lowerBound].last
            let isWhole = !(first.isLetter && before.map { $0.isLetter || $0.isNumber || $0 == "_" } ?? false)
            if isWhole { return true }
            rest = rest[rest.index(after: range.lowerBound)...]
        }
        return false
    }

    /// `[Key: Value]`: a bracket, a capitalised name, a colon and another type.
    private static func hasDictionaryType(_ code: String) -> Bool {
        guard code.contains("["), code.contains(":") else { return false }
        return code.firstMatch(of: /\[\s*[A-Z][A-Za-z0-9_.<>?]*\s*:\s*[A-Z\[(]/) != nil
    }

    /// `name!`, `name()!` or `name[0]!` used as a value; not `!=`, not a `!` before a name, not `try!` and `as!`,
    /// which have rules of their own.
    static func unwraps(_ code: String) -> Bool {
        let bytes = Array(code.utf8)
        return bytes.indices.contains { i in
            guard i > 0, bytes[i] == UInt8(ascii: "!") else { return false }
            let isValue = switch bytes[i - 1] {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "_"), UInt8(ascii: ")"), UInt8(ascii: "]"): true
            default: false
            }
            let isKeyword = ["try", "as"].contains { word in
                bytes[..<i].reversed().prefix { $0 >= UInt8(ascii: "A") }.reversed().elementsEqual(word.utf8)
            }
            let after = i + 1 < bytes.count ? bytes[i + 1] : UInt8(ascii: " ")
            return isValue && !isKeyword && after != UInt8(ascii: "=")
        }
    }

    private static func isAllowed(_ code: String, in path: String) -> Bool {
        allowedUnwraps.contains { $0.path == path && code.contains($0.code) }
    }
}

extension Substring {
    /// The first place of `text`; the standard library alone has no such search for substrings' ranges.
    func range(ofText text: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(text) {
                return start..<index(start, offsetBy: text.count)
            }
            start = index(after: start)
        }
        return nil
    }
}
