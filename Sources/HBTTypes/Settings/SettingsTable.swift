/// A table of settings with the line of every key, read by typed accessors.
///
/// Each accessor marks its key as known; `finish()` then refuses what nobody asked for, with the
/// nearest known key as a suggestion. A class, so that nested tables share their marks.
public final class SettingsTable: @unchecked Sendable {
    public struct Entry: Sendable {
        public var key: String
        public var value: SettingValue
        public var location: SourceLocation
        public init(key: String, value: SettingValue, location: SourceLocation) {
            self.key = key
            self.value = value
            self.location = location
        }
    }

    /// In file order.
    public private(set) var entries: [Entry]
    /// Where the table itself starts.
    public let location: SourceLocation
    /// Dotted path of the table from the root, empty for the root; for messages.
    public let path: String
    private var known: [String] = []

    public init(_ entries: [Entry], path: String, location: SourceLocation) {
        self.entries = entries
        self.path = path
        self.location = location
    }

    public func entry(_ key: String) -> Entry? {
        if !known.contains(key) { known.append(key) }
        return entries.first { $0.key == key }
    }

    /// Replaces or adds a value (used by `--set`).
    public func set(_ key: String, _ value: SettingValue, location: SourceLocation) {
        if let i = entries.firstIndex(where: { $0.key == key }) {
            entries[i].value = value
            entries[i].location = location
        } else {
            entries.append(Entry(key: key, value: value, location: location))
        }
    }

    public func fullName(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    // MARK: typed accessors

    public func string(_ key: String) throws(SettingsError) -> String? {
        guard let e = entry(key) else { return nil }
        guard case .string(let s) = e.value else { throw mismatch(e, "a string in quotes") }
        return s
    }

    /// Integers are accepted as numbers.
    public func double(_ key: String) throws(SettingsError) -> Double? {
        guard let e = entry(key) else { return nil }
        switch e.value {
        case .double(let d): return d
        case .integer(let i): return Double(i)
        default: throw mismatch(e, "a number")
        }
    }

    public func integer(_ key: String) throws(SettingsError) -> Int64? {
        guard let e = entry(key) else { return nil }
        guard case .integer(let i) = e.value else { throw mismatch(e, "an integer") }
        return i
    }

    public func bool(_ key: String) throws(SettingsError) -> Bool? {
        guard let e = entry(key) else { return nil }
        guard case .bool(let b) = e.value else { throw mismatch(e, "true or false") }
        return b
    }

    public func table(_ key: String) throws(SettingsError) -> SettingsTable? {
        guard let e = entry(key) else { return nil }
        guard case .table(let t) = e.value else { throw mismatch(e, "a table") }
        return t
    }

    /// A duration with its unit, as nanoseconds: `"100ms"`, `"1s"`, `"10000000ns"`.
    public func durationNs(_ key: String) throws(SettingsError) -> Int64? {
        guard let e = entry(key) else { return nil }
        guard case .string(let s) = e.value else {
            throw mismatch(e, "a duration with its unit, such as \"100ms\"")
        }
        guard let ns = DurationText.parseNs(s) else {
            let units = "ns, us, ms, s, m, h, d"
            throw SettingsError(e.location, "\(fullName(key)) = \"\(s)\" is not a duration; write a number and one of \(units), such as \"100ms\"")
        }
        return ns
    }

    /// The value of a key that must be there.
    public func require<T>(_ key: String, _ value: T?) throws(SettingsError) -> T {
        if let value { return value }
        // A misspelt key is more likely than a forgotten one: say so where it stands.
        let unread = entries.filter { !known.contains($0.key) }
        if let near = Suggestion.nearest(to: key, among: unread.map(\.key)), let entry = unread.first(where: { $0.key == near }) {
            throw SettingsError(entry.location, "unknown setting \(fullName(near)); did you mean \(key)?")
        }
        throw SettingsError(location, "\(fullName(key)) is missing")
    }

    /// An error at a key (or at the table, when the key is absent).
    public func error(_ key: String, _ message: String) -> SettingsError {
        SettingsError(entries.first { $0.key == key }?.location ?? location, "\(fullName(key)) \(message)")
    }

    /// Refuses the first key that no accessor has asked for.
    public func finish() throws(SettingsError) {
        for e in entries where !known.contains(e.key) {
            var message = "unknown setting \(fullName(e.key))"
            if let near = Suggestion.nearest(to: e.key, among: known) {
                message += "; did you mean \(near)?"
            } else {
                message += "; known here: \(known.sorted().joined(separator: ", "))"
            }
            throw SettingsError(e.location, message)
        }
    }

    private func mismatch(_ e: Entry, _ wanted: String) -> SettingsError {
        SettingsError(e.location, "\(fullName(e.key)) is \(e.value.kindName); write \(wanted)")
    }
}
