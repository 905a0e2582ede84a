/// One line of the summary: a partition, or the whole period.
public struct SummaryRow: Equatable, Sendable {
    public struct Value: Equatable, Sendable {
        public var name: String
        /// NaN where it cannot be computed; ±inf where it divides by zero.
        public var value: Double
    }
    /// Label of the first sample.
    public var startNs: Int64
    /// Label of the last sample.
    public var endNs: Int64
    /// How many samples it rests on.
    public var sampleCount: Int
    /// In the order of the settings.
    public var values: [Value]

    /// UTC, `2023-11-14T22:13:20` or `2023-11-14T22:13:20.000123`: as upstream, cut to microseconds.
    public var startText: String { CalendarUTC(ns: startNs).microsecondText }
    public var endText: String { CalendarUTC(ns: endNs).microsecondText }

    public subscript(name: String) -> Double? { values.first { $0.name == name }?.value }
}

/// What the records of one asset add up to.
public struct Statistics: Equatable, Sendable {
    public var settings: StatisticsSettings
    /// Partitions in time order, then the whole period; empty when there were no records.
    public var summary: [SummaryRow]
    /// Every sample; empty unless the builder was asked to keep them.
    public var samples: [ResampledSample]

    public var whole: SummaryRow? { summary.last }
    public var partitions: ArraySlice<SummaryRow> { summary.dropLast() }
}
