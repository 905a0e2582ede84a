import HBTTypes

/// Checks that the readers of graphs make of their settings.
extension SettingsTable {
    /// One of several words.
    func word<Word: RawRepresentable & CaseIterable>(_ key: String, _ type: Word.Type) throws(SettingsError) -> Word?
    where Word.RawValue == String {
        guard let text = try string(key) else { return nil }
        if let word = Word(rawValue: text) { return word }
        let words = Word.allCases.map(\.rawValue)
        let near = Suggestion.nearest(to: text, among: words).map { "; did you mean \"\($0)\"?" }
        throw error(key, "= \"\(text)\" is not known\(near ?? "; write one of \(words.joined(separator: ", "))")")
    }

    /// A span of time in `key`_ns (an integer) or `key` (a duration with its unit).
    ///
    /// - Parameter orCount: `key` may also be a number of updates, which is left to the caller.
    func spanNs(_ key: String, orCount: Bool = false) throws(SettingsError) -> Int64? {
        let longKey = key + "_ns"
        let exact = try integer(longKey)
        var ns = exact
        if let written = entry(key) {
            if exact != nil { throw error(key, "cannot stand beside \(longKey); remove one of them") }
            if case .integer = written.value, orCount { return nil }
            ns = try durationNs(key)
        }
        guard let ns else { return nil }
        guard ns > 0, ns <= 3_153_600_000_000_000_000 else {
            throw error(exact == nil ? key : longKey, "must lie between 1 ns and 100 years")
        }
        return ns
    }

    func requiredSpanNs(_ key: String) throws(SettingsError) -> Int64 {
        if let ns = try spanNs(key) { return ns }
        throw SettingsError(location, "\(fullName(key + "_ns")) is missing; write \(key)_ns = 60_000_000_000 or \(key) = \"60s\"")
    }

    /// A window of so many updates (`key` an integer) or of time (`key`_ns, or `key` a duration).
    func windowSpan(_ key: String, upTo limit: Int64 = 100_000_000) throws(SettingsError) -> WindowSpan {
        if let ns = try spanNs(key, orCount: true) { return .time(ns: ns) }
        guard entry(key) != nil else {
            throw SettingsError(location, "\(fullName(key)) is missing; write a number of updates, a duration such as \"60s\", or \(key)_ns")
        }
        return .count(try count(key, upTo: limit))
    }

    /// `clock` or `every`; `timer` is the interval of a timer among the dependencies.
    func sampling(timerNs: Int64?) throws(SettingsError) -> Sampling {
        let clock = try string("clock"), every = try spanNs("every")
        if let every {
            if clock != nil { throw error("clock", "cannot stand beside every; remove one of them") }
            if timerNs != nil { throw error("every", "cannot stand beside a TimerSource among the dependencies; remove one of them") }
            return Sampling(clock: .every, everyNs: every)
        }
        if let timerNs {
            if clock != nil { throw error("clock", "cannot stand beside a TimerSource among the dependencies; remove one of them") }
            return Sampling(clock: .every, everyNs: timerNs)
        }
        switch clock {
        case nil, "update": return Sampling(clock: .update)
        case "wave": return Sampling(clock: .wave)
        case "step": return Sampling(clock: .step)
        case let other?: throw error("clock", "= \"\(other)\" is not known; write update, wave or step, or every = \"1s\" instead")
        }
    }

    /// Levels of the book: exactly one of the keys in `allowed`.
    func depthRange(_ allowed: [String]) throws(SettingsError) -> DepthRange {
        let given = allowed.filter { entry($0) != nil }
        guard let key = given.first else {
            throw SettingsError(location, "\(fullName(allowed[0])) is missing; write one of \(allowed.joined(separator: ", "))")
        }
        if given.count > 1 { throw error(given[1], "cannot stand beside \(key); remove one of them") }
        switch key {
        case "levels": return .levels(try count(key, upTo: 1_000_000))
        case "depth_ticks": return .ticks(Int64(try count(key, upTo: 1_000_000_000)))
        case "depth_notional": return .notional(try positive(key))
        default: return .share(try share(key))
        }
    }

    /// Above 0 and below 1.
    func share(_ key: String) throws(SettingsError) -> Double {
        let value = try positive(key)
        guard value < 1 else { throw error(key, "= \(value) is a share of the mid price; write it between 0 and 1, such as 0.001 for 0.1 %") }
        return value
    }

    /// Between 0 and 1, both included.
    func fraction(_ key: String) throws(SettingsError) -> Double {
        let value = try number(key)
        guard value >= 0, value <= 1 else { throw error(key, "= \(value) must lie between 0 and 1") }
        return value
    }

    func ddof() throws(SettingsError) -> Double {
        let value = try integer("ddof") ?? 1
        guard value >= 0, value <= 1_000 else { throw error("ddof", "= \(value) must lie between 0 and 1000") }
        return Double(value)
    }

    /// A list of words, each with its place.
    func words(_ key: String) throws(SettingsError) -> [FactorNode.Dependency]? {
        guard let entry = entry(key) else { return nil }
        guard case .array(let items) = entry.value else { throw error(key, "is \(entry.value.kindName); write a list such as [\"depth_source\"]") }
        var all: [FactorNode.Dependency] = []
        for item in items {
            guard case .string(let id) = item else { throw error(key, "holds \(item.kindName); write node ids in quotes") }
            all.append(FactorNode.Dependency(id: id, location: entry.location))
        }
        return all
    }
}
