import HBTEngine
import HBTMarketData
import HBTTypes
import Testing

@testable import HBTLive

/// A live run that differs from its backtest in one thing: that thing has the difference.
struct ReconciliationTests {
    /// A "venue" that behaves like `spec` in a market of `rows`, seen by us as `seen`; journalled as a live run.
    private func live(
        _ spec: AssetSpec, rows: [MarketEvent], seen: [MarketEvent], feeFactor: Double? = nil, funding: [Double] = [], in folder: ScratchFolder
    ) throws {
        let source = TwoSidedSource(exchange: ArrayEventSource(rows), local: ArrayEventSource(seen))
        let whole = try TestRuns.strategyRun(Backtest(assets: [AssetInput(spec: spec, events: source)], compatibility: .none))
        whole.backtest.keepsOrders = true
        whole.backtest.keepsFills = true
        while whole.advance(maxSteps: 1_000) {}
        let fees = whole.backtest.takeFills(isFinal: true).map { $0.fee * (feeFactor ?? 1) }
        var nextFee = 0
        let feed = LiveFeed(venue: .outside)
        let run = try TestRuns.strategyRun(Backtest(assets: [AssetInput(spec: TestRuns.spec, live: feed)], compatibility: .none))
        let writer = try JournalWriter(folder: folder.path)
        writer.add(.start(JournalStart(settings: "", runId: "r", isPaper: false, reorderNs: 50_000_000, latencyLimitNs: 5_000_000_000)))
        let loop = DecisionLoop(run: run, feeds: [feed], journal: writer)
        var requests: [LiveRequest] = []
        let answers = whole.backtest.takeOrders().filter { $0.kind == .response }
        var next = 0
        let lastNs = seen.map(\.localNs).max() ?? 0
        func answer(upTo ns: Int64) {
            while next < answers.count, answers[next].localNs <= ns {
                let record = answers[next]
                var fee: Double?
                if record.order.executionId != 0 {
                    fee = feeFactor == nil ? nil : fees[nextFee]
                    nextFee += 1
                }
                loop.answer(record.order, asset: 0, fee: fee, at: record.localNs)
                loop.advance(to: record.localNs, requests: &requests)
                next += 1
            }
        }
        let ordered = seen.filter { $0.has(EventFlags.local) }.sorted { $0.localNs < $1.localNs }
        var first = 0, paid = 0
        while first < ordered.count {
            var end = first
            while end < ordered.count && ordered[end].localNs == ordered[first].localNs { end += 1 }
            answer(upTo: ordered[first].localNs - 1)
            Array(ordered[first..<end]).withUnsafeBufferPointer { loop.rows($0, asset: 0) }
            if first > 500, paid < funding.count {
                loop.funding(funding[paid], asset: 0, at: ordered[first].localNs)
                paid += 1
            }
            loop.advance(to: ordered[first].localNs, requests: &requests)
            first = end
        }
        answer(upTo: lastNs)
        loop.finish(at: lastNs)
    }

    private func split(_ folder: ScratchFolder, files: [MarketEvent]?, journal: [MarketEvent]) throws -> ProfitSplit {
        let replay = try JournalReplay.run(try JournalReader(folder.path)) { _ in try TestRuns.make(.outside) }
        #expect(replay.difference == nil)
        let facts = try LiveFacts(try JournalReader(folder.path), assets: 1)
        let reconciliation = Reconciliation(facts: facts, specs: [TestRuns.spec], mids: replay.mids) { events, latency in
            var spec = TestRuns.spec
            var rows: ArrayLatencySource?
            if let measured = latency(0) {
                spec.latency = .interpolated(offsetNs: 0)
                rows = ArrayLatencySource([measured])
            }
            return try TestRuns.strategyRun(Backtest(assets: [AssetInput(spec: spec, events: events[0], latencyRows: rows)], compatibility: .none))
        }
        let split = try reconciliation.split(
            files: files.map { rows in { _ in ArrayEventSource(rows) } }, journal: { _ in ArrayEventSource(journal) }, live: replay.accounts)
        #expect(split.parts.reduce(ExactMoney(units: 0)) { $0 + $1.amount } == split.difference, "the parts are the whole")
        return split
    }

    /// Rows that start both clocks together, so that live and backtest steps fall on the same moments.
    private func market() throws -> [MarketEvent] {
        let rows = try TestRuns.market(seconds: 20)
        let ns = (rows.map(\.exchangeNs).min() ?? 0) - 10
        let flags = EventFlags.exchange | EventFlags.local | UInt64(EventKind.depthBBO)
        let all = [MarketEvent(ev: flags, exchangeNs: ns, localNs: ns, price: 0, quantity: 0)] + rows
        func side(_ flag: UInt64, without other: UInt64) -> [MarketEvent] {
            all.filter { $0.has(flag) }.map { row in
                var row = row
                row.ev &= ~other
                return row
            }
        }
        return side(EventFlags.exchange, without: EventFlags.local).sorted { $0.exchangeNs < $1.exchangeNs }
            + side(EventFlags.local, without: EventFlags.exchange).sorted { $0.localNs < $1.localNs }
    }

    private func expectAlone(_ cause: ProfitSplit.Cause, _ split: ProfitSplit) {
        let difference = split.difference.amount
        #expect(abs(difference) > 0.01, "no difference, no proof")
        let share = (split.parts.first { $0.cause == cause }?.amount.amount ?? 0) / difference
        #expect(share > 0.95 && share < 1.05, "\(cause) has \(share) of \(difference): \(split.parts.map { "\($0.cause) \($0.amount)" })")
    }

    private func local(_ rows: [MarketEvent]) -> [MarketEvent] { rows.filter { $0.has(EventFlags.local) } }

    @Test func equalRunsHaveNothingToExplain() throws {
        let folder = ScratchFolder(), rows = try market()
        try live(TestRuns.spec, rows: rows, seen: local(rows), in: folder)
        let split = try split(folder, files: nil, journal: rows)
        #expect(split.difference.units == 0)
        #expect(split.parts.allSatisfy { $0.amount.units == 0 && $0.events.isEmpty })
    }

    @Test func moreLatencyIsLatency() throws {
        let folder = ScratchFolder(), rows = try market()
        var spec = TestRuns.spec
        spec.latency = .constant(entryNs: 130_000_000, responseNs: 20_000_000)
        try live(spec, rows: rows, seen: local(rows), in: folder)
        expectAlone(.latency, try split(folder, files: nil, journal: rows))
    }

    @Test func anotherQueueIsQueue() throws {
        let folder = ScratchFolder(), rows = try market()
        var spec = TestRuns.spec
        spec.queue = .riskAverse
        try live(spec, rows: rows, seen: local(rows), in: folder)
        let split = try split(folder, files: nil, journal: rows)
        expectAlone(.queue, split)
        #expect(split.parts.first { $0.cause == .queue }?.events.isEmpty == false)
    }

    @Test func anotherFeeIsFee() throws {
        let folder = ScratchFolder(), rows = try market()
        try live(TestRuns.spec, rows: rows, seen: local(rows), feeFactor: -2, in: folder)
        expectAlone(.fee, try split(folder, files: nil, journal: rows))
    }

    /// Exactly: nothing of it is in any other part.
    @Test func fundingIsFunding() throws {
        let folder = ScratchFolder(), rows = try market()
        try live(TestRuns.spec, rows: rows, seen: local(rows), funding: [1.25, -0.5, 0.12345678], in: folder)
        let split = try split(folder, files: nil, journal: rows)
        expectAlone(.funding, split)
        #expect(split.parts.first { $0.cause == .funding }?.amount.units == -87_345_678)
    }

    @Test func whatTheFeedLostIsFeed() throws {
        let folder = ScratchFolder(), rows = try market()
        // Ten of twenty seconds in which nothing reaches us.
        let startNs = rows.map(\.localNs).min() ?? 0
        let seen = rows.filter { !(5_000_000_000..<15_000_000_000).contains($0.localNs - startNs) }
        try live(TestRuns.spec, rows: rows, seen: local(seen), in: folder)
        expectAlone(.feed, try split(folder, files: rows, journal: local(seen)))
    }

    @Test func moneyAddsUp() {
        #expect(ExactMoney(-1.5)?.description == "-1.50000000")
        #expect(ExactMoney(0.1)?.units == 10_000_000)
        #expect(ExactMoney(.nan) == nil)
        #expect(ExactMoney(1e12) == nil)
    }
}
