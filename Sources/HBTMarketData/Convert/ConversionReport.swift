/// What a conversion read, wrote and left out. Lists keep the first entries only; counts are complete.
public struct ConversionReport: Sendable, Equatable, Codable {
    /// A name and how often it was seen.
    public struct Count: Sendable, Equatable, Codable {
        public var name: String
        public var count: Int
    }
    /// A line worth looking at.
    public struct Note: Sendable, Equatable, Codable {
        public var file: String
        /// From 1.
        public var line: Int
        public var text: String
    }
    /// A break in a chain of update or trade ids.
    public struct Gap: Sendable, Equatable, Codable {
        public var file: String
        public var line: Int
        public var localNs: Int64
        /// The id the message should have continued from (futures `pu`, spot `U` − 1).
        public var expectedId: Int64
        public var foundId: Int64
    }

    public var venue: String
    public var files: [String] = []
    public var lines = 0
    /// Messages by type, sorted by name.
    public var messages: [Count] = []
    /// Rows before ordering.
    public var rows = 0
    /// Messages that gave no rows, by reason, sorted by name.
    public var skipped: [Count] = []
    /// Damaged lines left out (`skipBad`), and file ends that broke off.
    public var badLines = 0
    public var bad: [Note] = []
    /// Error bodies that the venue's REST interface returned in place of a snapshot.
    public var restErrorCount = 0
    public var restErrors: [Note] = []
    public var snapshots = 0
    /// Depth messages that do not continue their predecessor: data was lost between them.
    public var updateGapCount = 0
    public var updateGaps: [Gap] = []
    /// Trades whose id is not above its predecessor's.
    public var duplicateTradeCount = 0
    /// Holes in the trade ids.
    public var tradeGapCount = 0
    public var tradeGaps: [Gap] = []
    /// Lines received before their predecessor, by the local clock.
    public var localReversals = 0
    /// Receipt times of 16 digits (µs), scaled to ns.
    public var microsecondLines = 0
    public var firstLocalNs: Int64?
    public var lastLocalNs: Int64?
    /// The smallest local − exchange time before correction; nil without rows.
    public var minimumLatencyNs: Int64?
    /// What was added to every local time.
    public var localShiftNs: Int64 = 0

    static let listLimit = 100

    init(venue: Venue) { self.venue = venue.rawValue }

    static func note(_ note: Note, in list: inout [Note]) {
        if list.count < listLimit { list.append(note) }
    }

    static func note(_ gap: Gap, in list: inout [Gap]) {
        if list.count < listLimit { list.append(gap) }
    }
}

/// Counts by name; few names, so a list is enough, and its order is the order of first sight.
struct NamedCounts {
    private(set) var counts: [ConversionReport.Count] = []

    mutating func add(_ name: String) {
        if let i = counts.firstIndex(where: { $0.name == name }) {
            counts[i].count += 1
        } else if counts.count < 1000 {
            counts.append(.init(name: name, count: 1))
        }
    }

    mutating func add(_ name: String, _ count: Int) {
        if count > 0 { counts.append(.init(name: name, count: count)) }
    }

    var sorted: [ConversionReport.Count] { counts.sorted { $0.name < $1.name } }
}
