/// The `[warmup]` table: what a run sees before its strategy's first step.
public struct WarmupSettings: Equatable, Sendable {
    public enum Source: String, Equatable, Sendable, CaseIterable {
        /// Nothing.
        case cold
        /// Market data, played through the same engine.
        case replay
        /// The factor graph of an earlier run's snapshot.
        case snapshot
    }
    public var source: Source
    /// Simulated time that must have been played, from the first row on.
    public var durationNs: Int64
    /// Replay: data files played before the run's own, in order, one list for each asset (empty for
    /// none). Absolute paths. Snapshot: the same, where no snapshot can be used.
    public var history: [[String]]
    /// Snapshot: a snapshot file, a folder of them, or a run's folder; absolute.
    public var snapshot: String?
    /// Snapshot: this one or none. Otherwise an older one, history or a cold start takes the place of one
    /// that cannot be used.
    public var isRequired = false
    /// What came before `source` in a run's start-up and could not be had, with the reasons.
    public var tried: [String] = []
    /// Nodes of the run's factor graph that must be warm, too; nil for all of them.
    public var nodes: [String]?
    /// For messages about the files.
    public var location: SourceLocation

    public init(
        source: Source = .cold, durationNs: Int64 = 0, history: [[String]] = [], snapshot: String? = nil,
        nodes: [String]? = nil, location: SourceLocation
    ) {
        self.source = source
        self.durationNs = durationNs
        self.history = history
        self.snapshot = snapshot
        self.nodes = nodes
        self.location = location
    }

    /// The history that is played: that of `replay`.
    public var playedHistory: [[String]] { source == .replay ? history : [] }
    /// A snapshot is asked for, and it is not settled yet what the run starts from.
    public var isOpen: Bool { source == .snapshot && !isRequired }
}
