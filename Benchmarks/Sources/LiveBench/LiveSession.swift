import HBTBinance
import HBTEngine
import HBTLive
import HBTTypes

/// A live run on a recorded feed, with a venue that says yes to everything.
final class LiveSession {
    let engine: LiveEngine
    @exclusivity(unchecked) private var parser = StreamParser()
    @exclusivity(unchecked) private var request = JSONWriter()
    @exclusivity(unchecked) private var actions: [OrderAction] = []
    private var more: [OrderAction] = []
    private var records: [OrderRecord] = []
    private let symbol: String
    private(set) var orders = 0
    /// Of everything that would have been sent.
    private(set) var digest = Digest()

    init(symbol: String) throws {
        self.symbol = symbol
        let spec = AssetSpec(symbol: symbol, tickSize: 0.1, lotSize: 0.001, book: .roi(lower: 40_000, upper: 80_000))
        let feed = LiveFeed(venue: .outside)
        let backtest = try Backtest(assets: [AssetInput(spec: spec, live: feed)], compatibility: .none)
        let nowhere = SourceLocation(file: "live-bench", line: 0)
        let strategy = try QuoteStrategy(settings: SettingsTable([], path: "", location: nowhere), assets: [spec])
        let run = StrategyRun(backtest, strategy: strategy, record: .every(ns: 60_000_000_000))
        var limits = RateBudget.Limits()
        (limits.weightPerMinute, limits.ordersPer10s, limits.ordersPerDay) = (.max / 2, .max / 2, .max / 2)
        engine = LiveEngine(
            loop: DecisionLoop(run: run, feeds: [feed], journal: nil),
            orders: OrderManager(ids: OrderIds(startNs: 1), specs: [spec], budget: RateBudget(limits: limits)),
            limits: RiskLimits(
                maxPositionValue: 1e9, maxOrderValue: 1e9, maxLoss: 1e12, ordersPerSecond: 1_000_000, staleFeedNs: 3_600_000_000_000,
                maxFeedLatencyNs: 3_600_000_000_000, deadMansSwitchNs: 0),
            rules: [.futures])
    }

    /// From the bytes of a message to the bytes of the first new order: what is timed.
    @inline(never)
    func decide(_ message: UnsafeRawBufferPointer, at ns: Int64) throws {
        guard case .depth(let head) = try parser.parse(message) else { return }
        let exchangeNs = (head.transactionMs ?? head.eventMs) &* 1_000_000
        let diff = DepthDiff(
            firstId: head.firstUpdateId, lastId: head.finalUpdateId, previousId: head.previousFinalUpdateId, exchangeNs: exchangeNs, localNs: ns)
        engine.depth(diff, bids: parser.bidValues, asks: parser.askValues, asset: 0)
        engine.takeActions(into: &actions)
        for action in actions { if case .place(let clientId, _, let order) = action { write(clientId, order, ns) } }
    }

    /// `order.place` of the WebSocket API after `session.logon`: such a session signs no single request.
    private func write(_ clientId: String, _ order: Order, _ ns: Int64) {
        request.removeAll()
        request.beginObject()
        request.field("id", clientId)
        request.field("method", "order.place")
        request.name("params")
        request.beginObject()
        request.field("symbol", symbol)
        request.field("side", order.side == .buy ? "BUY" : "SELL")
        request.field("type", "LIMIT")
        request.field("timeInForce", "GTX")
        request.field("price", WireDecimal(mantissa: order.priceTick, digits: 1))
        request.field("quantity", WireDecimal(rounding: order.quantity, digits: 3) ?? .zero)
        request.field("newClientOrderId", clientId)
        request.field("timestamp", ns / 1_000_000)
        request.endObject()
        request.endObject()
        orders += 1
    }

    /// The venue's answers, untimed.
    func answer(at ns: Int64) {
        request.withBytes { for byte in $0 { digest.add(UInt64(byte)) } }
        for action in actions {
            switch action {
            case .place(let clientId, let asset, let order):
                engine.outcome(.accepted(venueOrder(clientId, asset, order, .new, ns)), of: .place, clientId: clientId, at: ns)
            case .cancel(let clientId, let asset):
                engine.outcome(
                    .accepted(VenueOrder(
                        clientId: clientId, asset: asset, side: .buy, status: .cancelled, priceTick: 0, quantity: 0.001, executed: 0, exchangeNs: ns)),
                    of: .cancel, clientId: clientId, at: ns)
            default: break
            }
            engine.takeActions(into: &more)
        }
        _ = engine.takeNotes()
        // A run writes these to its folder.
        engine.loop.takeOrders(into: &records)
        _ = engine.loop.run.takeFeedLatencies()
    }

    private func venueOrder(_ clientId: String, _ asset: Int, _ order: Order, _ status: VenueOrder.Status, _ ns: Int64) -> VenueOrder {
        VenueOrder(
            clientId: clientId, asset: asset, side: order.side, status: status, priceTick: order.priceTick, quantity: order.quantity, executed: 0,
            exchangeNs: ns)
    }

    /// The book before the first message: empty, so that its levels come from the feed.
    func begin(before first: DepthMessage, at ns: Int64) {
        let none = UnsafeBufferPointer<DepthLevel>(start: nil, count: 0)
        engine.snapshot(lastId: first.firstUpdateId, exchangeNs: ns - 1_000_000, bids: none, asks: none, asset: 0, at: ns)
        engine.position(0, asset: 0, at: ns)
    }
}
