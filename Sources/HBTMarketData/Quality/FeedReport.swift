/// What one pass over market rows found. Rows are counted from 0; times are nanoseconds.
public struct FeedReport: Sendable, Equatable, Codable {
    public struct KindCount: Sendable, Equatable, Codable {
        /// A name such as `depth`, or `type 77` for a value without one.
        public var kind: String
        public var buy = 0
        public var sell = 0
        public var noSide = 0
        public var total: Int { buy + sell + noSide }
    }

    public struct TimeSpan: Sendable, Equatable, Codable {
        public var firstNs: Int64
        public var lastNs: Int64
    }

    /// Of local − exchange time over rows the local side sees. Quantiles are off by at most 1/128.
    public struct Latency: Sendable, Equatable, Codable {
        public var minNs: Int64
        public var p1Ns: Int64
        public var p50Ns: Int64
        public var p90Ns: Int64
        public var p99Ns: Int64
        public var maxNs: Int64
        public var negativeRows: Int
    }

    /// Places where something is wrong; only the first rows are listed.
    public struct Places: Sendable, Equatable, Codable {
        public var count = 0
        public var firstRows: [Int] = []

        mutating func add(_ row: Int) {
            count += 1
            if firstRows.count < 10 { firstRows.append(row) }
        }
    }

    public struct Spans: Sendable, Equatable, Codable {
        public var count = 0
        public var totalNs: Int64 = 0
        public var longestNs: Int64 = 0
        public var longestRow: Int?
        public var firstRow: Int?
    }

    public struct Silence: Sendable, Equatable, Codable {
        public var lengthNs: Int64
        /// When it began, and the row that ended it.
        public var fromNs: Int64
        public var row: Int
    }

    public struct Side: Sendable, Equatable, Codable {
        public var rows = 0
        public var span: TimeSpan?
        /// Rows whose time is before the side's previous row.
        public var reversals = Places()
        public var longestSilence: Silence?
        /// Silences longer than the setting.
        public var silences = Places()
        public var crossed = Spans()
        public var locked = Spans()
    }

    public var rows = 0
    /// Sorted by type number.
    public var kinds: [KindCount] = []
    public var exchange = Side()
    public var local = Side()
    public var latency: Latency?
    /// Rows with neither EXCH nor LOCAL: no side ever sees them.
    public var unflagged = Places()
    /// Rows equal to the row before in every field; trades are counted apart.
    public var duplicates = Places()
    /// Trades equal to the trade before in times, price, quantity and side; real ones occur.
    public var repeatedTrades = Places()
    public var negativeQuantities = Places()
    /// Prices or quantities that are NaN or infinite (a clear row may have any price).
    public var notFinite = Places()
    /// Depth or clear rows without a side where one is needed.
    public var sideless = Places()
    /// Clear rows and rows of snapshots.
    public var clears = 0
    public var snapshotRows = 0
    public var firstSnapshotRow: Int?
    /// True when the pass began with the snapshot of another file.
    public var hasInitialSnapshot = false
    /// What the raw files said, when they were raw files.
    public var conversion: ConversionReport?
}
