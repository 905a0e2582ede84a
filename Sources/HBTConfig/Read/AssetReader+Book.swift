import HBTTypes

extension AssetReader {
    /// 50 million levels a side are 400 MB a side.
    static let widestBookTicks = 50_000_000.0
    /// Tick numbers above this are no longer exact in floating point.
    static let largestTick = 9_007_199_254_740_992.0

    func book(tickSize: Double) throws(SettingsError) -> BookSpec? {
        guard let model = try table.model("book", kinds: ["hash", "roi"], later: ["btree", "fused", "l3"]) else { return nil }
        if model.kind == "hash" {
            try model.table.finish()
            return .hash
        }
        let range = model.table
        let example = "book = { kind = \"roi\", lower = 10_000.0, upper = 150_000.0 } (quote currency)"
        let lower = try range.required("lower", range.finite("lower"), write: example)
        let upper = try range.required("upper", range.finite("upper"), write: example)
        try range.finish()
        guard lower < upper else {
            throw range.error("upper", "= \(SettingText.number(upper)) must be above lower = \(SettingText.number(lower))")
        }
        guard abs(lower / tickSize) < Self.largestTick, abs(upper / tickSize) < Self.largestTick else {
            throw range.error("upper", "is too many ticks of tick_size = \(SettingText.number(tickSize)) to count exactly; check both")
        }
        let ticks = ((upper - lower) / tickSize).rounded()
        guard ticks <= Self.widestBookTicks else {
            throw range.error(
                "upper", "makes the book \(Int64(ticks)) ticks wide, more than 50000000; narrow the range or write book = \"hash\""
            )
        }
        return .roi(lower: lower, upper: upper)
    }
}
