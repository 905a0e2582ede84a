import Foundation
import HBTEngine
import HBTLive
import HBTMarketData
import HBTTypes
import Testing

@testable import HBTCommands

@Suite struct ReconcileTests {
    /// A live run whose venue acknowledges at once, fills every third order and charges a fee of its own.
    private func live(_ scratch: Scratch) throws {
        try scratch.market(seconds: 5)
        let text = try String(contentsOfFile: scratch.settings(), encoding: .utf8)
        let registry = StrategyRegistry([], builtIn: BuiltInStrategies.all)
        let plan = try RunPlan(text: text, name: scratch.file("run.toml"), registry: registry)
        let start = JournalStart(settings: plan.configText, runId: "1", isPaper: false, reorderNs: 100_000_000, latencyLimitNs: 5_000_000_000)
        let made = try LiveRun.make(plan, start)
        try FileManager.default.createDirectory(atPath: scratch.file("run/journal"), withIntermediateDirectories: true)
        let writer = try JournalWriter(folder: scratch.file("run/journal"))
        writer.add(.start(start))
        let loop = DecisionLoop(run: made.run, feeds: made.feeds, journal: writer)
        var requests: [LiveRequest] = [], execution: UInt64 = 0
        for row in try EventFileReader.readAll(scratch.file("market.npz")).sorted(by: { $0.localNs < $1.localNs }) {
            for request in requests {
                var answer = request.order
                (answer.request, answer.exchangeNs) = (.none, request.order.localNs + 1_000)
                answer.status = request.kind == .cancel ? .canceled : .new
                if request.kind == .submit && request.order.orderId % 3 == 0 {
                    execution += 1
                    (answer.status, answer.leavesQuantity, answer.executionId, answer.isMaker) = (.filled, 0, execution, true)
                    (answer.executedPriceTick, answer.executedQuantity) = (answer.priceTick, answer.quantity)
                }
                loop.answer(answer, asset: 0, fee: 0.25, at: row.localNs)
            }
            requests.removeAll()
            withUnsafePointer(to: row) { loop.rows(UnsafeBufferPointer(start: $0, count: 1), asset: 0) }
            loop.advance(to: row.localNs, requests: &requests)
        }
        loop.finish(at: loop.run.backtest.nowNs)
    }

    @Test func thePartsAreTheDifferenceAndTheReportsSayIt() throws {
        let scratch = try Scratch()
        try live(scratch)
        let call = Invocation.run(["reconcile", scratch.file("run"), "--out", scratch.file("reconciled"), "--json"])
        #expect(call.error == "")
        #expect(call.status == 0)
        let json = try #require(try JSONSerialization.jsonObject(with: Data(call.out.utf8)) as? [String: Any])
        func units(_ value: Any?) -> Int64 { Int64((value as? String ?? "").replacingOccurrences(of: ".", with: "")) ?? .min }
        let parts = try #require(json["parts"] as? [[String: Any]])
        #expect(parts.map { $0["cause"] as? String } == ["feed", "latency", "decision", "queue", "fee", "funding", "unexplained"])
        #expect(parts.reduce(0) { $0 + units($1["amount"]) } == units(json["difference"]))
        #expect(units(json["live"]) - units(json["backtest"]) == units(json["difference"]))
        #expect(units(parts.first { $0["cause"] as? String == "unexplained" }?["amount"]) == 0)
        #expect(units(parts.first { $0["cause"] as? String == "fee" }?["amount"]) != 0)
        #expect(try scratch.names("reconciled") == ["latency-TEST.npz", "reconcile.html", "reconcile.json"])
        #expect(try String(contentsOfFile: scratch.file("reconciled/reconcile.html"), encoding: .utf8).contains("<th>queue</th>"))
        let text = Invocation.run(["reconcile", scratch.file("run")])
        #expect(text.out.contains("backtest ") && text.out.contains("  unexplained"))
        #expect(Invocation.run(["reconcile", scratch.file("run"), "--out", scratch.file("reconciled")]).status == 2)
    }
}
