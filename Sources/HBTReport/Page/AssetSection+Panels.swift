import HBTTypes

/// Histograms and tables under the time charts.
extension AssetSection {
    var markoutPanel: String {
        // With one liquidity only, splitting by it would say everything twice.
        let mixed = asset.makerFills.count > 0 && asset.takerFills.count > 0
        let rows = asset.markouts.rows.filter { ($0.cells.first?.count ?? 0) > 0 && (mixed || $0.liquidity == .all) }
        guard let all = rows.first else {
            return "<div class=\"panel wide\"><h3>Markouts</h3><p class=\"empty\">No fills with a known mid price.</p></div>\n"
        }
        let horizons = MarkoutBuilder.horizonsNs.map { $0 == 0 ? "at fill" : DurationText.text(ns: $0) }
        func table(_ title: String, _ value: (MarkoutCell) -> Double, _ digits: Int) -> String {
            HTMLText.table(
                caption: title, header: ["Fills", "Count"] + horizons,
                rows: rows.map { row in
                    [name(row), NumberText.count(row.cells[0].count)]
                        + row.cells.map { HTMLText.signed(value($0), NumberText.fixed(value($0), digits)) }
                })
        }
        let decimals = max(2, NumberText.decimals(forRange: asset.spec.tickSize, digits: 2))
        let which = mixed ? "" : asset.makerFills.count > 0 ? "maker " : "taker "
        return """
            <div class="panel wide"><h3>Markouts <span class="dim">what the mid did after our \(which)fills, positive is good</span></h3>
            <div class="split"><div>\(MarkoutCurve(row: all).svg)</div><div>
            \(table("With the spread, bps of the fill price, quantity-weighted", { $0.withSpread.weightedBps }, 3))\
            \(table("Without the spread, bps, quantity-weighted", { $0.withoutSpread.weightedBps }, 3))</div></div>
            <details><summary>In ticks, in price, and each fill alike</summary>
            \(table("With the spread, ticks, quantity-weighted", { $0.withSpread.weightedTicks }, 2))\
            \(table("Without the spread, ticks, quantity-weighted", { $0.withoutSpread.weightedTicks }, 2))\
            \(table("With the spread, price units, quantity-weighted", { $0.withSpread.weightedPrice }, decimals))\
            \(table("Without the spread, price units, quantity-weighted", { $0.withoutSpread.weightedPrice }, decimals))\
            \(table("With the spread, bps, each fill alike", { $0.withSpread.bps }, 3))\
            \(table("Without the spread, bps, each fill alike", { $0.withoutSpread.bps }, 3))\
            \(table("Fills with a known mid", { Double($0.count) }, 0))</details></div>

            """
    }

    private func name(_ row: MarkoutRow) -> String {
        switch (row.liquidity, row.sides) {
        case (.all, .both): "all"
        case (.all, let sides): sides == .buy ? "buys" : "sells"
        case (let liquidity, .both): liquidity.rawValue
        case (let liquidity, let sides): "\(liquidity.rawValue) \(sides.rawValue)"
        }
    }

    var inventoryPanel: String {
        let bars = asset.inventory.bars
        let total = bars.reduce(0.0) { $0 + Double($1.heldNs) }
        guard total > 0 else {
            return "<div class=\"panel\"><h3>Inventory</h3><p class=\"empty\">No time passed between records.</p></div>\n"
        }
        let width = asset.inventory.width
        let chart = BarChart(
            title: "Share of time at each position", bars: bars.map { bar in
                .init(
                    lower: bar.position - width / 2, upper: bar.position + width / 2, share: Double(bar.heldNs) / total,
                    tip: "position \(NumberText.readable(bar.position)): \(NumberText.percent(Double(bar.heldNs) / total)) of the time",
                    kind: bar.position > width / 4 ? "long" : bar.position < -width / 4 ? "short" : "flat")
            },
            scale: .linear, format: NumberText.readable)
        return "<div class=\"panel\"><h3>Inventory <span class=\"dim\">share of time at each position</span></h3>\(chart.svg)</div>\n"
    }

    var latencyPanels: String {
        latency("Order entry latency", "sent → acted on by the venue", asset.orders.entry, always: true)
            + latency("Order round trip", "sent → answer received", asset.orders.roundTrip, always: true)
            + latency("Feed latency", "venue → us", asset.feedLatency, always: false)
    }

    private func latency(_ title: String, _ meaning: String, _ histogram: LatencyHistogram, always: Bool) -> String {
        let head = "<div class=\"panel\"><h3>\(title) <span class=\"dim\">\(meaning)</span></h3>"
        guard histogram.count > 0 else {
            return always ? head + "<p class=\"empty\">No answered requests in the order log.</p></div>\n" : ""
        }
        let total = Double(histogram.count)
        let chart = BarChart(
            title: title, bars: histogram.bars(perOctave: 8).map { bar in
                .init(
                    lower: bar.lowerNs, upper: bar.upperNs, share: Double(bar.count) / total,
                    tip: "\(NumberText.duration(ns: bar.lowerNs)) – \(NumberText.duration(ns: bar.upperNs)): \(NumberText.count(bar.count))",
                    kind: "plain")
            },
            scale: .logarithmic, format: NumberText.duration(ns:))
        let figures = [
            ("min", Double(histogram.minNs)), ("p50", histogram.quantileNs(0.5)), ("p90", histogram.quantileNs(0.9)),
            ("p99", histogram.quantileNs(0.99)), ("max", Double(histogram.maxNs)),
        ].map { "<span><b>\($0)</b> \(NumberText.duration(ns: $1))</span>" }.joined()
        let negative = histogram.negativeCount > 0 ? "<span><b>below zero</b> \(NumberText.count(histogram.negativeCount))</span>" : ""
        return head + chart.svg + "<p class=\"figures\"><span><b>n</b> \(NumberText.count(histogram.count))</span>\(figures)\(negative)</p></div>\n"
    }

    var countsPanel: String {
        let counts = asset.orders.counts
        let names = ["maker buys", "maker sells", "taker buys", "taker sells"]
        let groups = zip(names, asset.fillTotals).filter { $0.1.count > 0 } + [("all", asset.allFills)]
        let fills = HTMLText.table(
            caption: "Fills", header: ["", "Count", "Quantity", "Value (\(asset.moneyUnit))", "Fee (\(asset.moneyUnit))", "Fee bps"],
            rows: groups.map { name, totals in
                [
                    name, NumberText.count(totals.count), NumberText.readable(totals.quantity), NumberText.readable(totals.value),
                    NumberText.readable(totals.fee), NumberText.fixed(totals.fee / totals.value * 1e4, 3),
                ]
            })
        let orders = HTMLText.table(
            caption: "Requests", header: ["", "Sent", "Rejected", "Outcome"],
            rows: [
                ["submit", NumberText.count(counts.submits), NumberText.count(counts.rejectedSubmits), "\(NumberText.count(counts.expired)) expired"],
                ["cancel", NumberText.count(counts.cancels), NumberText.count(counts.rejectedCancels), "\(NumberText.count(counts.canceled)) cancelled"],
                ["modify", NumberText.count(counts.modifies), NumberText.count(counts.rejectedModifies), ""],
            ])
        return "<div class=\"panel\"><h3>Orders and fills</h3>\(orders)\(fills)</div>\n"
    }

    private var metricWords: [MetricText] {
        statistics.settings.metrics.map {
            MetricText(metric: $0, settings: page.report.settings, moneyUnit: asset.moneyUnit)
        }
    }

    var statisticsPanel: String {
        guard let whole = statistics.whole else { return "" }
        let full = HTMLText.table(
            caption: sampling, header: ["Metric", "Value", "Unit"],
            rows: zip(metricWords, whole.values).map { [$0.label, $0.text($1.value), $0.unit] }, className: "metrics")
        return "<div class=\"panel\"><h3>Statistics</h3>\(full)</div>\n"
    }

    var partitionsPanel: String {
        guard !statistics.partitions.isEmpty else { return "" }
        let most = max(12, ReportPage.mostPartitionRows / max(1, page.report.assets.count))
        let words = metricWords.prefix(Metric.defaults.count)
        let table = HTMLText.table(
            caption: "Figures of each part alone", header: ["From (UTC)", "To"] + words.map(\.shortLabel),
            rows: statistics.partitions.prefix(most).map { row in
                [time(row.startNs), time(row.endNs)]
                    + zip(words, row.values).map { words, value in
                        let text = words.text(value.value)
                        return words.metric == .ret ? HTMLText.signed(value.value, text) : text
                    }
            })
        let left = statistics.partitions.count - most
        let note = left > 0 ? "<p class=\"note\">\(left) more are in summary.json.</p>" : ""
        return "<div class=\"panel\"><h3>By \(page.report.settings.partition?.noun ?? "partition")</h3>\(table)\(note)</div>\n"
    }

    private var sampling: String {
        let window = statistics.settings.resampleNs.map { "every \(DurationText.text(ns: $0))" } ?? "at every record"
        return "Sampled \(window), \(NumberText.count(Int64(statistics.whole?.sampleCount ?? 0))) samples of \(NumberText.count(asset.rowCount)) records"
    }

    private func time(_ ns: Int64) -> String {
        let date = CalendarUTC(ns: ns)
        return "\(date.dateText) \(date.timeText)"
    }
}

extension ReportSettings.Partition {
    var noun: String {
        switch self {
        case .hourly: "hour"
        case .daily: "day"
        case .monthly: "month"
        }
    }
}
