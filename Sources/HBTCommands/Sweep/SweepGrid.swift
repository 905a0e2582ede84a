/// The grid of a sweep: one list of values a key, all combinations, the last key running fastest.
struct SweepGrid {
    /// A typing mistake must not fill the memory.
    static let mostSets = 100_000

    struct Axis: Equatable {
        /// As `--set` takes it.
        let key: String
        /// As text, the way they were written.
        let values: [String]
    }
    let axes: [Axis]

    init(_ texts: [String]) throws(CommandError) {
        var axes: [Axis] = []
        var count = 1
        for text in texts {
            let axis = try Self.axis(text)
            guard !axes.contains(where: { $0.key == axis.key }) else { throw CommandError("--grid \(text): \(axis.key) is given twice") }
            axes.append(axis)
            count *= axis.values.count
            guard count <= Self.mostSets else { throw CommandError("--grid \(text): more than \(Self.mostSets) parameter sets; give fewer values") }
        }
        self.axes = axes
    }

    /// One value a key for each set.
    var sets: [[String]] {
        axes.reduce([[]]) { sets, axis in sets.flatMap { set in axis.values.map { set + [$0] } } }
    }

    /// `key=a,b,c` or `key=from:to:step`; a key without a dot belongs to `[strategy]`.
    private static func axis(_ text: String) throws(CommandError) -> Axis {
        guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
            throw CommandError("--grid \(text): write key=a,b,c or key=from:to:step, such as half_spread=2:10:0.5")
        }
        let name = String(text[..<equals]), written = String(text[text.index(after: equals)...])
        let key = name.contains(".") || name.contains("[") ? name : "strategy.\(name)"
        let parts = written.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        if parts.count == 3, let range = try range(parts, text) { return Axis(key: key, values: range) }
        let values = written.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        guard values.allSatisfy({ !$0.isEmpty }) else { throw CommandError("--grid \(text): a value is empty") }
        guard Set(values).count == values.count else { throw CommandError("--grid \(text): a value is given twice") }
        return Axis(key: key, values: values)
    }

    /// Decimal numbers counted in units of their last digit, so that 0:1:0.1 ends at 1; nil when they are none.
    private static func range(_ parts: [String], _ text: String) throws(CommandError) -> [String]? {
        let digits = parts.map { part in part.firstIndex(of: ".").map { part.distance(from: $0, to: part.endIndex) - 1 } ?? 0 }
        let most = digits.max() ?? 0
        guard most <= 12 else { throw CommandError("--grid \(text): more than 12 decimals") }
        var units: [Int64] = []
        for (part, count) in zip(parts, digits) {
            guard Double(part) != nil, let whole = Int64(part.filter { $0 != "." } + String(repeating: "0", count: most - count)) else { return nil }
            units.append(whole)
        }
        let (from, to, step) = (units[0], units[1], units[2])
        guard step != 0, (to >= from) == (step > 0) else { throw CommandError("--grid \(text): the step leads away from the end") }
        guard (to &- from).magnitude / step.magnitude < UInt64(mostSets) else { throw CommandError("--grid \(text): more than \(mostSets) values") }
        return stride(from: from, through: to, by: Int(step)).map { decimal($0, digits: most, hasPoint: parts.contains { $0.contains(".") }) }
    }

    private static func decimal(_ units: Int64, digits: Int, hasPoint: Bool) -> String {
        var text = String(units.magnitude)
        while text.count <= digits { text = "0" + text }
        let sign = units < 0 ? "-" : ""
        guard hasPoint else { return sign + text }
        return sign + text.dropLast(digits) + "." + (digits == 0 ? "0" : String(text.suffix(digits)))
    }
}
