import HBTEngine
import HBTMarketData
import HBTTypes
import Testing

@testable import HBTLive

struct JournalReplayTests {
    private func start(isPaper: Bool) -> JournalEntry {
        .start(JournalStart(settings: "", runId: "r", isPaper: isPaper, reorderNs: 50_000_000, latencyLimitNs: 5_000_000_000))
    }

    /// Plays a paper session into a journal.
    private func paper(_ folder: ScratchFolder, halfSpread: Double = 0.2, ends: Bool = true) throws -> DecisionLoop {
        let (run, feeds) = try TestRuns.make(.simulated, halfSpread: halfSpread)
        let writer = try JournalWriter(folder: folder.path, mostFileBytes: 20_000)
        writer.add(start(isPaper: true))
        let loop = DecisionLoop(run: run, feeds: feeds, journal: writer)
        var requests: [LiveRequest] = []
        for (i, message) in TestRuns.messages(try TestRuns.market(), seed: 7).enumerated() {
            message.withUnsafeBufferPointer { loop.rows($0, asset: 0) }
            loop.advance(to: message[message.count - 1].localNs, requests: &requests)
            if i % 20 == 0 { loop.mark() }
        }
        #expect(requests.isEmpty, "a paper run asks nobody")
        if ends { loop.finish(at: 1) } else { writer.flush() }
        return loop
    }

    @Test func aPaperSessionReplaysToTheSameDecisions() throws {
        let folder = ScratchFolder()
        let loop = try paper(folder)
        #expect(folder.files.count > 2)
        let outcome = try JournalReplay.run(try JournalReader(folder.path)) { _ in try TestRuns.make(.simulated) }
        #expect(outcome.difference == nil)
        #expect(outcome.tail == .whole)
        #expect(outcome.place == loop.place)
        #expect(outcome.requests == loop.run.backtest.requestCount && outcome.requests > 100)
        #expect(outcome.marks > 5)
    }

    @Test func theRecordingOfAPaperSessionBacktestsToTheSameDigest() throws {
        let folder = ScratchFolder()
        let loop = try paper(folder)
        let feed = LiveFeed(venue: .simulated, reorderNs: 50_000_000)
        let reader = try JournalReader(folder.path)
        while let entry = try reader.next() {
            switch entry {
            case .rows(_, let rows): feed.push(rows)
            case .clock(let ns): feed.advance(toLocalNs: ns)
            default: break
            }
        }
        feed.close()
        var rows: [MarketEvent] = []
        let block = UnsafeMutableBufferPointer<MarketEvent>.allocate(capacity: 1_000)
        defer { block.deallocate() }
        while case let count = try feed.read(into: block), count > 0 { rows += block[..<count] }
        let backtest = try TestRuns.backtest(rows)
        while backtest.advance(maxSteps: 1_000) {}
        #expect(backtest.backtest.digest == loop.run.backtest.digest)
        #expect(backtest.steps == loop.run.steps)
        #expect(backtest.backtest.fillCount > 3)
    }

    @Test func anotherStrategyIsFoundOutAtItsFirstRequest() throws {
        let folder = ScratchFolder()
        _ = try paper(folder)
        let outcome = try JournalReplay.run(try JournalReader(folder.path)) { _ in try TestRuns.make(.simulated, halfSpread: 0.9) }
        #expect(outcome.difference?.contains("the run asked for order") == true)
    }

    @Test func aKilledRunReplaysAsFarAsItWasWritten() throws {
        let folder = ScratchFolder()
        _ = try paper(folder, ends: false)
        let last = try #require(folder.files.last)
        folder.write(Array(folder.bytes(last).dropLast(3)), last)
        let outcome = try JournalReplay.run(try JournalReader(folder.path)) { _ in try TestRuns.make(.simulated) }
        #expect(outcome.difference == nil)
        guard case .torn = outcome.tail else { return #expect(outcome.tail == .whole) }
        #expect(outcome.requests > 50)
    }

    @Test func aLiveSessionReplaysWithItsAnswersAndCorrections() throws {
        let folder = ScratchFolder()
        let (run, feeds) = try TestRuns.make(.outside)
        let writer = try JournalWriter(folder: folder.path)
        writer.add(start(isPaper: false))
        let loop = DecisionLoop(run: run, feeds: feeds, journal: writer)
        var requests: [LiveRequest] = []
        var random = SeededRandom(seed: 11)
        var execution: UInt64 = 0
        for message in TestRuns.messages(try TestRuns.market(), seed: 8) {
            let ns = message[message.count - 1].localNs
            // A venue of few words: takes orders, fills some, cancels what it is asked to.
            for request in requests {
                var answer = request.order
                answer.request = .none
                answer.exchangeNs = ns - 1_000
                answer.status = request.kind == .cancel ? .canceled : .new
                if request.kind == .submit && random.below(3) == 0 {
                    execution += 1
                    answer.status = .filled
                    (answer.executionId, answer.executedPriceTick, answer.executedQuantity) = (execution, answer.priceTick, answer.quantity)
                    answer.leavesQuantity = 0
                }
                loop.answer(answer, asset: 0, fee: 0.01, at: ns)
            }
            requests.removeAll()
            if random.below(50) == 0 { loop.funding(0.01 * Double(random.below(9)), asset: 0, at: ns) }
            if random.below(20) == 0 { loop.markPrice(MarkRow(localNs: ns, markPrice: 100), asset: 0) }
            if random.below(40) == 0 { loop.correct(asset: 0, position: 0.5, balance: 3, at: ns) }
            message.withUnsafeBufferPointer { loop.rows($0, asset: 0) }
            loop.advance(to: ns, requests: &requests)
        }
        loop.finish(at: 2)
        #expect(execution > 10)
        #expect(run.backtest.fundingPaid(0) > 0)
        let outcome = try JournalReplay.run(try JournalReader(folder.path)) { _ in try TestRuns.make(.outside) }
        #expect(outcome.difference == nil)
        #expect(outcome.place == loop.place)
        #expect(outcome.requests > 100)
    }
}
