import HBTEngine
import HBTTypes

/// A live run without its sockets: feed, decisions, risk, orders and journal as one state machine.
///
/// The shell hands over every message with the time of its receipt, calls `tick` at least every 100 ms, and after each
/// call carries out `takeActions` and looks at `takeNotes`. Times never go back; messages received together get times
/// of their own, one nanosecond apart.
public final class LiveEngine {
    public let loop: DecisionLoop
    public let orders: OrderManager
    // Every method is called alone and none calls out: no checks of exclusive access.
    @exclusivity(unchecked) public internal(set) var gate: RiskGate
    private let backtest: Backtest
    let specs: [AssetSpec]
    @exclusivity(unchecked) public internal(set) var books: [BookSynchroniser]
    @exclusivity(unchecked) public internal(set) var health: [FeedHealth]
    @exclusivity(unchecked) var trades: [TradeFilter]
    @exclusivity(unchecked) var loss: LossLimit
    @exclusivity(unchecked) var deadMan: DeadMansSwitch
    private let reconcileNs: Int64
    @exclusivity(unchecked) private var nextReconcileNs = Int64.min
    @exclusivity(unchecked) private var nextMarkNs = Int64.min
    /// Why no order must go out although the books are fine: nobody knows what the account holds.
    @exclusivity(unchecked) public internal(set) var accountFault: String?
    /// Time of the newest input.
    @exclusivity(unchecked) public internal(set) var nowNs = Int64.min
    @exclusivity(unchecked) var rows = RowList()
    /// Rows that came of the newest depth diff, snapshot or trade; valid until the next input.
    public var newestRows: UnsafeBufferPointer<MarketEvent> { rows.rows }
    @exclusivity(unchecked) private var requests: [LiveRequest] = []
    @exclusivity(unchecked) private var actions: [OrderAction] = []
    @exclusivity(unchecked) private var notes: [String] = []
    /// Assets whose orders have been cancelled because of their feed.
    @exclusivity(unchecked) private var isPulled: [Bool]
    /// By asset: what corrections have added to the position while there was no price to set its worth against.
    @exclusivity(unchecked) var unpriced: [Double]
    @exclusivity(unchecked) private var snapshotWishes: [Int] = []
    /// Inputs of one moment are being gathered: decisions wait for the last.
    @exclusivity(unchecked) var isGathering = false

    /// - Parameters:
    ///   - loop: its venues are outside.
    ///   - patienceNs: how long a gap may be filled by another connection; 0 with one.
    public init(
        loop: DecisionLoop, orders: OrderManager, limits: RiskLimits, rules: [DepthRule], patienceNs: Int64 = 0, reconcileNs: Int64 = 30_000_000_000
    ) {
        let backtest = loop.run.backtest
        self.backtest = backtest
        specs = (0..<backtest.assetCount).map { backtest.spec($0) }
        precondition(rules.count == specs.count, "each asset has a rule for its depth messages")
        self.loop = loop
        self.orders = orders
        gate = RiskGate(limits)
        books = rules.map { BookSynchroniser(rule: $0, gapPatienceNs: patienceNs) }
        health = specs.map { _ in FeedHealth(staleNs: limits.staleFeedNs, latencyLimitNs: limits.maxFeedLatencyNs) }
        trades = specs.map { _ in TradeFilter() }
        loss = LossLimit(limits.maxLoss, assets: specs.count)
        deadMan = DeadMansSwitch(spanNs: limits.deadMansSwitchNs, assets: specs.count)
        isPulled = specs.map { _ in true }
        unpriced = specs.map { _ in 0 }
        self.reconcileNs = reconcileNs
    }

    // MARK: what came of a call

    public func takeActions() -> [OrderAction] {
        guard !actions.isEmpty else { return [] }
        defer { actions = [] }
        return actions
    }

    /// The same in exchange for an empty list, whose memory is used from now on.
    public func takeActions(into list: inout [OrderAction]) {
        list.removeAll(keepingCapacity: true)
        swap(&list, &actions)
    }

    /// Everything worth telling since the last call; in the journal already.
    public func takeNotes() -> [String] {
        guard !notes.isEmpty else { return [] }
        defer { notes = [] }
        return notes
    }

    /// Assets whose depth snapshot is to be asked for.
    public func takeSnapshotWishes() -> [Int] {
        guard !snapshotWishes.isEmpty else { return [] }
        defer { snapshotWishes = [] }
        return snapshotWishes
    }

    // MARK: time and ends

    /// Time passes.
    public func tick(at ns: Int64) {
        enter(ns)
        for asset in specs.indices {
            books[asset].noteTime(nowNs)
            noteBook(asset)
        }
        orders.tick(nowNs)
        actions += deadMan.tick(nowNs)
        if nowNs >= nextReconcileNs {
            nextReconcileNs = nowNs &+ reconcileNs
            orders.startReconciliation(at: nowNs)
        }
        leave()
        // Off the path of a message: compresses and writes.
        if nowNs >= nextMarkNs {
            nextMarkNs = nowNs &+ 1_000_000_000
            loop.mark()
        }
    }

    /// Cancels everything and takes no order any more. `orders.killProvenNs` says when nothing is open.
    public func kill(_ reason: String, at ns: Int64) {
        enter(ns)
        stop(reason)
        leave()
    }

    /// The user stream was away: compares everything with the venue.
    public func reconcileNow(at ns: Int64) {
        enter(ns)
        orders.startReconciliation(at: nowNs)
        leave()
    }

    /// The run ends in order; nothing is open any more (or nothing more can be done).
    public func finish(at ns: Int64) {
        enter(ns)
        actions += deadMan.off()
        loop.finish(at: nowNs)
    }

    func stop(_ reason: String) {
        guard orders.killReason == nil else { return }
        note("everything is cancelled: \(reason)")
        orders.killEverything(reason, at: nowNs)
    }

    func note(_ text: String) {
        notes.append(text)
        if !loop.isFinished { loop.journal?.add(.note(localNs: nowNs, text: text)) }
    }

    // MARK: one input

    /// Every input begins here: times are ascending.
    func enter(_ ns: Int64) {
        guard !isGathering else { return }
        nowNs = max(ns, nowNs == .min ? ns : nowNs &+ 1)
    }

    /// Every input ends here: decisions are made, pass the gate, and go out.
    func leave() {
        guard !isGathering else { return }
        guard !loop.isFinished else {
            _ = orders.takeAnswers()
            actions += orders.takeActions(at: nowNs)
            for correction in orders.takeCorrections() { note(correction.description) }
            return
        }
        if loop.journal?.failure != nil, orders.killReason == nil {
            stop("the journal cannot be written (\(loop.journal?.failure?.description ?? ""))")
        }
        passAnswers()
        requests.removeAll(keepingCapacity: true)
        loop.advance(to: nowNs, requests: &requests)
        for i in requests.indices { route(requests[i]) }
        for asset in specs.indices {
            pullIfUnfit(asset)
            priceCorrection(asset)
        }
        watchLoss()
        passAnswers()
        orders.moveActions(to: &actions, at: nowNs)
        for correction in orders.takeCorrections() { note(correction.description) }
    }

    func passAnswers() {
        orders.passAnswers { loop.answer($0.order, asset: $0.asset, fee: $0.fee, at: nowNs) }
    }

    private func route(_ request: LiveRequest) {
        let asset = request.assetIndex
        guard request.kind != .cancel else { return orders.request(request, at: nowNs) }
        if let accountFault {
            note("order \(request.order.orderId) of \(specs[asset].symbol) was not sent: \(accountFault)")
            return orders.refuse(request)
        }
        let open = orders.openQuantity(asset: asset)
        let replaced = request.kind == .modify ? backtest.order(asset, id: request.order.orderId)?.leavesQuantity ?? 0 : 0
        let view = RiskView(
            spec: specs[asset], position: orders.positions[asset], openBuys: open.buys, openSells: open.sells,
            openOrders: orders.openCount(asset: asset), mid: backtest.depth(asset).mid, feedFault: health[asset].fault(at: nowNs),
            // Twice the limit: without orders nothing would ever be measured again.
            orderLatencyNs: orders.roundTripNs(asset: asset, freshNs: gate.limits.maxOrderLatencyNs &* 2, at: nowNs))
        if let refusal = gate.refusal(request.order, replaced: replaced, view, isKilled: orders.killReason != nil, at: nowNs) {
            note("order \(request.order.orderId) of \(specs[asset].symbol) was not sent: \(refusal)")
            orders.refuse(request)
        } else {
            orders.request(request, at: nowNs)
        }
    }

    /// Nobody's orders stay on a book that cannot be trusted.
    private func pullIfUnfit(_ asset: Int) {
        guard let fault = health[asset].fault(at: nowNs)?.description ?? accountFault else {
            isPulled[asset] = false
            return
        }
        if !isPulled[asset] { note("\(specs[asset].symbol): \(fault); its orders are cancelled") }
        isPulled[asset] = true
        orders.cancelAll(asset: asset, at: nowNs)
    }

    private func watchLoss() {
        guard orders.killReason == nil else { return }
        for asset in specs.indices where unpriced[asset] == 0 {
            if let lost = loss.loss(equity(asset), asset: asset) {
                return stop("the run has lost \(lost), above max_loss = \(gate.limits.maxLoss)")
            }
        }
    }

    /// Quote currency (base for inverse contracts); NaN without a price.
    func equity(_ asset: Int) -> Double {
        RunValue.equity(backtest.state(asset), specs[asset].contract, mid: backtest.depth(asset).mid)
    }

    func noteBook(_ asset: Int) {
        let isSynchronised = books[asset].state == .synchronised
        if isSynchronised != health[asset].isSynchronised {
            health[asset].isSynchronised = isSynchronised
            note("\(specs[asset].symbol): the book is \(isSynchronised ? "synchronised" : "lost; a snapshot is asked for")")
        }
        if books[asset].takeSnapshotWish() { snapshotWishes.append(asset) }
    }
}
