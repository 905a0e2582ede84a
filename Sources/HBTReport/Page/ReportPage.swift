import HBTTypes

/// The run as one HTML file without outside references.
///
/// Everything readable is plain HTML and SVG, made here; the script only draws the time charts,
/// switches assets and the colour theme, and answers the pointer. The page is a function of the
/// run: no time of day, no machine.
struct ReportPage {
    /// Longest settings text shown; a longer one is cut with a note.
    static let mostSettingsCharacters = 100_000
    /// Most partition rows shown over all assets.
    static let mostPartitionRows = 400

    let report: ReportBuilder
    let digest: String

    var html: String {
        let title = HTMLText.escape(report.run.name)
        var out = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>\(title) – backtest report</title>
            <style>
            \(PageStyle.css)</style>
            </head>
            <body>
            <script>document.documentElement.className = "js";</script>
            <a class="skip" href="#main">Skip to the report</a>

            """
        out += header + "<main id=\"main\">\n" + tabs
        for (index, asset) in report.assets.enumerated() {
            out += AssetSection(page: self, index: index, asset: asset).html
        }
        if report.assets.isEmpty { out += "<p class=\"empty\">The run has no assets.</p>\n" }
        return out + settings + limits + "</main>\n<script>\n\(PageScript.source)</script>\n</body>\n</html>\n"
    }

    private var header: String {
        let run = report.run
        var facts: [(String, String)] = [
            ("Strategy", HTMLText.escape(run.strategyType)),
            (run.assets.count == 1 ? "Symbol" : "Symbols", run.assets.map { HTMLText.escape($0.symbol) }.joined(separator: ", ")),
            ("Span (UTC)", span),
            ("Rules", run.compatibility == .none ? "hbt" : HTMLText.escape(run.compatibility.rawValue)),
            ("Digest", "<code>\(HTMLText.escape(digest))</code>"),
        ]
        if let warmUp { facts.insert(("Warm-up (UTC)", warmUp), at: 3) }
        return """
            <header>
            <div class="head"><h1>\(HTMLText.escape(run.name))</h1>
            <button type="button" id="theme" aria-label="Switch between light and dark">◐ Theme</button></div>
            <dl class="facts">\(facts.map { "<div><dt>\($0)</dt><dd>\($1)</dd></div>" }.joined())</dl>
            </header>

            """
    }

    private var span: String {
        guard let first = report.assets.compactMap({ $0.firstRow?.timestampNs }).min(),
            let last = report.assets.compactMap({ $0.lastRow?.timestampNs }).max()
        else { return "no records" }
        let start = CalendarUTC(ns: first), end = CalendarUTC(ns: last)
        let until = start.dateText == end.dateText ? end.timeText : "\(end.dateText) \(end.timeText)"
        return "\(start.dateText) \(start.timeText) → \(until) "
            + "<span class=\"dim\">(\(NumberText.duration(ns: Double(last &- first))))</span>"
    }

    /// The stretch without quotes before the strategy's first step.
    private var warmUp: String? {
        let reasons = report.warmStart.map { start in
            let text = "\(start.instead) in place of the snapshot asked for: \(start.reasons.joined(separator: "; "))"
            return " <span class=\"dim\">(\(HTMLText.escape(text)))</span>"
        }
        guard let span = waited else { return reasons.map { "none" + $0 } }
        return span + (reasons ?? "")
    }

    private var waited: String? {
        guard let span = report.warmUp else { return nil }
        let start = CalendarUTC(ns: span.fromNs)
        guard let untilNs = span.untilNs else { return "\(start.dateText) \(start.timeText) → the end: the strategy was never called" }
        let end = CalendarUTC(ns: untilNs)
        let until = start.dateText == end.dateText ? end.timeText : "\(end.dateText) \(end.timeText)"
        let length = NumberText.duration(ns: Double(untilNs &- span.fromNs))
        return "\(start.dateText) \(start.timeText) → \(until) <span class=\"dim\">(\(length) without quotes)</span>"
    }

    private var tabs: String {
        guard report.assets.count > 1 else { return "" }
        let buttons = report.assets.enumerated().map { index, asset in
            """
            <button type="button" role="tab" id="tab-\(index)" aria-controls="asset-\(index)" \
            aria-selected="\(index == 0)">\(HTMLText.escape(asset.spec.symbol))</button>
            """
        }
        return "<div class=\"tabs\" role=\"tablist\" aria-label=\"Assets\">\(buttons.joined())</div>\n"
    }

    private var settings: String {
        let text = report.run.settingsText
        let shown = text.count > Self.mostSettingsCharacters ? String(text.prefix(Self.mostSettingsCharacters)) : text
        let note = shown.count == text.count ? "" : "<p class=\"note\">Cut after \(shown.count) characters; the whole text is in the run's config.toml.</p>"
        return """
            <section class="panel"><h2>Run settings</h2>
            <details\(text.count < 4_000 ? " open" : "")><summary>Resolved settings · digest <code>\(HTMLText.escape(digest))</code></summary>
            <pre>\(HTMLText.escape(shown))</pre>\(note)</details></section>

            """
    }

    private var limits: String {
        let lines = ModelLimits(run: report.run).lines.map { "<li>\(HTMLText.escape($0))</li>" }
        return "<section class=\"panel\"><h2>What this does not model</h2><ul class=\"limits\">\(lines.joined(separator: "\n"))</ul></section>\n"
    }
}
