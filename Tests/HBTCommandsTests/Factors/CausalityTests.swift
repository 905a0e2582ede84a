import HBTEngine
import HBTTypes
import Testing

@testable import HBTCommands

@Suite("Causality check")
struct CausalityTests {
    private let scratch: Scratch
    private let plan: FactorPlan

    init() throws {
        scratch = try Scratch()
        try scratch.market()
        try scratch.write(FactorFixture.graph, to: "graph.toml")
        var options = FactorPlan.Options()
        options.data = [.init(symbol: nil, value: scratch.file("market.npz"))]
        plan = try FactorPlan(file: scratch.file("graph.toml"), options: options, strategies: StrategyRegistry([]))
    }

    private var session: Session { Session(console: Console { _, _ in true }) }

    @Test("the graph's values do not depend on what comes later", arguments: [FactorSampling.wave, .change, .every(ns: 50_000_000)])
    func causal(_ sampling: FactorSampling) throws {
        let outcome = try CausalityCheck(plan: plan, sampling: sampling, seed: 3, trials: 4, session: session).run()
        guard case .causal(let rows) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(rows > 100)
    }

    @Test("a planted look into the future is found, with its node and its first row") func leak() throws {
        let check = CausalityCheck(
            plan: plan, sampling: .wave, seed: 3, trials: 4, session: session, around: { PeekingSource($0, rows: 200) })
        guard case .leak(let leak) = try check.run() else {
            Issue.record("the check cannot fail")
            return
        }
        #expect(["mid", "bids", "flow", "score", "alpha", "local_ns"].contains(leak.column))
        #expect(leak.localNs <= leak.changedAfterNs)
        #expect("\(leak)".contains("row \(leak.row)"))
    }

    @Test("the exit status tells") func verb() throws {
        let arguments = ["factors", scratch.file("graph.toml"), "--data", scratch.file("market.npz"), "--check-causality", "--trials", "2"]
        let call = Invocation.run(arguments)
        #expect(call.status == 0)
        #expect(call.out.hasPrefix("causal: 2 random times (seed 1), "))
    }

    @Test("what is changed is everything later, and nothing else") func perturbed() throws {
        let rows = (0..<100).map { i in
            MarketEvent(
                ev: EventFlags.local | EventFlags.exchange | EventFlags.buy | UInt64(EventKind.depth), exchangeNs: Int64(i), localNs: Int64(i),
                price: 100, quantity: 1)
        }
        let source = PerturbedSource(
            ArrayEventSource(rows), afterNs: 49, spec: AssetSpec(symbol: "TEST", tickSize: 0.1, lotSize: 0.001), seed: 1)
        let block = UnsafeMutableBufferPointer<MarketEvent>.allocate(capacity: 100)
        defer { block.deallocate() }
        #expect(try source.read(into: block) == 100)
        #expect(Array(block[..<50]) == Array(rows[..<50]))
        #expect(zip(block[50...], rows[50...]).allSatisfy { $0 != $1 && $0.localNs == $1.localNs && $0.exchangeNs == $1.exchangeNs })
    }
}

/// Rows whose quantity is that of a later row: a feed that knows the future.
private final class PeekingSource: EventSource {
    private let base: any EventSource
    private let ahead: Int
    private var rows: [MarketEvent] = []
    private var next = 0

    init(_ base: any EventSource, rows: Int) {
        self.base = base
        ahead = rows
    }

    func read(into buffer: UnsafeMutableBufferPointer<MarketEvent>) throws -> Int {
        if rows.isEmpty {
            let block = UnsafeMutableBufferPointer<MarketEvent>.allocate(capacity: 4096)
            defer { block.deallocate() }
            while case let count = try base.read(into: block), count > 0 { rows += block[..<count] }
        }
        let count = min(buffer.count, rows.count - next)
        for i in 0..<count {
            buffer[i] = rows[next + i]
            if next + i + ahead < rows.count { buffer[i].quantity = rows[next + i + ahead].quantity }
        }
        next += count
        return count
    }
}
