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
}
