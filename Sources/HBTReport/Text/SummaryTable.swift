import HBTTypes

/// The report on a terminal: metrics by asset, then partitions, fills and markouts of each asset.
struct SummaryTable {
    /// More partitions than this are left to `summary.json`.
    private static let mostPartitions = 40
    let report: ReportBuilder

    var text: String {
        let results = report.assets.map { $0.statistics.finish() }
        var blocks = [metrics(results)]
        for (asset, result) in zip(report.assets, results) {
            if !result.partitions.isEmpty { blocks.append(title("partitions", asset) + partitions(asset, result)) }
            if asset.allFills.count > 0 { blocks.append(title("markouts, bps", asset) + markouts(asset)) }
        }
        return blocks.joined(separator: "\n\n")
    }

    private func title(_ text: String, _ asset: AssetReport) -> String {
        report.assets.count > 1 ? "\(asset.spec.symbol): \(text)\n" : "\(text)\n"
    }

    private func metrics(_ results: [Statistics]) -> String {
        var table = TextTable(
            header: [""] + report.assets.map(\.spec.symbol) + [""],
            alignments: [.left] + report.assets.map { _ in .right } + [.left])
        func add(_ label: String, _ unit: String = "", _ cell: (Int) -> String) {
            table.add([label] + report.assets.indices.map(cell) + [unit])
        }
        add("From (UTC)") { results[$0].whole?.startText ?? NumberText.unknown }
        add("To (UTC)") { results[$0].whole?.endText ?? NumberText.unknown }
        if let span = report.warmUp {
            add("Warm-up until (UTC)", report.warmStart.map { "\($0.instead), the snapshot could not be used" } ?? "no quotes before") { _ in
                span.untilNs.map { ns in
                    let end = CalendarUTC(ns: ns)
                    return "\(end.dateText) \(end.timeText)"
                } ?? "the end"
            }
        }
        let metrics = results.first?.settings.metrics ?? []
        let units = Set(report.assets.map(\.moneyUnit))
        for (i, metric) in metrics.enumerated() {
            let words = MetricText(
                metric: metric, settings: report.settings, moneyUnit: units.count == 1 ? units.first ?? "" : "money")
            add(words.label, words.unit) { words.text(results[$0].whole?.values[i].value ?? .nan) }
        }
        add("Fees paid", "negative: rebate") { NumberText.readable(report.assets[$0].lastRow?.fee ?? .nan) }
        add("Fills maker / taker") {
            "\(NumberText.count(report.assets[$0].makerFills.count)) / \(NumberText.count(report.assets[$0].takerFills.count))"
        }
        add("Orders submitted") { NumberText.count(report.assets[$0].orders.counts.submits) }
        add("Cancels") { NumberText.count(report.assets[$0].orders.counts.cancels) }
        add("Rejected") { NumberText.count(report.assets[$0].orders.counts.rejected) }
        return table.text
    }

    private func partitions(_ asset: AssetReport, _ result: Statistics) -> String {
        let metrics = Metric.defaults
        let words = metrics.map { MetricText(metric: $0, settings: report.settings, moneyUnit: asset.moneyUnit) }
        var table = TextTable(
            header: ["From (UTC)"] + words.map(\.shortLabel), alignments: [.left] + metrics.map { _ in .right })
        for row in result.partitions.prefix(Self.mostPartitions) {
            table.add([row.startText] + zip(words, row.values).map { $0.text($1.value) })
        }
        let left = result.partitions.count - Self.mostPartitions
        return table.text + (left > 0 ? "\n… \(left) more in summary.json" : "")
    }

    private func markouts(_ asset: AssetReport) -> String {
        let horizons = MarkoutBuilder.horizonsNs.map { $0 == 0 ? "at fill" : DurationText.text(ns: $0) }
        var table = TextTable(
            header: ["", "fills"] + horizons + horizons.dropFirst().map { $0 + " w/o spread" },
            alignments: [.left, .right] + Array(repeating: .right, count: 2 * horizons.count - 1))
        for row in asset.markouts.rows where row.sides == .both && (row.cells.first?.count ?? 0) > 0 {
            table.add(
                [row.liquidity.rawValue, NumberText.count(row.cells[0].count)]
                    + row.cells.map { NumberText.fixed($0.withSpread.weightedBps, 3) }
                    + row.cells.dropFirst().map { NumberText.fixed($0.withoutSpread.weightedBps, 3) })
        }
        return table.text
    }
}
