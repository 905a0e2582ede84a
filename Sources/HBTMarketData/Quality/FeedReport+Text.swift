import Foundation

extension FeedReport {
    /// For people: one block of aligned lines.
    public var text: String {
        var lines = ["rows            \(rows)"]
        for kind in kinds {
            lines.append("  \(Self.pad(kind.kind, 14))\(kind.total)  (buy \(kind.buy), sell \(kind.sell), no side \(kind.noSide))")
        }
        for (name, side) in [("exchange", exchange), ("local", local)] {
            let span = side.span.map { "\(UTCText.text(ns: $0.firstNs)) … \(UTCText.text(ns: $0.lastNs))" } ?? "no rows"
            lines.append("\(Self.pad(name, 16))\(side.rows) rows, \(span)")
            if let silence = side.longestSilence {
                let from = UTCText.text(ns: silence.fromNs)
                lines.append("  longest silence \(FeedValidation.seconds(silence.lengthNs)) from \(from), ended by row \(silence.row)")
            }
            lines.append("  reversals \(side.reversals.count), crossed \(side.crossed.count), locked \(side.locked.count)")
        }
        if let latency {
            let figures = [
                ("min", latency.minNs), ("p1", latency.p1Ns), ("p50", latency.p50Ns), ("p90", latency.p90Ns), ("p99", latency.p99Ns),
                ("max", latency.maxNs),
            ]
            lines.append("feed latency    " + figures.map { "\($0) \(Self.ms($1))" }.joined(separator: ", "))
        }
        lines.append("snapshots       \(snapshotRows) rows, \(clears) clears")
        if let raw = conversion {
            lines.append("messages        " + raw.messages.map { "\($0.name) \($0.count)" }.joined(separator: ", "))
            if !raw.skipped.isEmpty { lines.append("left out        " + raw.skipped.map { "\($0.name) \($0.count)" }.joined(separator: ", ")) }
            lines.append("update gaps     \(raw.updateGapCount), trade gaps \(raw.tradeGapCount), local clock shifted by \(Self.ms(raw.localShiftNs))")
        }
        return lines.joined(separator: "\n")
    }

    /// For machines: keys sorted, so that equal reports are equal bytes.
    public func json() throws -> String { try JSONText.encode(self) }

    private static func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }

    private static func ms(_ ns: Int64) -> String { FeedValidation.seconds(ns) }
}

extension FeedValidation {
    /// One line a finding, errors first; the last line is the verdict.
    public var text: String {
        let lines = findings.map { "\($0.severity.rawValue): \($0.check): \($0.text)" }
        let errors = findings.filter { $0.severity == .error }.count
        let warnings = findings.filter { $0.severity == .warning }.count
        return (lines + [passes ? "passes, \(warnings) warnings" : "fails: \(errors) errors, \(warnings) warnings"]).joined(separator: "\n")
    }

    public func json() throws -> String { try JSONText.encode(self) }
}

extension ConversionReport {
    public func json() throws -> String { try JSONText.encode(self) }
}

enum JSONText {
    static func encode(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
