import HBTMarketData
import HBTTypes
import Testing

@testable import HBTEngine

/// Real feed, simulated fills: what is pushed piece by piece gives what one backtest of it gives.
struct PaperEqualityTests {
    /// Plays a script, pushing rows only when the run asks for more.
    private func play(_ market: RandomMarket, _ rows: [MarketEvent], _ mode: Compatibility, seed: UInt64) throws -> (Digest, [ReturnCode], Int64) {
        var random = Dice(seed)
        let feed = LiveFeed(venue: .simulated, reorderNs: 15, latencyLimitNs: 10_000)
        let backtest = try Backtest(
            assets: [AssetInput(spec: market.spec, live: feed, latencyRows: market.latency.map { ArrayLatencySource([$0]) })], compatibility: mode)
        var next = 0
        func grow() {
            guard next < rows.count else { return feed.close() }
            let count = min(Int(random.int(1...20)), rows.count - next)
            feed.push(Array(rows[next..<(next + count)]))
            next += count
        }
        var codes: [ReturnCode] = []
        for step in market.steps {
            var code = step.perform(on: backtest)
            while code == .pending {
                grow()
                code = step.perform(on: backtest)
            }
            codes.append(code)
            _ = backtest.record(0)
        }
        while backtest.goToEnd() == .pending { grow() }
        _ = backtest.record(0)
        return (backtest.digest, codes, feed.movedRows)
    }

    @Test(arguments: Compatibility.allCases)
    func pushedInAnyPiecesItIsTheSameRun(mode: Compatibility) throws {
        var fills: Int64 = 0
        for seed in 0..<300 as Range<UInt64> {
            let market = RandomMarket(seed: seed)
            let rows = LiveRows(market.rows, disorderNs: seed % 3 == 0 ? 0 : 15, seed: seed)
            let whole = try market.backtest(mode, source: ArrayEventSource(rows.file))
            var codes: [ReturnCode] = []
            for step in market.steps {
                codes.append(step.perform(on: whole))
                _ = whole.record(0)
            }
            whole.goToEnd()
            _ = whole.record(0)
            fills += whole.fillCount
            let paper = try play(market, rows.received, mode, seed: seed &+ 1_000)
            #expect(paper.0 == whole.digest && paper.1 == codes, "seed \(seed)")
            #expect(paper.2 == 0, "no row broke a promise (seed \(seed))")
        }
        #expect(fills > 300, "runs without fills prove little")
    }

    /// Rows that come too late for the watermark give way; a recording of what the engine saw is the same run.
    @Test func rowsThatComeTooLateGiveWayAndTheRecordingAgrees() throws {
        var moved: Int64 = 0
        for seed in 0..<100 as Range<UInt64> {
            let market = RandomMarket(seed: seed)
            let rows = LiveRows(market.rows, disorderNs: 60, seed: seed)
            let paper = try play(market, rows.received, .none, seed: seed)
            moved += paper.2
            let recorder = LiveFeed(venue: .simulated, reorderNs: 15, latencyLimitNs: 10_000)
            recorder.push(rows.received)
            recorder.close()
            let recording = try market.backtest(.none, source: ArrayEventSource(try allRows(recorder)))
            for step in market.steps {
                step.perform(on: recording)
                _ = recording.record(0)
            }
            recording.goToEnd()
            _ = recording.record(0)
            #expect(recording.digest == paper.0, "seed \(seed)")
        }
        #expect(moved > 100)
    }

    @Test(arguments: 0..<4)
    func strategiesAgreeAcrossASnapshotToo(index: Int) throws {
        let model = SnapshotRuns(
            strategy: index % 2, exchange: index < 2 ? .noPartialFill : .partialFill, book: index % 2 == 0 ? .hash : .roi(lower: 58_000, upper: 62_000))
        let market = LiveRows(try allRows(try model.market(0)), disorderNs: 0, seed: 0)
        let rows = market.received
        let straight = SnapshotRuns.finish(try model.make(rows: [market.file]))
        var random = Dice(UInt64(index))
        var feed = LiveFeed(venue: .simulated, reorderNs: 50_000_000)
        var run = try model.make(live: [feed])
        var records: [[RecordRow]] = [[]], fills: [FillRecord] = []
        var next = 0
        while next < rows.count {
            let count = min(Int(random.int(1...400)), rows.count - next)
            feed.push(Array(rows[next..<(next + count)]))
            next += count
            run.advance(maxSteps: .max)
            #expect(run.isPending)
            run.drainRecords { records[$0] += $1 }
            fills += run.backtest.takeFills(isFinal: false)
            guard random.chance(10) else { continue }
            var state = StateWriter()
            run.encode(into: &state)
            feed = LiveFeed(venue: .simulated, reorderNs: 50_000_000)
            run = try model.make(live: [feed])
            var input = StateReader(state.bytes)
            try run.restore(from: &input)
        }
        feed.close()
        #expect(feed.movedRows == 0)
        let paper = SnapshotRuns.finish(run, records: records, fills: fills)
        #expect(straight.fills.count > 3)
        #expect(paper.difference(from: straight) == nil)
    }

    /// Two feeds that do not keep step with each other.
    @Test(arguments: 0..<3)
    func severalAssetsWaitForTheSlowest(seed: UInt64) throws {
        let markets = try (0..<2).map { LiveRows(try allRows(try SnapshotRuns().market($0)), disorderNs: 3_000_000, seed: seed) }
        func make(_ input: (Int, AssetSpec) -> AssetInput) throws -> StrategyRun {
            let inputs = (0..<2).map { asset in
                input(asset, AssetSpec(
                    symbol: "A\(asset)", tickSize: 0.1, lotSize: 0.001, latency: .constant(entryNs: 30_000_000, responseNs: 20_000_000),
                    exchange: .partialFill))
            }
            let backtest = try Backtest(assets: inputs, compatibility: .none)
            backtest.keepsFills = true
            return StrategyRun(backtest, strategy: PairQuoter(), record: .every(ns: 300_000_000))
        }
        func finish(_ run: StrategyRun) -> SnapshotRuns.Outcome { SnapshotRuns.finish(run, records: [[], []]) }
        let straight = finish(try make { AssetInput(spec: $1, events: ArrayEventSource(markets[$0].file)) })
        var random = Dice(seed)
        let feeds = (0..<2).map { _ in LiveFeed(venue: .simulated, reorderNs: 50_000_000) }
        let run = try make { AssetInput(spec: $1, live: feeds[$0]) }
        var next = [0, 0]
        while let asset = (0..<2).filter({ next[$0] < markets[$0].received.count }).randomElement(using: &random) {
            let rows = markets[asset].received
            let count = min(Int(random.int(1...300)), rows.count - next[asset])
            feeds[asset].push(Array(rows[next[asset]..<(next[asset] + count)]))
            next[asset] += count
            run.advance(maxSteps: .max)
        }
        for feed in feeds { feed.close() }
        #expect(feeds.allSatisfy { $0.movedRows == 0 })
        #expect(straight.fills.count > 3)
        #expect(finish(run).difference(from: straight) == nil)
    }

    /// Quotes each asset at the other's last move.
    private final class PairQuoter: Strategy {
        static let typeName = "pair_quoter"
        private var mids = [0.0, 0.0]
        private var nextId: UInt64 = 1

        init() {}
        init(settings: SettingsTable, assets: [AssetSpec]) throws(SettingsError) {}
        var wake: StrategyWake { .feed(timeoutNs: 500_000_000, includesResponses: true) }

        func step(_ market: StrategyContext, reason: WakeReason) {
            for asset in 0..<2 {
                market.clearInactiveOrders(asset)
                let depth = market.depth(asset)
                guard depth.isTwoSided, depth.mid != mids[asset] else { continue }
                let isUp = depth.mid > mids[asset]
                mids[asset] = depth.mid
                market.forEachOrder(1 - asset) { if $0.isCancellable { market.cancel(1 - asset, orderId: $0.orderId) } }
                let other = market.depth(1 - asset)
                guard other.isTwoSided else { continue }
                market.submit(
                    1 - asset, side: isUp ? .buy : .sell, orderId: nextId, price: isUp ? other.bestBid : other.bestAsk, quantity: 0.01)
                nextId += 1
            }
        }

        func encode(into out: inout StateWriter) {}
        func restore(from input: inout StateReader) throws(StateError) {}
    }

    @Test func nothingIsDecidedBeforeItIsKnown() throws {
        let feed = LiveFeed(venue: .simulated, reorderNs: 20, latencyLimitNs: 1_000)
        let backtest = try Backtest(assets: [AssetInput(spec: AssetSpec(symbol: "T", tickSize: 1, lotSize: 1), live: feed)], compatibility: .none)
        func row(_ exchangeNs: Int64, _ localNs: Int64) -> MarketEvent {
            MarketEvent(
                ev: EventFlags.exchange | EventFlags.local | EventFlags.buy | UInt64(EventKind.depth), exchangeNs: exchangeNs, localNs: localNs,
                price: 100, quantity: 1)
        }
        #expect(backtest.elapse(0) == .pending)
        feed.push([row(1_000, 1_010)])
        #expect(backtest.elapse(0) == .pending, "an older row may still come")
        feed.push([row(1_020, 1_030)])
        #expect(backtest.elapse(0) == .pending, "so may one of the same time")
        feed.push([row(1_021, 1_031)])
        #expect(backtest.elapse(0) == .ok)
        #expect(backtest.nowNs == 1_000)
        #expect(backtest.elapse(100) == .pending)
        feed.advance(toLocalNs: 3_000)
        #expect(feed.watermarkNs == 2_000, "a row may take no longer than the latency limit")
        #expect(backtest.elapse(100) == .pending, "without a row after it, this may be the end of the data")
        feed.push([row(3_000, 3_010)])
        #expect(backtest.elapse(100) == .ok)
        #expect(backtest.nowNs == 1_100)
    }
}
