import HBTEngine
import HBTTypes

/// The deciding half of a live run: inputs go in, requests come out, and both go into the journal.
///
/// Live and replayed runs are driven through this one type, which is why they agree.
public final class DecisionLoop {
    public let run: StrategyRun
    public let feeds: [LiveFeed]
    /// The same, for calls a message: counting a reference costs more than what is called.
    private let unretained: [Unmanaged<LiveFeed>]
    public let journal: JournalWriter?
    /// Told what the run is told.
    @exclusivity(unchecked) var mirror: RelayMirror?
    /// Requests and answers since the last `takeOrders`.
    @exclusivity(unchecked) private var orders: [OrderRecord] = []
    @exclusivity(unchecked) private var seenRequests: Int64 = 0
    @exclusivity(unchecked) private var seenResponses: Int64 = 0
    @exclusivity(unchecked) private var markedSteps: Int64 = -1
    /// The run has ended: what comes is passed over.
    @exclusivity(unchecked) public private(set) var isFinished = false
    /// From requests to their answers, our clock.
    @exclusivity(unchecked) public private(set) var roundTrips = LatencyTally()

    /// - Parameter feeds: those of the run's assets, in their order.
    public init(run: StrategyRun, feeds: [LiveFeed], journal: JournalWriter?) {
        precondition(feeds.count == run.backtest.assetCount, "a live run has a feed for each asset")
        self.run = run
        self.feeds = feeds
        unretained = feeds.map { .passUnretained($0) }
        self.journal = journal
        run.backtest.keepsOrders = true
        run.backtest.keepsFills = true
        (seenRequests, seenResponses) = (run.backtest.requestCount, run.backtest.responseCount)
    }

    /// Rows of one message, received together.
    public func rows(_ rows: UnsafeBufferPointer<MarketEvent>, asset: Int) {
        guard !isFinished else { return }
        journal?.add(rows: rows, asset: asset)
        mirror?.add(rows: rows, asset: asset)
        unretained[asset]._withUnsafeGuaranteedRef { $0.push(rows) }
    }

    public func answer(_ order: Order, asset: Int, fee: Double? = nil, at localNs: Int64) {
        guard !isFinished else { return }
        journal?.add(.answer(asset: asset, order: order, fee: fee, localNs: localNs))
        mirror?.add(.answer(asset: asset, order: order, fee: fee, localNs: localNs))
        run.backtest.receive(order, asset: asset, fee: fee, at: localNs)
    }

    public func correct(asset: Int, position: Double, balance: Double, at localNs: Int64) {
        guard !isFinished else { return }
        journal?.add(.correction(asset: asset, position: position, balance: balance, localNs: localNs))
        mirror?.add(.correction(asset: asset, position: position, balance: balance, localNs: localNs))
        run.backtest.correct(asset: asset, position: position, balance: balance)
    }

    /// Funding that the venue has charged; negative when it was paid out.
    public func funding(_ amount: Double, asset: Int, at localNs: Int64) {
        guard !isFinished else { return }
        journal?.add(.funding(asset: asset, amount: amount, localNs: localNs))
        mirror?.add(.funding(asset: asset, amount: amount, localNs: localNs))
        run.backtest.fund(asset: asset, amount: amount)
    }

    /// The venue's mark price; with a rate, the moment at which a simulated venue charges it.
    public func markPrice(_ row: MarkRow, asset: Int) {
        guard !isFinished else { return }
        journal?.add(.markPrice(asset: asset, row: row))
        mirror?.add(.markPrice(asset: asset, row: row))
        run.backtest.add(mark: row, asset: asset)
    }

    /// Everything received up to `localNs` has been given: plays the strategy's steps that this decides.
    ///
    /// - Parameter requests: what is asked of venues outside is appended.
    /// - Returns: false when the run has ended (see `run.end`).
    @discardableResult
    public func advance(to localNs: Int64, requests: inout [LiveRequest]) -> Bool {
        guard !isFinished else { return false }
        journal?.add(.clock(localNs: localNs))
        mirror?.add(.clock(localNs: localNs))
        for i in unretained.indices { unretained[i]._withUnsafeGuaranteedRef { $0.advance(toLocalNs: localNs) } }
        let goesOn = run.advance(maxSteps: .max)
        run.backtest.takeLiveRequests(into: &requests)
        collectOrders()
        return goesOn
    }

    /// No more input: plays what is left and marks where the run stands.
    public func finish(at localNs: Int64) {
        guard !isFinished else { return }
        mark()
        journal?.add(.end(localNs: localNs))
        for feed in feeds { feed.close() }
        while run.advance(maxSteps: 4_096) {}
        collectOrders()
        mark()
        isFinished = true
    }

    /// Writes where the run stands, if it has moved since the last time, and flushes the journal.
    public func mark() {
        if run.steps != markedSteps {
            journal?.add(.mark(place))
            markedSteps = run.steps
        }
        journal?.flush()
    }

    public var place: JournalMark { JournalMark(steps: run.steps, nowNs: run.backtest.nowNs, digest: run.backtest.digest.value) }

    /// Requests and answers since the last call.
    public func takeOrders() -> [OrderRecord] {
        let taken = orders
        orders = []
        return taken
    }

    /// The same in exchange for an empty list, whose memory is used from now on.
    public func takeOrders(into list: inout [OrderRecord]) {
        list.removeAll(keepingCapacity: true)
        swap(&list, &orders)
    }

    private func collectOrders() {
        let backtest = run.backtest
        guard backtest.requestCount != seenRequests || backtest.responseCount != seenResponses else { return }
        (seenRequests, seenResponses) = (backtest.requestCount, backtest.responseCount)
        backtest.drainOrders { record in
            orders.append(record)
            let order = record.order
            if record.kind == .response, order.executionId == 0, order.status == .new || order.status == .canceled {
                roundTrips.add(record.localNs &- order.localNs)
            }
            if record.kind != .response { journal?.add(.request(record.kind, asset: record.assetIndex, order: record.order)) }
        }
    }
}
