/// One statement about data quality.
public struct FeedFinding: Sendable, Equatable, Codable {
    public enum Severity: String, Sendable, Equatable, Codable, CaseIterable {
        /// A backtest on the data would be wrong.
        case error
        /// A backtest runs, but its results need a second look.
        case warning
        /// Worth knowing.
        case note
    }

    public var severity: Severity
    /// A fixed name for machines, e.g. `clock-reversal`.
    public var check: String
    /// What, where and what it means, one line.
    public var text: String
}

/// The inspection turned into pass or fail.
public struct FeedValidation: Sendable, Equatable, Codable {
    /// Errors first, then warnings, then notes.
    public var findings: [FeedFinding]
    /// No finding is an error.
    public var passes: Bool { !findings.contains { $0.severity == .error } }

    public init(_ report: FeedReport) {
        var found: [FeedFinding] = []
        func add(_ severity: FeedFinding.Severity, _ check: String, _ text: String) {
            found.append(.init(severity: severity, check: check, text: text))
        }
        func add(_ places: FeedReport.Places, _ severity: FeedFinding.Severity, _ check: String, _ text: String) {
            guard places.count > 0 else { return }
            let rows = places.firstRows.map(String.init).joined(separator: ", ")
            add(severity, check, "\(places.count) \(text); first at row\(places.firstRows.count == 1 ? "" : "s") \(rows)")
        }
        if report.rows == 0 { add(.error, "empty", "there are no rows") }
        add(report.exchange.reversals, .error, "clock-reversal", "rows step back in exchange time among EXCH rows")
        add(report.local.reversals, .error, "clock-reversal", "rows step back in local time among LOCAL rows")
        add(report.notFinite, .error, "not-finite", "prices or quantities are NaN or infinite")
        add(report.negativeQuantities, .error, "negative-quantity", "quantities are negative")
        add(report.sideless, .error, "no-side", "depth rows have neither BUY nor SELL, so no book takes them")
        add(report.unflagged, .warning, "no-flag", "rows have neither EXCH nor LOCAL, so no side sees them")
        if let latency = report.latency, latency.negativeRows > 0 {
            add(
                .warning, "negative-latency",
                "\(latency.negativeRows) rows are received before they happen (smallest latency \(latency.minNs) ns); correct the local clock")
        }
        for (name, side) in [("exchange", report.exchange), ("local", report.local)] {
            if side.crossed.count > 0 { add(.warning, "crossed-book", "the \(name) book is crossed " + Self.spans(side.crossed)) }
            if side.locked.count > 0 { add(.warning, "locked-book", "the \(name) book is locked " + Self.spans(side.locked)) }
            let longest = Self.seconds(side.longestSilence?.lengthNs ?? 0)
            add(side.silences, .warning, "silence", "silences by the \(name) clock exceed the limit (longest \(longest))")
        }
        if let raw = report.conversion { Self.addRaw(raw, to: &found) }
        add(report.duplicates, .warning, "duplicate-row", "rows repeat the row before in every field")
        add(report.repeatedTrades, .note, "repeated-trade", "trades repeat the trade before; several fills of one size do that, and so does a doubled feed")
        for kind in report.kinds where kind.kind.hasPrefix("type ") {
            add(.note, "unknown-type", "\(kind.total) rows are of \(kind.kind), which the engine ignores")
        }
        if report.rows > 0, report.firstSnapshotRow == nil, !report.hasInitialSnapshot {
            add(.note, "no-snapshot", "no snapshot sets up the book; start from the end-of-day snapshot of the day before")
        }
        findings = FeedFinding.Severity.allCases.flatMap { severity in found.filter { $0.severity == severity } }
    }

    private static func addRaw(_ raw: ConversionReport, to found: inout [FeedFinding]) {
        func place(_ gap: ConversionReport.Gap?) -> String {
            gap.map { "; first at \($0.file):\($0.line): \($0.expectedId) expected, \($0.foundId) found" } ?? ""
        }
        func place(_ line: ConversionReport.Note?) -> String { line.map { "; first at \($0.file):\($0.line): \($0.text)" } ?? "" }
        func add(_ severity: FeedFinding.Severity, _ check: String, _ count: Int, _ text: String) {
            if count > 0 { found.append(.init(severity: severity, check: check, text: "\(count) \(text)")) }
        }
        add(.error, "update-gap", raw.updateGapCount, "breaks in the chain of depth updates\(place(raw.updateGaps.first))")
        add(.error, "damaged-line", raw.badLines, "damaged lines were left out\(place(raw.bad.first))")
        add(.warning, "trade-gap", raw.tradeGapCount, "holes in the trade ids\(place(raw.tradeGaps.first))")
        add(.warning, "duplicate-trade", raw.duplicateTradeCount, "trades have an id that was seen before")
        add(.warning, "receipt-reversal", raw.localReversals, "lines were received before the line above them")
        add(.warning, "rest-error", raw.restErrorCount, "snapshots failed\(place(raw.restErrors.first))")
    }

    private static func spans(_ spans: FeedReport.Spans) -> String {
        "\(spans.count) times for \(seconds(spans.totalNs)) in all, longest \(seconds(spans.longestNs)); first at row \(spans.firstRow ?? 0)"
    }

    static func seconds(_ ns: Int64) -> String {
        if ns % 1_000_000_000 == 0 { return "\(ns / 1_000_000_000) s" }
        let ms = ns / 1_000_000, rest = String(1000 + (ns / 1000 % 1000).magnitude).dropFirst()
        return "\(ms).\(rest) ms"
    }
}
