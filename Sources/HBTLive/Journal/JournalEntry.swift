import HBTTypes

/// One line of a journal: what came in, what was asked for, and what the run had come to.
///
/// Inputs (`rows`, `answer`, `correction`, `funding`, `markPrice`, `clock`) played in this order through the same engine give the same
/// `request`s and `mark`s.
public enum JournalEntry: Equatable, Sendable {
    case start(JournalStart)
    /// Market rows of one message, as pushed.
    case rows(asset: Int, rows: [MarketEvent])
    /// An answer of the venue in the engine's words, and what it charged for an execution (nil: by the settings).
    case answer(asset: Int, order: Order, fee: Double?, localNs: Int64)
    /// Position and balance were set to the venue's.
    case correction(asset: Int, position: Double, balance: Double, localNs: Int64)
    /// All that was received up to here is above; the run plays on.
    case clock(localNs: Int64)
    /// The engine asked for something.
    case request(OrderRecord.Kind, asset: Int, order: Order)
    /// Where the run stood.
    case mark(JournalMark)
    /// A frame as it came from the wire; not needed to replay.
    case raw(stream: Int, localNs: Int64, bytes: [UInt8])
    /// Anything worth telling: a gap, a limit, a correction's reason.
    case note(localNs: Int64, text: String)
    /// The run ended in order.
    case end(localNs: Int64)
    /// The venue charged funding; negative when it paid some.
    case funding(asset: Int, amount: Double, localNs: Int64)
    /// The venue's mark price; with a rate, a moment at which a simulated venue charges it.
    case markPrice(asset: Int, row: MarkRow)
}

/// What a run is, at the head of its journal.
public struct JournalStart: Equatable, Sendable {
    /// The settings as TOML, defaults written out.
    public var settings: String
    /// Carried by the run's client order ids.
    public var runId: String
    /// Fills are simulated.
    public var isPaper: Bool
    /// Limits of the feeds, which decide when rows are final.
    public var reorderNs: Int64
    public var latencyLimitNs: Int64
    /// The strategy is not called before this local time: history is played first.
    public var quoteFromNs: Int64
    /// The engine's state at the start (`StrategyRun.encode`); empty for a run from nothing.
    public var state: [UInt8]

    public init(
        settings: String, runId: String, isPaper: Bool, reorderNs: Int64, latencyLimitNs: Int64, quoteFromNs: Int64 = .min,
        state: [UInt8] = []
    ) {
        self.settings = settings
        self.runId = runId
        self.isPaper = isPaper
        self.reorderNs = reorderNs
        self.latencyLimitNs = latencyLimitNs
        self.quoteFromNs = quoteFromNs
        self.state = state
    }
}

/// A run in three numbers.
public struct JournalMark: Equatable, Sendable {
    public var steps: Int64
    public var nowNs: Int64
    public var digest: UInt64

    public init(steps: Int64, nowNs: Int64, digest: UInt64) {
        self.steps = steps
        self.nowNs = nowNs
        self.digest = digest
    }
}
