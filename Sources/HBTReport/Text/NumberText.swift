import Foundation

/// Numbers as people read them, and as compact JSON for charts.
enum NumberText {
    static let unknown = "–"

    /// About four significant digits, thousands separated; `–` for NaN.
    static func readable(_ value: Double) -> String {
        if let special = special(value) { return special }
        let size = abs(value)
        switch size {
        case 0: return "0"
        case ..<1e-4: return trimExponent(String(format: "%.2e", value))
        case ..<1: return String(format: "%.4g", value)
        case ..<100: return fixed(value, 3)
        case ..<10_000: return fixed(value, 2)
        case ..<1e15: return fixed(value, 0)
        default: return trimExponent(String(format: "%.3e", value))
        }
    }

    /// Exactly `decimals` digits after the point, thousands separated.
    static func fixed(_ value: Double, _ decimals: Int) -> String {
        if let special = special(value) { return special }
        let text = String(format: "%.\(max(0, min(15, decimals)))f", value)
        let negative = text.hasPrefix("-")
        let parts = (negative ? text.dropFirst() : Substring(text)).split(separator: ".", omittingEmptySubsequences: false)
        let digits = Array(parts[0])
        var grouped = ""
        for (i, digit) in digits.enumerated() {
            if i > 0, (digits.count - i) % 3 == 0 { grouped.append(",") }
            grouped.append(digit)
        }
        // A number that rounds to nothing has no sign.
        let isZero = !text.contains { ("1"..."9").contains($0) }
        return (negative && !isZero ? "-" : "") + grouped + (parts.count > 1 ? "." + parts[1] : "")
    }

    /// At most `decimals` digits after the point, without zeros at the end.
    static func trimmed(_ value: Double, _ decimals: Int) -> String {
        var text = fixed(value, decimals)
        guard text.contains(".") else { return text }
        while text.hasSuffix("0") { text.removeLast() }
        if text.hasSuffix(".") { text.removeLast() }
        return text
    }

    static func percent(_ ratio: Double) -> String {
        if let special = special(ratio) { return special }
        if ratio == 0 { return "0 %" }
        let size = abs(ratio) * 100
        return fixed(ratio * 100, size >= 100 ? 1 : size >= 1 ? 2 : size >= 0.01 ? 3 : 5) + " %"
    }

    static func count(_ value: Int64) -> String { fixed(Double(value), 0) }

    /// `3.2 ms`, `1 h 02 m`.
    static func duration(ns: Double) -> String {
        if let special = special(ns) { return special }
        let size = abs(ns)
        switch size {
        case ..<1e3: return fixed(ns, 0) + " ns"
        case ..<1e6: return short(ns / 1e3) + " µs"
        case ..<1e9: return short(ns / 1e6) + " ms"
        case ..<60e9: return short(ns / 1e9) + " s"
        case ..<3_600e9: return parts(size / 1e9, 60, "min", "s")
        case ..<86_400e9: return parts(size / 60e9, 60, "h", "min")
        default: return parts(size / 3_600e9, 24, "d", "h")
        }
    }

    /// The shortest JSON number within half a unit of the last decimal; `null` when it is not finite.
    static func compact(_ value: Double, decimals: Int) -> String {
        guard value.isFinite else { return "null" }
        let scale = powerOfTen(decimals)
        let scaled = (value * scale).rounded()
        let rounded = abs(scaled) < 9e15 ? scaled / scale : value
        if rounded == 0 { return "0" }
        let text = "\(rounded)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    /// Decimals that show a difference of a `1 / 10^digits`-th of `range`.
    static func decimals(forRange range: Double, digits: Int) -> Int {
        guard range.isFinite, range > 0 else { return digits }
        var decimals = digits, size = range
        while size >= 10, decimals > -6 { (size, decimals) = (size / 10, decimals - 1) }
        while size < 1, decimals < 15 { (size, decimals) = (size * 10, decimals + 1) }
        return decimals
    }

    private static func powerOfTen(_ exponent: Int) -> Double {
        var power = 1.0
        for _ in 0..<abs(exponent) { power *= 10 }
        return exponent < 0 ? 1 / power : power
    }

    private static func short(_ value: Double) -> String {
        trimmed(value, abs(value) >= 100 ? 0 : abs(value) >= 10 ? 1 : 2)
    }

    private static func parts(_ value: Double, _ base: Double, _ major: String, _ minor: String) -> String {
        let whole = value.rounded()
        let high = (whole / base).rounded(.down)
        return "\(fixed(high, 0)) \(major) \(fixed(whole - high * base, 0)) \(minor)"
    }

    private static func special(_ value: Double) -> String? {
        value.isNaN ? unknown : value.isInfinite ? (value < 0 ? "-∞" : "∞") : nil
    }

    private static func trimExponent(_ text: String) -> String {
        text.replacingOccurrences(of: "e-0", with: "e-").replacingOccurrences(of: "e+0", with: "e+")
    }
}
