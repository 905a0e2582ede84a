import HBTEngine
import HBTTypes

/// Something done many times, each of which counts: its percentiles, not its sum.
public struct LatencyCase {
    public let name: String
    public let data: String
    /// Prepares one repetition; the work hands each duration in nanoseconds to `record` and returns a
    /// digest of its answer.
    public let make: () throws -> (_ clock: () -> UInt64, _ record: (UInt64) -> Void) throws -> String
}

public struct LatencyCases {
    let input: BenchInput
    private let engine: EngineCases

    public init(_ input: BenchInput) {
        self.input = input
        engine = EngineCases(input)
    }

    /// One wake-up of the market maker: all rows since the last one, decision, orders, record.
    private func step(_ feed: EngineCases.Feed, _ compatibility: Compatibility, intervalNs: Int64) -> LatencyCase {
        LatencyCase(name: "OBI step \(EngineCases.text(intervalNs)) \(feed.rawValue) \(compatibility.rawValue)", data: input.name) {
            let asset = try engine.asset(feed, compatibility)
            let backtest = try Backtest(assets: [asset], compatibility: compatibility, replay: feed.replay)
            let strategy = try ObiMarketMaking(settings: StrategyTables.imbalance(intervalNs), assets: [asset.spec])
            let run = StrategyRun(backtest, strategy: strategy, record: .step)
            return { clock, record in
                while true {
                    let began = clock()
                    let goesOn = run.advance(maxSteps: 1)
                    record(clock() - began)
                    EngineCases.drain(run)
                    guard goesOn else { break }
                }
                if let error = backtest.dataError { throw error }
                return backtest.digest.hex
            }
        }
    }

    /// One market message with the ten-node graph: its rows applied, the graph evaluated, three values read.
    private func wave(_ feed: EngineCases.Feed) -> LatencyCase {
        LatencyCase(name: "feed wake-up, 10 factors, \(feed.rawValue)", data: input.name) {
            let (backtest, handles) = try engine.withFactors(feed)
            return { clock, record in
                var digest = Digest()
                while true {
                    let began = clock()
                    let code = backtest.waitNextFeed(includesResponses: false, timeoutNs: .max / 4)
                    var values = (0.0, 0.0, 0.0)
                    values.0 = backtest.factor(handles[0])
                    values.1 = backtest.factor(handles[1])
                    values.2 = backtest.factor(handles[2])
                    record(clock() - began)
                    guard code == .marketFeed else { break }
                    digest.add(values.0)
                    digest.add(values.1)
                    digest.add(values.2)
                }
                if let error = backtest.dataError { throw error }
                return digest.hex
            }
        }
    }

    /// Two dense books and a thousand resting orders, taken down twenty times, or put up again.
    private func snapshot(isRestore: Bool, _ feed: EngineCases.Feed) -> LatencyCase {
        LatencyCase(name: "snapshot \(isRestore ? "restore" : "save"), 1,000 orders, \(feed.rawValue)", data: input.name) {
            func fresh() throws -> StrategyRun {
                let asset = try engine.asset(feed, .none)
                return StrategyRun(try Backtest(assets: [asset], compatibility: .none, replay: feed.replay), strategy: IdleStrategy(), record: .step)
            }
            let run = try fresh()
            run.advance(maxSteps: 100)
            let backtest = run.backtest, depth = backtest.depth(0), tick = run.backtest.spec(0).tickSize
            for i in 1...500 {
                let distance = Double(100 + i) * tick
                backtest.submit(
                    asset: 0, side: .buy, orderId: UInt64(i), price: depth.bestBid - distance, quantity: 0.01, timeInForce: .gtc, type: .limit)
                backtest.submit(
                    asset: 0, side: .sell, orderId: UInt64(1_000 + i), price: depth.bestAsk + distance, quantity: 0.01, timeInForce: .gtc,
                    type: .limit)
            }
            run.advance(maxSteps: 2)
            EngineCases.drain(run)
            var whole = StateWriter()
            run.encode(into: &whole)
            let state = whole.bytes
            return { clock, record in
                var digest = Digest()
                for _ in 0..<20 {
                    var out = StateWriter()
                    if isRestore {
                        let other = try fresh()
                        var reader = StateReader(state)
                        let began = clock()
                        try other.restore(from: &reader)
                        record(clock() - began)
                        other.encode(into: &out)
                    } else {
                        let began = clock()
                        run.encode(into: &out)
                        record(clock() - began)
                    }
                    guard out.bytes == state else { throw BenchError("the state is not what it was") }
                }
                for byte in state { digest.add(UInt64(byte)) }
                return "\(digest.hex), \(state.count) bytes, \(backtest.restingOrders(0).count) resting"
            }
        }
    }

    public var all: [LatencyCase] {
        [
            step(.dense, .none, intervalNs: 1_000_000_000), step(.tape, .hftbacktest24, intervalNs: 1_000_000_000),
            step(.tape, .none, intervalNs: 1_000_000_000), step(.tape, .none, intervalNs: 100_000_000), wave(.dense), wave(.tape),
            snapshot(isRestore: false, .dense), snapshot(isRestore: true, .dense), snapshot(isRestore: false, .tape), snapshot(isRestore: true, .tape),
        ]
    }
}

/// Watches a tenth of a second at a time and does nothing.
final class IdleStrategy: Strategy {
    static let typeName = "idle"
    let wake = StrategyWake.every(ns: 100_000_000)

    init() {}
    init(settings: SettingsTable, assets: [AssetSpec]) throws(SettingsError) { try settings.finish() }
    func step(_ market: StrategyContext, reason: WakeReason) {}
    func encode(into out: inout StateWriter) {}
    func restore(from input: inout StateReader) throws(StateError) {}
}
