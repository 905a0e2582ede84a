import HBTTypes

extension AssetReader {
    /// Order latency: the model the engine runs, and where its rows come from.
    ///
    /// Negative durations are allowed: a negative entry latency means that the request is rejected before it
    /// reaches the exchange (semantics: latency), and offsets correct clocks in both directions.
    func latency() throws(SettingsError) -> (model: LatencyModel, source: LatencySettings)? {
        guard let model = try table.model("latency", kinds: ["constant", "interpolated", "feed"]) else { return nil }
        let table = model.table
        let result: (LatencyModel, LatencySettings)
        switch model.kind {
        case "constant":
            let example = "latency = { kind = \"constant\", entry = \"10ms\", response = \"10ms\" }"
            let entry = try table.required("entry", table.durationNs("entry"), write: example)
            let response = try table.required("response", table.durationNs("response"), write: example)
            result = (.constant(entryNs: entry, responseNs: response), .constant)
        case "interpolated":
            let files = try table.required("file", table.paths("file", from: folder), write: "file = \"…npz\", the order-latency rows")
            result = (.interpolated(offsetNs: try table.durationNs("offset") ?? 0), .files(files))
        default:
            result = (.interpolated(offsetNs: 0), .feed(try feed(table)))
        }
        try table.finish()
        return result
    }

    private func feed(_ table: SettingsTable) throws(SettingsError) -> FeedLatencySettings {
        var feed = FeedLatencySettings()
        feed.entryMultiplier = try multiplier("entry_multiplier", in: table) ?? feed.entryMultiplier
        feed.entryOffsetNs = try table.durationNs("entry_offset") ?? feed.entryOffsetNs
        feed.responseMultiplier = try multiplier("response_multiplier", in: table) ?? feed.responseMultiplier
        feed.responseOffsetNs = try table.durationNs("response_offset") ?? feed.responseOffsetNs
        feed.resamplingNs = try table.positiveDurationNs("resample") ?? feed.resamplingNs
        return feed
    }

    private func multiplier(_ key: String, in table: SettingsTable) throws(SettingsError) -> Double? {
        guard let value = try table.finite(key) else { return nil }
        guard value >= 0 else { throw table.error(key, "= \(SettingText.number(value)) must not be negative") }
        return value
    }
}
