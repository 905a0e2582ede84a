/// Finds the first difference between what a vector expects and what we saw.
struct VectorComparison {
    /// Relative; nil compares doubles exactly. NaN equals NaN.
    let floatTolerance: Double?
    /// Names of fields that the reference itself does not reproduce.
    let ignored: [String]

    init(floatTolerance: Double? = nil, ignored: [String] = []) {
        self.floatTolerance = floatTolerance
        self.ignored = ignored
    }

    /// `"path: expected …, got …"`, or nil when everything expected is there.
    ///
    /// Members that only the observation has do not count.
    func difference(_ expected: VectorValue, _ seen: VectorValue, at path: String) -> String? {
        switch (expected, seen) {
        case (.object(let members), .object):
            for member in members where !ignored.contains(member.key) {
                let inner = path.isEmpty ? member.key : "\(path).\(member.key)"
                guard let other = seen[member.key] else { return "\(inner): expected \(member.value.text), got nothing" }
                if let found = difference(member.value, other, at: inner) { return found }
            }
            return nil
        case (.array(let wanted), .array(let got)):
            for (i, value) in wanted.enumerated() {
                guard i < got.count else { return "\(path)[\(i)]: expected \(value.text), got nothing" }
                if let found = difference(value, got[i], at: "\(path)[\(i)]") { return found }
            }
            if got.count > wanted.count { return "\(path)[\(wanted.count)]: expected nothing, got \(got[wanted.count].text)" }
            return nil
        default:
            return isSame(expected, seen) ? nil : "\(path): expected \(expected.text), got \(seen.text)"
        }
    }

    private func isSame(_ expected: VectorValue, _ seen: VectorValue) -> Bool {
        switch (expected, seen) {
        case (.null, .null): return true
        case (.bool(let a), .bool(let b)): return a == b
        case (.integer(let a), .integer(let b)): return a == b
        case (.unsigned(let a), .unsigned(let b)): return a == b
        default:
            if let a = expected.asDouble, let b = seen.asDouble { return isSame(a, b) }
            if case .string(let a) = expected, case .string(let b) = seen { return a == b }
            return false
        }
    }

    func isSame(_ expected: Double, _ seen: Double) -> Bool {
        if expected == seen || (expected.isNaN && seen.isNaN) { return true }
        guard let floatTolerance else { return false }
        return abs(expected - seen) <= floatTolerance * max(abs(expected), abs(seen))
    }
}
