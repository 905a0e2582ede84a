import HBTMarketData
import HBTTypes
import Testing

@testable import HBTEngine

/// A venue outside: given the answers that a backtest's venue gave, a strategy asks for the same.
struct LiveVenueTests {
    /// What reaches us, in order of receipt; rows before answers of the same time, as in a backtest.
    private enum Input {
        case row(MarketEvent)
        case answer(Order, Int64)
        var ns: Int64 {
            switch self {
            case .row(let row): row.localNs
            case .answer(_, let ns): ns
            }
        }
    }

    /// A backtest's clock starts with the venue's first row, a live one with the first that is received: here they are one.
    private func startingTogether(_ rows: [MarketEvent]) -> [MarketEvent] {
        let ns = (rows.map(\.exchangeNs).min() ?? 0) - 10
        let flags = EventFlags.exchange | EventFlags.local | UInt64(EventKind.depthBBO)
        return [MarketEvent(ev: flags, exchangeNs: ns, localNs: ns, price: 0, quantity: 0)] + rows
    }

    private func inputs(_ rows: [MarketEvent], _ orders: [OrderRecord]) -> [Input] {
        let rows = rows.filter { $0.has(EventFlags.local) }.sorted { $0.localNs < $1.localNs }.map(Input.row)
        let answers = orders.filter { $0.kind == .response }.map { Input.answer($0.order, $0.localNs) }
        return (rows + answers).enumerated().sorted { ($0.element.ns, $0.offset) < ($1.element.ns, $1.offset) }.map(\.element)
    }

    @Test func sameAnswersSameRequests() throws {
        var requestCount = 0
        for seed in 0..<300 as Range<UInt64> {
            let market = RandomMarket(seed: seed)
            let rows = startingTogether(market.rows)
            let whole = try market.backtest(.none, source: ArrayEventSource(rows))
            whole.keepsOrders = true
            var expected: [(ReturnCode, Digest)] = []
            for step in market.steps {
                let code = step.perform(on: whole)
                if code == .endOfData { break }
                _ = whole.record(0)
                expected.append((code, whole.digest))
            }
            let log = whole.takeOrders()
            // An answer at the moment of its request cannot be on its way before it.
            if log.contains(where: { $0.kind == .response && $0.localNs == $0.order.localNs }) { continue }
            let feed = LiveFeed(venue: .outside)
            let live = try Backtest(assets: [AssetInput(spec: market.spec, live: feed)], compatibility: .none)
            let events = inputs(rows, log)
            var next = 0
            func grow() {
                guard next < events.count else { return feed.advance(toLocalNs: feed.clockNs + 1) }
                let ns = events[next].ns
                while next < events.count, events[next].ns == ns {
                    switch events[next] {
                    case .row(let row): feed.push([row])
                    case .answer(let order, let ns): live.receive(order, asset: 0, at: ns)
                    }
                    next += 1
                }
                feed.advance(toLocalNs: ns)
            }
            var made: [LiveRequest] = []
            for (step, (code, digest)) in zip(market.steps, expected) {
                var found = step.perform(on: live)
                while found == .pending {
                    grow()
                    found = step.perform(on: live)
                }
                live.takeLiveRequests(into: &made)
                _ = live.record(0)
                #expect(found == code, "seed \(seed)")
                #expect(live.digest == digest, "seed \(seed), \(step)")
                if live.digest != digest { break }
            }
            let sent = log.filter { $0.kind != .response }.prefix(made.count).map { LiveRequest(kind: $0.kind, assetIndex: 0, order: $0.order) }
            let isSame = made == Array(sent)
            #expect(isSame, "seed \(seed)")
            requestCount += made.count
        }
        #expect(requestCount > 2_000)
    }

    @Test(arguments: [0, 1, 2])
    func strategiesAskForTheSame(strategy: Int) throws {
        let model = SnapshotRuns(strategy: strategy)
        let rows = startingTogether(try allRows(try model.market(0)))
        let whole = try model.make(rows: [rows])
        whole.backtest.keepsOrders = true
        while whole.advance(maxSteps: 1_000) {}
        let log = whole.backtest.takeOrders()
        let feed = LiveFeed(venue: .outside)
        let run = try model.make(live: [feed])
        var made: [LiveRequest] = []
        for input in inputs(rows, log) {
            switch input {
            case .row(let row): feed.push([row])
            case .answer(let order, let ns): run.backtest.receive(order, asset: 0, at: ns)
            }
            feed.advance(toLocalNs: input.ns)
            run.advance(maxSteps: .max)
            run.backtest.takeLiveRequests(into: &made)
        }
        // A backtest's clock goes on with what its venue still has to say.
        feed.advance(toLocalNs: whole.backtest.nowNs)
        run.advance(maxSteps: .max)
        run.backtest.takeLiveRequests(into: &made)
        let sent = log.filter { $0.kind != .response }.map { LiveRequest(kind: $0.kind, assetIndex: 0, order: $0.order) }
        #expect(sent.count > 50 || strategy == 2)
        #expect(made.count == sent.count)
        let difference = zip(made, sent).first { $0 != $1 }
        #expect(difference == nil)
    }

    @Test func timePassesWithoutRowsAndFeesAreTheVenues() throws {
        let feed = LiveFeed(venue: .outside)
        var spec = AssetSpec(symbol: "T", tickSize: 1, lotSize: 1)
        spec.fee = FeeSpec(maker: 0.5, taker: 0.5)
        let live = try Backtest(assets: [AssetInput(spec: spec, live: feed)], compatibility: .none)
        let flags = EventFlags.exchange | EventFlags.local | EventFlags.buy | UInt64(EventKind.depth)
        feed.push([MarketEvent(ev: flags, exchangeNs: 90, localNs: 100, price: 10, quantity: 1)])
        feed.advance(toLocalNs: 100)
        #expect(live.elapse(0) == .ok)
        #expect(live.elapse(50) == .pending)
        feed.advance(toLocalNs: 200)
        #expect(live.elapse(50) == .ok)
        #expect(live.nowNs == 150)
        #expect(live.submit(asset: 0, side: .buy, orderId: 7, price: 9, quantity: 2) == .ok)
        var made: [LiveRequest] = []
        live.takeLiveRequests(into: &made)
        #expect(made.map(\.order.orderId) == [7] && made.map(\.kind) == [.submit])
        var fill = made[0].order
        fill.request = .none
        fill.status = .filled
        fill.leavesQuantity = 0
        (fill.executionId, fill.executedPriceTick, fill.executedQuantity, fill.exchangeNs, fill.isMaker) = (1, 9, 2, 170, true)
        live.receive(fill, asset: 0, fee: 0.125, at: 180)
        #expect(live.elapse(50) == .ok)
        #expect(live.state(0).position == 2)
        #expect(live.state(0).fee == 0.125)
        live.correct(asset: 0, position: 3, balance: -20)
        #expect(live.state(0).position == 3)
    }

    @Test func venuesDoNotMix() {
        let spec = AssetSpec(symbol: "T", tickSize: 1, lotSize: 1)
        #expect(throws: EngineError.self) {
            try Backtest(
                assets: [AssetInput(spec: spec, live: LiveFeed(venue: .outside)), AssetInput(spec: spec, events: ArrayEventSource([]))], compatibility: .none)
        }
    }
}
