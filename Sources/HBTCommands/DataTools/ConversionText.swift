import HBTMarketData

/// A conversion's report for people.
enum ConversionText {
    static func text(_ report: ConversionReport, rows: Int64, output: String) -> String {
        var lines = ["lines      \(report.lines)", "messages   \(list(report.messages))"]
        if !report.skipped.isEmpty { lines.append("left out   \(list(report.skipped))") }
        if report.updateGapCount > 0 {
            lines.append("gaps       \(report.updateGapCount) in the chain of depth updates\(first(report.updateGaps))")
        }
        if report.tradeGapCount > 0 { lines.append("           \(report.tradeGapCount) in the trade ids\(first(report.tradeGaps))") }
        for note in report.bad.prefix(3) { lines.append("damaged    \(note.file):\(note.line): \(note.text)") }
        if report.localShiftNs != 0 { lines.append("clock      \(report.localShiftNs) ns added to every receipt time") }
        lines.append("rows       \(rows)")
        lines.append("written    \(output)")
        return lines.joined(separator: "\n")
    }

    private static func list(_ counts: [ConversionReport.Count]) -> String {
        counts.isEmpty ? "none" : counts.map { "\($0.name) \($0.count)" }.joined(separator: ", ")
    }

    private static func first(_ gaps: [ConversionReport.Gap]) -> String {
        gaps.first.map { ", the first at \($0.file):\($0.line)" } ?? ""
    }
}
