import HBTReport
import HBTTypes

/// A record and its statistics.
///
/// Sums are compared within 1e-12 of their size unless the vector says otherwise: the reference
/// leaves the order of additions to its data-frame library.
enum StatisticsVector {
    static func firstDifference(_ vector: VectorPlace) throws -> String? {
        var builder = StatisticsBuilder(settings: try settings(vector), keepSamples: true)
        for place in try vector.list("record") { try builder.add(try row(place)) }
        let made = builder.finish()
        let given = try VectorComparison(vector)
        let comparison = VectorComparison(floatTolerance: given.floatTolerance ?? 1e-12, ignored: given.ignored)
        let expected = try vector.member("expected")
        let summary = VectorValue.array(made.summary.map { row in
            .object([("start", .string(row.startText)), ("end", .string(row.endText))] + row.values.map { ($0.name, .double($0.value)) })
        })
        if let found = comparison.difference(try expected.member("summary").value, summary, at: "expected.summary") { return found }
        guard let wanted = expected.optional("resampled") else { return nil }
        let columns = VectorValue.array(ResampledSample.columnNames.map { .string($0) })
        if let names = expected.optional("resampled_columns"),
            let found = comparison.difference(names.value, columns, at: names.path) {
            return found
        }
        let samples = VectorValue.array(made.samples.map { sample in
            .array([.integer(sample.timestampNs)] + sample.columns.map { .double($0) })
        })
        return comparison.difference(wanted.value, samples, at: wanted.path)
    }

    private static func settings(_ vector: VectorPlace) throws -> StatisticsSettings {
        let size = try vector.double("contract_size")
        var settings = StatisticsSettings(contract: try vector.string("asset_kind") == "inverse" ? .inverse(size: size) : .linear(size: size))
        settings.resampleNs = nil
        if let window = vector.optional("resample") {
            guard let ns = DurationText.parseNs(try window.string()) else { throw window.fault("is not a duration") }
            settings.resampleNs = ns
        }
        if let place = vector.optional("partition") {
            guard let partition = ReportSettings.Partition(rawValue: try place.string()) else { throw place.fault("is unknown") }
            settings.partition = partition
        }
        if let arguments = vector.optional("kwargs") {
            settings.bookSize = try arguments.optional("book_size")?.double()
            settings.tradingDaysPerYear = try arguments.optional("trading_days_per_year")?.double() ?? settings.tradingDaysPerYear
        }
        if let metrics = vector.optional("metrics"), case .array = metrics.value {
            settings.metrics = try metrics.list().map { place in
                guard let metric = Metric(rawValue: try place.string()) else { throw place.fault("is an unknown metric") }
                return metric
            }
        }
        return settings
    }

    private static func row(_ place: VectorPlace) throws -> RecordRow {
        let cells = try place.list()
        guard cells.count == 8 else { throw place.fault("has \(cells.count) columns instead of 8") }
        return RecordRow(
            timestampNs: try cells[0].int64(), price: try cells[1].double(), position: try cells[2].double(),
            balance: try cells[3].double(), fee: try cells[4].double(), numTrades: try cells[5].int64(),
            tradingVolume: try cells[6].double(), tradingValue: try cells[7].double())
    }
}
