import HBTTypes

/// Everything the page shows of one asset.
struct AssetSection {
    let page: ReportPage
    let index: Int
    let asset: AssetReport
    let statistics: Statistics

    init(page: ReportPage, index: Int, asset: AssetReport) {
        self.page = page
        self.index = index
        self.asset = asset
        statistics = asset.statistics.finish()
    }

    var html: String {
        let many = page.report.assets.count > 1
        var out = "<section class=\"asset\" id=\"asset-\(index)\""
        if many { out += " role=\"tabpanel\" aria-labelledby=\"tab-\(index)\"" }
        out += ">\n"
        if many { out += "<h2 class=\"symbol\">\(HTMLText.escape(asset.spec.symbol))</h2>\n" }
        out += cards + charts
        out += "<div class=\"grid\">\n" + markoutPanel + inventoryPanel + countsPanel + latencyPanels + statisticsPanel + "</div>\n"
        return out + partitionsPanel + "</section>\n"
    }

    private var settings: ReportSettings { page.report.settings }

    private func words(_ metric: Metric) -> MetricText {
        MetricText(metric: metric, settings: settings, moneyUnit: asset.moneyUnit)
    }

    private func value(_ metric: Metric) -> Double {
        statistics.whole?[metric.name(hasBookSize: settings.bookSize != nil)] ?? .nan
    }

    // MARK: Key figures

    private var cards: String {
        let metrics: [Metric] = [
            .ret, .sr, .sortino, .maxDrawdown, .returnOverMDD, .dailyNumberOfTrades, .dailyTradingValue, .returnOverTrade, .maxPositionValue,
        ]
        var cards = metrics.map { metric in
            let words = words(metric), value = value(metric)
            let colored = [.ret, .sr, .sortino, .returnOverMDD, .returnOverTrade].contains(metric)
            return card(words.label, colored ? HTMLText.signed(value, words.text(value)) : words.text(value), words.unit)
        }
        let fee = asset.lastRow?.fee ?? .nan
        cards.append(card(fee < 0 ? "Fees (rebate)" : "Fees paid", NumberText.readable(fee), asset.moneyUnit))
        return "<div class=\"cards\">\n\(cards.joined(separator: "\n"))\n</div>\n"
    }

    private func card(_ label: String, _ value: String, _ unit: String) -> String {
        "<div class=\"card\"><div class=\"label\">\(label)</div><div class=\"value\">\(value)</div><div class=\"unit\">\(unit)</div></div>"
    }

    // MARK: Time charts

    private var warmUntilNs: Int64? { page.report.warmUp.map { $0.untilNs ?? .max } }

    private var warmUpNote: String {
        page.report.warmUp == nil ? "" : " Shaded at the left: the warm-up, in which the strategy was not called."
    }

    private var charts: String {
        guard asset.rowCount > 0 else {
            return "<div class=\"panel\"><h3>Charts</h3><p class=\"empty\">No records: nothing to draw.</p></div>\n"
        }
        let symbol = HTMLText.escape(asset.spec.symbol)
        var notes = ["Each point covers \(NumberText.duration(ns: Double(asset.series.widthNs))); lows and highs within it are kept (shaded)."]
        if asset.series.buckets.count == Int(asset.rowCount) { notes[0] = "Every record is drawn." }
        if asset.fillMarks.isAggregated {
            notes.append(
                "<strong>\(NumberText.count(asset.allFills.count)) fills are shown as \(NumberText.count(Int64(asset.fillMarks.marks.count))) marks</strong>, "
                    + "one per \(NumberText.duration(ns: Double(asset.fillMarks.widthNs))), side and liquidity, at their mean price.")
        }
        func panel(_ name: String, _ title: String, _ legend: String) -> String {
            """
            <figure><figcaption><span class="name">\(title)</span>\(legend)</figcaption>
            <canvas data-panel="\(name)" role="img" aria-label="\(title) of \(symbol) over time"></canvas></figure>

            """
        }
        func toggle(_ key: String, _ text: String) -> String {
            "<button type=\"button\" class=\"key k-\(key)\" data-key=\"\(key)\" aria-pressed=\"true\"><i></i>\(text)</button>"
        }
        let fillKeys = ["Maker buy", "Maker sell", "Taker buy", "Taker sell"].enumerated().filter { asset.fillTotals[$0.offset].count > 0 }
            .map { toggle("fill\($0.offset)", $0.element) }.joined()
        let equityKeys = toggle("equity", "after fees") + toggle("gross", "before fees") + toggle("ghost", "mid price, right axis")
        return """
            <div class="panel charts" data-asset="\(index)" tabindex="0" aria-label="Charts of \(symbol). Arrow keys move, plus and minus zoom, 0 resets.">
            <div class="bar"><h3>Price, equity and inventory</h3>\
            <span class="help">drag to zoom · wheel to zoom · shift-drag to move · double-click to reset</span>
            <button type="button" class="reset" disabled>Reset zoom</button></div>
            \(panel("price", "Mid price and fills", toggle("price", "Mid price") + fillKeys))\
            \(panel("equity", "Equity (\(asset.moneyUnit))", equityKeys))\
            \(panel("drawdown", "Drawdown (\(asset.moneyUnit))", ""))\
            \(panel("position", "Position", ""))\
            <p class="note">\(notes.joined(separator: " ")) Times are UTC.\(warmUpNote)</p>
            <noscript><p class="note">The time charts need JavaScript; everything else on this page does not.</p></noscript>
            <div class="tip" role="status" hidden></div>
            <script type="application/json" class="data">\(ChartData(asset: asset, warmUntilNs: warmUntilNs).json)</script>
            </div>

            """
    }
}
