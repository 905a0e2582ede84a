import HBTMarketData
import HBTTypes
import Testing
@testable import HBTEngine

/// Runs that go through a market together give what each gives alone.
struct SweepEqualityTests {
    /// Settings of one run, from a number.
    struct Setting {
        let seed: Int
        var compatibility = Compatibility.none
        var c1Sign = 1.0

        var spec: AssetSpec {
            let queues = ReplayEqualityTests.queues
            return AssetSpec(
                symbol: "W0", tickSize: 0.1, lotSize: 0.1, book: .roi(lower: 9, upper: 14.5),
                latency: .constant(entryNs: Int64(seed % 4) * 60, responseNs: Int64(seed % 3) * 80), queue: queues[seed % 6],
                exchange: seed % 5 == 1 ? .partialFill : .noPartialFill, fee: FeeSpec(maker: -0.0001 * Double(seed % 3), taker: 0.0005),
                lastTradesCapacity: seed % 11 == 3 ? 1 : 0)
        }

        var settings: SettingsTable {
            let location = SourceLocation(file: "sweep", line: 0)
            let values: [(String, SettingValue)] = [
                ("interval", .string(seed % 7 == 5 ? "450ns" : "300ns")), ("looking_depth", .double([0.05, 0.1][seed % 2])),
                ("window", .integer(Int64([5, 20, 20][seed % 3]))), ("half_spread", .double(0.1 * Double(seed % 4))),
                ("skew", .double(0.02)), ("c1", .double(c1Sign * (0.1 + 0.05 * Double(seed % 5)))), ("order_qty_value", .double(8)),
                ("max_position_value", .double(60)), ("grid_num", .integer(Int64(1 + seed % 3))), ("grid_interval", .double(0.1)),
                ("price_rounding", .double(0.1)),
            ]
            return SettingsTable(values.map { .init(key: $0.0, value: $0.1, location: location) }, path: "strategy", location: location)
        }

        func run(_ tape: any TapeSource, replay: ReplayMode = .auto) throws -> StrategyRun {
            let backtest = try Backtest(
                assets: [AssetInput(spec: spec, events: ArrayEventSource([]), tape: tape)], compatibility: compatibility, replay: replay)
            backtest.keepsFills = true
            let strategy = try ObiMarketMaking(settings: settings, assets: [spec])
            return StrategyRun(backtest, strategy: strategy, record: .step)
        }
    }

    /// Everything a run gives, as text.
    private func results(_ run: StrategyRun) -> [String] {
        var lines: [String] = []
        run.drainRecords { asset, rows in lines += rows.map { "\(asset) \($0)" } }
        lines += run.backtest.takeFills(isFinal: true).map { "\($0)" }
        lines += run.takeFeedLatencies().map { "\($0)" }
        return lines + ["\(run.steps) \(String(describing: run.end)) \(run.backtest.rowsRead) \(run.backtest.digest.hex)"]
    }

    @Test(arguments: 0..<12)
    func everyRunIsAsItIsAlone(world: Int) throws {
        let compatibility: Compatibility = world % 2 == 0 ? .none : .hftbacktest24
        let market = WildMarket(seed: UInt64(900 + world), rowCount: 1_500, isSplit: world % 3 != 0)
        let tape = MemoryTape()
        let first = Setting(seed: 0, compatibility: compatibility)
        let input = AssetInput(spec: first.spec, events: ArrayEventSource(market.rows()))
        _ = try TapeCompiler.compile(input, compatibility: compatibility, into: tape, segmentRows: [40, 300][world % 2])
        let seeds = (0..<14).map { ($0 * 13 + world * 5) % 97 }
        let alone = try seeds.map { seed in
            let run = try Setting(seed: seed, compatibility: compatibility).run(tape)
            while run.advance(maxSteps: 64) {}
            return results(run)
        }
        let shared = SharedTape(tape)
        let sweep = SweepRun(try seeds.map { try Setting(seed: $0, compatibility: compatibility).run(shared, replay: world == 4 ? .scan : .auto) })
        while sweep.advance(maxSteps: 3) {}
        var fills = 0
        for (index, run) in sweep.runs.enumerated() {
            fills += Int(run.backtest.fillCount)
            let difference = ReplayEqualityTests.difference(alone[index], results(run))
            #expect(difference == nil, "world \(world), setting \(seeds[index])")
        }
        #expect(fills > 20, "the corpus trades")
        // Sharing is what is tested: two runs of one interval have one book.
        let cores = sweep.runs.filter { $0.backtest.spec(0).lastTradesCapacity == 0 }.compactMap { run -> TapeCore? in
            if case .tape(let core) = run.backtest.assets[0].core { return core }
            return nil
        }
        #expect(Set(cores.map { ObjectIdentifier($0.plane) }).count < cores.count / 2)
    }
}
