import HBTTypes

/// Checks that every market-making strategy makes of its settings.
extension SettingsTable {
    func number(_ key: String, default fallback: Double? = nil) throws(SettingsError) -> Double {
        if try double(key) == nil, let fallback { useDefault(key, .double(fallback)) }
        let value = try require(key, try double(key))
        guard value.isFinite else { throw error(key, "must be a finite number") }
        return value
    }

    func nonNegative(_ key: String, default fallback: Double? = nil) throws(SettingsError) -> Double {
        let value = try number(key, default: fallback)
        guard value >= 0 else { throw error(key, "= \(value) must not be negative") }
        return value
    }

    func positive(_ key: String, default fallback: Double? = nil) throws(SettingsError) -> Double {
        let value = try number(key, default: fallback)
        guard value > 0 else { throw error(key, "= \(value) must be above 0") }
        return value
    }

    func count(_ key: String, default fallback: Int64? = nil, upTo limit: Int64) throws(SettingsError) -> Int {
        if try integer(key) == nil, let fallback { useDefault(key, .integer(fallback)) }
        let value = try require(key, try integer(key))
        guard value >= 1, value <= limit else { throw error(key, "= \(value) must lie between 1 and \(limit)") }
        return Int(value)
    }

    /// A positive interval of time.
    func intervalNs(_ key: String, default fallback: Int64? = nil) throws(SettingsError) -> Int64 {
        if try durationNs(key) == nil, let fallback { useDefault(key, .string(DurationText.text(ns: fallback))) }
        let value = try require(key, try durationNs(key))
        guard value > 0 else { throw error(key, "must be longer than nothing") }
        return value
    }

    /// Writes a default into the table, so that the resolved settings of a run show it.
    private func useDefault(_ key: String, _ value: SettingValue) { set(key, value, location: location) }
}
