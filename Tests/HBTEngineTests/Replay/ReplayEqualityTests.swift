import HBTMarketData
import HBTTypes
import Testing
@testable import HBTEngine

/// A replay from a tape shows, at every call of a random script, what the row-by-row replay shows.
struct ReplayEqualityTests {
    static let queues: [QueueModel] = [.riskAverse, .logProb, .logProb2, .powerProb(n: 2), .powerProb2(n: 2), .powerProb3(n: 3)]

    /// Every market and script from one number; the settings run through their combinations.
    struct World {
        let seed: Int
        var assets: Int { seed % 5 == 0 ? 2 : 1 }
        var compatibility: Compatibility { seed % 2 == 0 ? .none : .hftbacktest24 }

        func market(_ asset: Int) -> WildMarket {
            WildMarket(seed: UInt64(seed * 10 + asset), rowCount: 200 + seed % 7 * 150, isSplit: seed % 3 != 0)
        }

        func inputs() -> [AssetInput] {
            (0..<assets).map { asset in
                let market = market(asset)
                // The range leaves out some of the prices at either end.
                let book: BookSpec = (seed / 2) % 2 == 0 ? .hash : .roi(lower: 10.0, upper: 13.0)
                let latency: LatencyModel = seed % 7 == 0 ? .interpolated(offsetNs: 0)
                    : .constant(entryNs: Int64(seed % 4) * 70 - (seed % 11 == 3 ? 90 : 0), responseNs: Int64(seed % 3) * 90 - (seed % 26 == 5 ? 120 : 0))
                let spec = AssetSpec(
                    symbol: "W\(asset)", tickSize: 0.1, lotSize: 0.1, book: book, latency: latency,
                    queue: ReplayEqualityTests.queues[seed % 6], exchange: (seed / 4) % 2 == 0 ? .noPartialFill : .partialFill,
                    fee: FeeSpec(maker: -0.0001, taker: 0.0005), lastTradesCapacity: seed % 4)
                return AssetInput(
                    spec: spec, events: ArrayEventSource(market.rows()), initialSnapshot: seed % 3 == 1 ? market.snapshot() : [],
                    latencyRows: seed % 7 == 0 ? latencies() : nil)
            }
        }

        private func latencies() -> ArrayLatencySource {
            ArrayLatencySource([(0..<30).map { i in
                let ns = Int64(i) * 1_500
                let entryNs = Int64(20 + i * 37 % 200)
                return LatencyRow(requestNs: ns, exchangeNs: i % 9 == 4 ? 0 : ns + entryNs, responseNs: ns + 2 * entryNs)
            }])
        }

        func full() throws -> Backtest { try Backtest(assets: inputs(), compatibility: compatibility) }

        func fromTape(segmentRows: Int, replay: ReplayMode = .auto) throws -> Backtest {
            let taped = try inputs().map { input in
                let tape = MemoryTape()
                _ = try TapeCompiler.compile(input, compatibility: compatibility, into: tape, segmentRows: segmentRows)
                var input = input
                input.tape = tape
                return input
            }
            return try Backtest(assets: taped, compatibility: compatibility, replay: replay)
        }

        func script() -> WildScript {
            WildScript(seed: UInt64(seed &* 31 &+ 5), lowestTick: market(0).lowestTick, tickSpan: market(0).tickSpan)
        }
    }

    static let tapeModes: [ReplayMode] = [.full, .scan, .index]

    /// The first line that differs, told apart at the first part that does.
    static func difference(_ a: [String], _ b: [String]) -> String? {
        for (i, (x, y)) in zip(a, b).enumerated() where x != y { return "line \(i):\n  full \(x)\n  tape \(y)" }
        return a.count == b.count ? nil : "\(a.count) lines against \(b.count)"
    }

    @Test(arguments: 0..<160)
    func everyCallShowsTheSame(seed: Int) throws {
        let world = World(seed: seed)
        var script = world.script()
        let full = script.play(try world.full())
        for segmentRows in [7, 100_000] {
            for replay in Self.tapeModes {
                var script = world.script()
                let tape = script.play(try world.fromTape(segmentRows: segmentRows, replay: replay))
                let difference = Self.difference(full, tape)
                #expect(difference == nil, "seed \(seed), segments of \(segmentRows) rows, \(replay)")
            }
        }
    }

    /// run(0..n) == restore(k) + run(k..n) from a tape, too; and whichever mode took the state, any goes on from it.
    @Test(arguments: 0..<60)
    func resumedTapesGoOnAsTheyWere(seed: Int) throws {
        let world = World(seed: seed)
        var straightScript = world.script()
        let straightRun = try world.fromTape(segmentRows: 60, replay: .full)
        let straight = straightScript.playSteps(150, straightRun) + straightScript.end(straightRun)
        let k = 1 + seed * 37 % 148
        var states: [[UInt8]] = []
        for replay in Self.tapeModes {
            var script = world.script()
            let first = try world.fromTape(segmentRows: 60, replay: replay)
            let start = script.playSteps(k, first)
            var state = StateWriter()
            first.encode(into: &state)
            states.append(state.bytes)
            // Taking a state leaves the run as it was.
            var other = script
            let goneOn = start + other.playSteps(150 - k, first) + other.end(first)
            #expect(Self.difference(straight, goneOn) == nil, "seed \(seed), \(replay) after a state at \(k)")
            for resumedReplay in Self.tapeModes {
                var script = script
                let resumed = try world.fromTape(segmentRows: 60, replay: resumedReplay)
                var input = StateReader(state.bytes)
                try resumed.restore(from: &input)
                let lines = start + script.playSteps(150 - k, resumed) + script.end(resumed)
                #expect(Self.difference(straight, lines) == nil, "seed \(seed), \(replay) resumed at \(k) by \(resumedReplay)")
            }
        }
        #expect(states[1] == states[0] && states[2] == states[0], "seed \(seed): the state does not say which mode took it")
        // A state of the other kind of replay is refused in words.
        var other = StateReader(states[0])
        #expect(throws: StateError.self) { try world.full().restore(from: &other) }
    }

    @Test func theCorpusTradesALot() throws {
        var fills: Int64 = 0, takers = 0
        for seed in 0..<40 {
            let world = World(seed: seed)
            let backtest = try world.fromTape(segmentRows: 50)
            var script = world.script()
            let lines = script.play(backtest)
            fills += backtest.fillCount
            takers += lines.count { $0.hasPrefix("FillRecord") && $0.contains("isMaker: false") }
        }
        #expect(fills > 200 && takers > 50 && Int(fills) - takers > 50, "\(fills) fills, \(takers) of them takers")
    }

    /// Bytes that no compiler of ours wrote, but whose checksum somebody made fit: anything but a crash.
    @Test func nonsenseOnATapeIsNoCrash() throws {
        var random = SeededRandom(seed: 4)
        for seed in 0..<300 {
            let world = World(seed: seed * 5 + 1)
            var inputs = world.inputs()
            let tape = MemoryTape()
            _ = try TapeCompiler.compile(inputs[0], compatibility: world.compatibility, into: tape, segmentRows: 40)
            for _ in 0..<(1 + random.below(30)) {
                let segment = random.below(tape.segmentCount)
                let part = TapePart.allCases[random.below(4)]
                let count = try tape.segment(segment, part).count
                tape.damage(segment, part, byte: random.below(count), to: UInt8(random.below(256)))
            }
            inputs[0].tape = tape
            let replay = Self.tapeModes[seed % 3]
            guard let backtest = try? Backtest(assets: inputs, compatibility: world.compatibility, replay: replay) else { continue }
            var script = world.script()
            script.steps = 40
            #expect(script.play(backtest).count > 40)
        }
    }
}
