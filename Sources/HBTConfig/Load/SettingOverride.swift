import HBTTypes
import TOMLKit

/// One `--set key=value`, taken apart.
struct SettingOverride {
    private enum Step: Equatable {
        case key(String)
        case index(Int)
    }

    private let steps: [Step]
    private let value: SettingValue
    /// Names the option in messages; there is no line.
    private let location: SourceLocation

    init(_ argument: SettingArgument) throws(SettingsError) {
        let text = argument.text
        location = SourceLocation(file: "\(argument.option) \(OneLine.text(text))", line: 0)
        if text.unicodeScalars.contains(where: { $0.value < 0x20 && $0 != "\t" || $0.value == 0x7F }) {
            throw SettingsError(location, "control characters and line breaks cannot be set on the command line")
        }
        guard let equals = text.firstIndex(of: "=") else {
            throw SettingsError(location, "write key=value, such as strategy.half_spread=40")
        }
        let name = text[..<equals].trimmingBlanks()
        let written = text[text.index(after: equals)...].trimmingBlanks()
        guard let steps = Self.steps(of: name), case .key? = steps.first else {
            throw SettingsError(location, "\"\(OneLine.text(name))\" is not a key; write it as strategy.half_spread or asset[0].tick_size")
        }
        if written.isEmpty { throw SettingsError(location, "there is no value after =; write \"\" for an empty string") }
        self.steps = steps
        self.value = try Self.value(of: written, name, location)
    }

    /// `a.b[0].c` or `a.b.0.c`; nil when a part is empty or brackets do not match.
    private static func steps(of name: String) -> [Step]? {
        var steps: [Step] = []
        for part in name.split(separator: ".", omittingEmptySubsequences: false) {
            if let index = Int(part), index >= 0 {
                steps.append(.index(index))
                continue
            }
            let pieces = part.split(separator: "[", omittingEmptySubsequences: false)
            guard let key = pieces.first, !key.isEmpty, !key.contains("]") else { return nil }
            steps.append(.key(String(key)))
            for piece in pieces.dropFirst() {
                guard piece.last == "]", let index = Int(piece.dropLast()), index >= 0 else { return nil }
                steps.append(.index(index))
            }
        }
        return steps.count <= TOMLKeyScanner.deepest ? steps : nil
    }

    /// The TOML value of `text`, or `text` itself when it is none and does not start like one.
    private static func value(
        of text: String, _ name: String, _ location: SourceLocation
    ) throws(SettingsError) -> SettingValue {
        let looksLikeTOML = text.first.map { "\"'[{".contains($0) } ?? false
        let scanner = TOMLKeyScanner(Array("value = \(text)".utf8))
        if let problem = scanner.problem {
            if looksLikeTOML { throw SettingsError(location, problem.message) }
            return .string(text)
        }
        guard let table = try? TOMLTable(string: "value = \(text)"),
            table.count == 1, let value = table["value"]?.tomlValue
        else {
            if looksLikeTOML { throw SettingsError(location, "the value is not valid TOML") }
            return .string(text)
        }
        // Without lines: tables given on the command line stand at the option itself.
        return try SettingsConversion(file: location.file).value(value, nil, path: name, location)
    }

    func apply(to root: SettingsTable) throws(SettingsError) {
        _ = try replaced(.table(root), steps[...], path: "")
    }

    /// `old` with the value at `steps` replaced. Tables are changed in place, arrays made anew.
    private func replaced(
        _ old: SettingValue?, _ steps: ArraySlice<Step>, path: String
    ) throws(SettingsError) -> SettingValue {
        guard let step = steps.first else { return value }
        let rest = steps.dropFirst()
        switch (old, step) {
        case (.table(let table)?, _):
            // A table may have a key that looks like an index.
            let key = switch step {
            case .key(let key): key
            case .index(let index): String(index)
            }
            let old = table.entries.first { $0.key == key }
            let value = try replaced(old?.value, rest, path: table.fullName(key))
            // An entry stands at this option only when all of it is replaced, so that a later error
            // about a neighbour still names the file's line.
            table.set(key, value, location: rest.isEmpty ? location : old?.location ?? location)
            return .table(table)
        case (.array(var items)?, .index(let index)):
            guard index < items.count else {
                throw SettingsError(location, "\(path) has \(items.count) element\(items.count == 1 ? "" : "s"); there is no [\(index)]")
            }
            items[index] = try replaced(items[index], rest, path: "\(path)[\(index)]")
            return .array(items)
        case (.array(let items)?, .key(let key)):
            guard items.count == 1 else {
                throw SettingsError(location, "\(path) has \(items.count) elements; write \(path)[0].\(key)")
            }
            return .array([try replaced(items[0], steps, path: "\(path)[0]")])
        case (nil, .key):
            return try replaced(.table(SettingsTable([], path: path, location: location)), steps, path: path)
        case (nil, .index):
            throw SettingsError(location, "there is no \(path) to take an element of")
        case (let scalar?, _):
            throw SettingsError(location, "\(path) is \(scalar.kindName), with nothing inside to set")
        }
    }
}
