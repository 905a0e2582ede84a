import HBTMarketData
import HBTTypes
import Testing
@testable import HBTEngine

/// Quotes decided by bounds of alpha are those of alpha itself.
struct BoundedAlphaTests {
    /// What a run gives when bounds are widened by `widening` of themselves, and how often alpha was summed.
    private func play(_ run: StrategyRun, widening: Double) throws -> (lines: [String], scans: Int) {
        guard let factors = run.backtest.factors else { throw EngineError("the strategy has no graph") }
        factors.core.pointee.serials[0].widening = widening
        var lines: [String] = []
        while run.advance(maxSteps: 50) {
            var state = StateWriter()
            run.encode(into: &state)
            var digest = Digest()
            for byte in state.bytes { digest.add(UInt64(byte)) }
            lines.append("state \(digest.hex)")
        }
        run.drainRecords { asset, rows in lines += rows.map { "\(asset) \($0)" } }
        lines += run.backtest.takeFills(isFinal: true).map { "\($0)" }
        lines.append("\(run.steps) \(run.backtest.digest.hex)")
        return (lines, factors.core.pointee.serials[0].scans)
    }

    @Test(arguments: 0..<24)
    func boundsTooWideToDecideChangeNothing(seed: Int) throws {
        let market = WildMarket(seed: UInt64(300 + seed), rowCount: 1_200, isSplit: seed % 3 != 0)
        var setting = SweepEqualityTests.Setting(seed: seed, compatibility: .hftbacktest24)
        setting.c1Sign = seed % 2 == 0 ? 1 : -1
        let tape = MemoryTape()
        let input = AssetInput(spec: setting.spec, events: ArrayEventSource(market.rows()))
        _ = try TapeCompiler.compile(input, compatibility: .hftbacktest24, into: tape, segmentRows: 100)
        let isByRows = seed % 4 == 3
        func run() throws -> StrategyRun {
            guard isByRows else { return try setting.run(tape) }
            let backtest = try Backtest(
                assets: [AssetInput(spec: setting.spec, events: ArrayEventSource(market.rows()))], compatibility: .hftbacktest24)
            backtest.keepsFills = true
            return StrategyRun(backtest, strategy: try ObiMarketMaking(settings: setting.settings, assets: [setting.spec]), record: .step)
        }
        let bounded = try play(run(), widening: 0), ambiguous = try play(run(), widening: 1e6)
        let exact = try play(run(), widening: .infinity)
        #expect(ReplayEqualityTests.difference(exact.lines, bounded.lines) == nil)
        #expect(ReplayEqualityTests.difference(exact.lines, ambiguous.lines) == nil)
        // Without bounds every step sums; with bounds that decide nothing it does where there is a price.
        #expect(ambiguous.scans > 2 * bounded.scans && exact.scans >= ambiguous.scans)
    }

    /// What a run gives that never writes its state; `reads` are steps at which the score is read.
    private func playThrough(
        _ run: StrategyRun, widening: Double, isExact: Bool = false, reads: Set<Int> = []
    ) throws -> (lines: [String], score: SerialScore) {
        guard let factors = run.backtest.factors, let node = factors.serialNode else { throw EngineError("the strategy has no graph") }
        let score = factors.core.pointee.serials
        score.pointee.widening = widening
        score.pointee.isExactForGood = isExact
        var lines: [String] = []
        var step = 0
        while run.advance(maxSteps: 1) {
            step += 1
            if reads.contains(step) {
                let bounds = run.backtest.factorBounds(node), value = run.backtest.factor(node)
                if let bounds { #expect(bounds.low <= value && value <= bounds.high) }
                lines.append("alpha \(value)")
            }
        }
        run.drainRecords { asset, rows in lines += rows.map { "\(asset) \($0)" } }
        lines += run.backtest.takeFills(isFinal: true).map { "\($0)" }
        var state = StateWriter()
        run.encode(into: &state)
        var digest = Digest()
        for byte in state.bytes { digest.add(UInt64(byte)) }
        lines.append("\(run.steps) \(run.backtest.digest.hex) \(digest.hex)")
        return (lines, score.pointee)
    }

    /// Sums that are known only nearly give way to the sums wherever a quote depends on them.
    @Test(arguments: 0..<24)
    func standInsChangeNothing(seed: Int) throws {
        let market = WildMarket(seed: UInt64(700 + seed), rowCount: 4_000, isSplit: seed % 3 != 0)
        var setting = SweepEqualityTests.Setting(seed: seed, compatibility: .hftbacktest24)
        setting.c1Sign = seed % 2 == 0 ? 1 : -1
        let tape = MemoryTape()
        let input = AssetInput(spec: setting.spec, events: ArrayEventSource(market.rows()))
        _ = try TapeCompiler.compile(input, compatibility: .hftbacktest24, into: tape, segmentRows: [100, 700][seed % 2])
        var random = SeededRandom(seed: UInt64(seed))
        let reads = Set((0..<2).map { _ in 60 + random.below(200) })
        let exact = try playThrough(setting.run(tape), widening: 0, isExact: true)
        let near = try playThrough(setting.run(tape), widening: 0)
        let doubtful = try playThrough(setting.run(tape), widening: 1e6)
        #expect(ReplayEqualityTests.difference(exact.lines, near.lines) == nil)
        #expect(ReplayEqualityTests.difference(exact.lines, doubtful.lines) == nil)
        let exactRead = try playThrough(setting.run(tape), widening: 0, isExact: true, reads: reads)
        let read = try playThrough(setting.run(tape), widening: 0, reads: reads)
        #expect(ReplayEqualityTests.difference(exactRead.lines, read.lines) == nil)
        #expect(exact.score.settlements == 0)
        // The state at the end settles what there is; bounds that decide nothing settle thrice, and then no more.
        #expect((1...3).contains(near.score.settlements) && doubtful.score.settlements == 3)
    }
}

extension FactorGraph {
    fileprivate var serialNode: FactorHandle? { (0..<core.pointee.nodeCount).map { FactorHandle(node: $0) }.first { givesBounds($0) } }
}
