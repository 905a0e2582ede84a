import HBTTypes
import TOMLKit

/// Reads a settings file into a table whose every key knows its line.
public enum SettingsFile {
    /// - Parameters:
    ///   - path: the TOML file; messages name it as written here.
    ///   - overrides: `key=value` texts of `--set`, applied in order (see `parse`).
    /// - Throws: one line naming the file, the line and what to do.
    public static func load(path: String, overrides: [SettingArgument] = []) throws(SettingsError) -> SettingsTable {
        try parse(bytes: bytes(ofFile: path), file: path, overrides: overrides)
    }

    /// The same from text already in memory.
    ///
    /// - Parameters:
    ///   - file: names the text in messages, and its folder is what relative paths are relative to.
    ///   - overrides: dotted keys with array indexes (`strategy.half_spread=40`, `asset[0].tick_size=0.01`,
    ///     `asset.0.tick_size=0.01`, or `asset.tick_size=0.01` when there is one asset). The value is read as
    ///     TOML, and as a plain string when it is none (`strategy.interval=10ms`).
    public static func parse(
        text: String, file: String, overrides: [SettingArgument] = []
    ) throws(SettingsError) -> SettingsTable {
        try parse(bytes: Array(text.utf8), file: file, overrides: overrides)
    }

    private static func parse(
        bytes: [UInt8], file: String, overrides: [SettingArgument]
    ) throws(SettingsError) -> SettingsTable {
        let text = try validText(bytes, file: file)
        // Before the parser, which some of these would crash.
        let scanner = TOMLKeyScanner(bytes)
        if let problem = scanner.problem {
            try checkLines(before: problem.line, of: bytes, file: file)
            throw SettingsError(SourceLocation(file: file, line: problem.line), problem.message)
        }
        let document = try document(text, file: file)
        let root = try SettingsConversion(file: file).table(document, scanner.root, path: "")
        if root.entries.isEmpty {
            throw SettingsError(SourceLocation(file: file, line: 0), "there are no settings in this file; see docs/settings.md")
        }
        for override in overrides { try SettingOverride(override).apply(to: root) }
        return root
    }

    /// A mistake further up may be what misled the scanner: then it is the one to report.
    private static func checkLines(before line: Int, of bytes: [UInt8], file: String) throws(SettingsError) {
        var newlines = 0
        let end = bytes.firstIndex { byte in
            newlines += byte == UInt8(ascii: "\n") ? 1 : 0
            return newlines == line - 1
        }
        guard line > 1, let end else { return }
        do throws(SettingsError) {
            _ = try document(String(decoding: bytes[..<end], as: UTF8.self), file: file)
        } catch {
            // That something is not closed yet comes from cutting here.
            if !error.message.contains("end-of-file") { throw error }
        }
    }

    private static func document(_ text: String, file: String) throws(SettingsError) -> TOMLTable {
        do {
            return try TOMLTable(string: text)
        } catch let error as TOMLParseError {
            let place = error.source.begin
            throw SettingsError(
                SourceLocation(file: file, line: place.line),
                "not valid TOML: \(OneLine.text(error.description)) (column \(place.column))"
            )
        } catch {
            throw SettingsError(SourceLocation(file: file, line: 0), "not valid TOML: \(OneLine.text("\(error)"))")
        }
    }
}
