import HBTTypes

/// Readings that several settings share. Messages start with the setting's full name.
extension SettingsTable {
    /// Where `key` stands, or the table when it is absent.
    func place(of key: String) -> SourceLocation { entries.first { $0.key == key }?.location ?? location }

    /// A finite number.
    func finite(_ key: String) throws(SettingsError) -> Double? {
        guard let value = try double(key) else { return nil }
        guard value.isFinite else { throw error(key, "= \(value) is not a finite number") }
        return value
    }

    /// A finite number above zero.
    func positive(_ key: String) throws(SettingsError) -> Double? {
        guard let value = try finite(key) else { return nil }
        guard value > 0 else { throw error(key, "= \(SettingText.number(value)) must be greater than 0") }
        return value
    }

    /// A duration above zero.
    func positiveDurationNs(_ key: String) throws(SettingsError) -> Int64? {
        guard let ns = try durationNs(key) else { return nil }
        guard ns > 0 else { throw error(key, "= \"\(DurationText.text(ns: ns))\" must be longer than 0") }
        return ns
    }

    /// A value that must be there, with what to write when it is not.
    func required<T>(_ key: String, _ value: T?, write example: String) throws(SettingsError) -> T {
        guard let value else { throw SettingsError(location, "\(fullName(key)) is missing; write \(example)") }
        return value
    }

    /// One of `words`; `later` are words of the design that this version does not have yet.
    func word(_ key: String, of words: [String], later: [String] = []) throws(SettingsError) -> String? {
        guard let word = try string(key) else { return nil }
        if words.contains(word) { return word }
        let list = words.joined(separator: ", ")
        if later.contains(word) { throw error(key, "= \"\(word)\" is not available yet; write one of \(list)") }
        guard let near = Suggestion.nearest(to: word, among: words + later) else {
            throw error(key, "= \"\(OneLine.text(word))\" is not known; write one of \(list)")
        }
        throw error(key, "= \"\(OneLine.text(word))\" is not known; did you mean \"\(near)\"? (one of \(list))")
    }

    /// A table with a `kind`, `{ kind = "linear", size = 1.0 }`, or the kind alone, `"linear"`.
    func model(
        _ key: String, kinds: [String], later: [String] = []
    ) throws(SettingsError) -> (kind: String, table: SettingsTable)? {
        guard let entry = entry(key) else { return nil }
        let table: SettingsTable
        switch entry.value {
        case .table(let written): table = written
        case .string:
            let kind = Entry(key: "kind", value: entry.value, location: entry.location)
            table = SettingsTable([kind], path: fullName(key), location: entry.location)
        default:
            throw error(key, "is \(entry.value.kindName); write { kind = \"\(kinds[0])\", … } or \"\(kinds[0])\"")
        }
        let kind = try table.word("kind", of: kinds, later: later)
        return (try table.required("kind", kind, write: "kind = \"\(kinds[0])\" (or \(kinds.dropFirst().joined(separator: ", ")))"), table)
    }

    /// A string that can stand in a one-line message, a file name and a table of a report.
    func label(_ key: String) throws(SettingsError) -> String? {
        guard let text = try string(key) else { return nil }
        guard !text.isEmpty else { throw error(key, "is empty") }
        guard text.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value != 0x7F }), text.utf8.count <= 100 else {
            throw error(key, "= \"\(OneLine.text(text))\" must be at most 100 characters without spaces")
        }
        return text
    }
}
