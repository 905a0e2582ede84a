import HBTTypes
import TOMLKit

/// Reads a settings file into a table whose every key knows its line.
public enum SettingsFile {
    /// - Parameters:
    ///   - path: the TOML file; messages name it as written here.
    ///   - overrides: `key=value` texts of `--set`, applied in order (see `parse`).
    /// - Throws: one line naming the file, the line and what to do.
    public static func load(path: String, overrides: [String] = []) throws(SettingsError) -> SettingsTable {
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
        text: String, file: String, overrides: [String] = []
    ) throws(SettingsError) -> SettingsTable {
        try parse(bytes: Array(text.utf8), file: file, overrides: overrides)
    }

    private static func parse(
        bytes: [UInt8], file: String, overrides: [String]
    ) throws(SettingsError) -> SettingsTable {
        let text = try validText(bytes, file: file)
        // Before the parser: it guards the parser's stack.
        let scanner = TOMLKeyScanner(bytes)
        if let problem = scanner.problem {
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
