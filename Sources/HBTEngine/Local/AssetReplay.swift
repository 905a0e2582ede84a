import HBTTypes

/// One asset of a backtest: its market rows, the simulated venue, and our side of the wire.
///
/// The loop calls it once per batch of rows or messages; everything per row is specialised in
/// `AssetReplayOf`. Fields that every kind of book shares live here.
class AssetReplay {
    let spec: AssetSpec
    let grid: Grid
    let isReference: Bool
    var orders = OrderTable()
    var account: Account
    /// Requests on their way to the venue.
    var requests = OrderBus()
    var entryLatency: OrderLatency
    /// (request sent, venue acted, answer received) of the newest answer.
    var orderLatency: (requestNs: Int64, exchangeNs: Int64, responseNs: Int64)?
    var journal: RunJournal
    let assetIndex: Int
    var failure: (any Error)?

    init(
        index: Int, spec: AssetSpec, entryLatency: OrderLatency, isReference: Bool, journal: RunJournal
    ) {
        assetIndex = index
        self.spec = spec
        grid = Grid(tickSize: spec.tickSize, lotSize: spec.lotSize)
        account = Account(contract: spec.contract, fee: spec.fee)
        self.entryLatency = entryLatency
        self.isReference = isReference
        self.journal = journal
    }

    // MARK: when the next event of each kind falls due; `.max` for none

    var nextLocalFeedNs: Int64 { .max }
    var nextResponseNs: Int64 { .max }
    var nextExchangeFeedNs: Int64 { .max }
    var nextRequestNs: Int64 { requests.nextNs }

    // MARK: one batch of each kind

    func processLocalFeed(upTo limitNs: Int64, isSingle: Bool) {}
    func processExchangeFeed(upTo limitNs: Int64) -> ReturnCode { .ok }
    /// All answers that arrive at exactly `ns`; true when one is for `awaited` (or any, when nil).
    func processResponses(at ns: Int64, awaited: UInt64?) -> Bool { false }
    func processRequests(at ns: Int64) -> ReturnCode { .ok }
    /// Puts a message on the response bus directly: a request rejected on its way.
    func bounce(_ message: Order, at ns: Int64) {}

    // MARK: what we see

    var depth: DepthView { preconditionFailure("an asset replays through a concrete book") }
    func bidQuantity(atTick tick: Int64) -> Double { .nan }
    func askQuantity(atTick tick: Int64) -> Double { .nan }
    func sumBids(from lower: Int64, upTo upper: Int64) -> Double { 0 }
    func sumAsks(from lower: Int64, upTo upper: Int64) -> Double { 0 }
    var feedLatency: (exchangeNs: Int64, localNs: Int64)? { nil }
    var lastTrades: [MarketEvent] { [] }
    func clearLastTrades() {}
    func snapshotRows() -> [MarketEvent] { [] }
    var rowsRead: Int64 { 0 }
    func markout(of execution: UInt64) -> (entry: MarkoutTracker.Entry, isComplete: Bool)? { nil }
}
