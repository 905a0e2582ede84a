/// Durations as users write them.
public enum DurationText {
    private static let units: [(String, Int64)] = [
        ("ns", 1), ("us", 1_000), ("µs", 1_000), ("ms", 1_000_000), ("s", 1_000_000_000),
        ("m", 60_000_000_000), ("min", 60_000_000_000), ("h", 3_600_000_000_000), ("d", 86_400_000_000_000),
    ]

    /// Nanoseconds of `text` (`"100ms"`, `"1.5s"`, `"-40ns"`); nil when it is not a duration or overflows.
    public static func parseNs(_ text: String) -> Int64? {
        let number = text.prefix { "+-.0123456789".contains($0) }
        let unit = text.dropFirst(number.count).drop { $0 == " " }
        guard let scale = units.first(where: { $0.0 == unit })?.1 else { return nil }
        if let whole = Int64(number) {
            let (ns, overflow) = whole.multipliedReportingOverflow(by: scale)
            return overflow ? nil : ns
        }
        guard let value = Double(number), value.isFinite else { return nil }
        let ns = (value * Double(scale)).rounded()
        return abs(ns) < 9.2e18 ? Int64(ns) : nil
    }

    /// The shortest exact way to write a duration: `"100ms"`, `"90s"`.
    public static func text(ns: Int64) -> String {
        for (unit, scale) in [("h", 3_600_000_000_000 as Int64), ("m", 60_000_000_000), ("s", 1_000_000_000), ("ms", 1_000_000), ("us", 1_000)]
        where ns != 0 && ns % scale == 0 {
            return "\(ns / scale)\(unit)"
        }
        return "\(ns)ns"
    }
}
