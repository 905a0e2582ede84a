import HBTEngine
import HBTTypes

/// Replays of a market: what a row costs, without and with a strategy.
public struct EngineCases {
    /// How an asset's rows reach the engine.
    public enum Feed: String {
        /// Row by row, levels in a dense array.
        case dense
        /// Row by row, levels in sparse pages.
        case paged
        /// From a compiled tape, jumping from row to row that may touch our orders.
        case tape
        /// From a compiled tape, looking at the venue's rows near our orders.
        case scan
        /// From a compiled tape, keeping the venue's book with every row.
        case full

        var replay: ReplayMode {
            switch self {
            case .dense, .paged: .rows
            case .tape: .index
            case .scan: .scan
            case .full: .full
            }
        }
    }

    let input: BenchInput

    public init(_ input: BenchInput) { self.input = input }

    func asset(_ feed: Feed, _ compatibility: Compatibility, _ change: (inout AssetSpec) -> Void = { _ in }) throws -> AssetInput {
        var spec = feed == .paged ? input.pagedSpec : input.spec
        change(&spec)
        guard feed.replay.usesTape else { return AssetInput(spec: spec, events: input.source()) }
        return AssetInput(spec: spec, events: ArrayEventSource([]), tape: try input.tape(compatibility))
    }

    private func engineCase(_ name: String, _ make: @escaping () throws -> () throws -> Outcome) -> BenchCase {
        BenchCase("engine", name, per: .row, data: input.name, make)
    }

    /// All rows to both books, nobody looking.
    public func books(_ feed: Feed) -> BenchCase {
        engineCase("books \(feed.rawValue)") {
            let backtest = try Backtest(assets: [try asset(feed, .none)], compatibility: .none, replay: feed.replay)
            return {
                backtest.goToEnd()
                return try outcome(backtest, booksDigest(backtest))
            }
        }
    }

    /// Wake-ups in which nothing is done.
    public func bare(_ feed: Feed, intervalNs: Int64 = 100_000_000) -> BenchCase {
        engineCase("bare \(Self.text(intervalNs)) \(feed.rawValue)") {
            let backtest = try Backtest(assets: [try asset(feed, .none)], compatibility: .none, replay: feed.replay)
            return {
                var digest = Digest()
                while backtest.elapse(intervalNs) == .ok {
                    let depth = backtest.depth(0)
                    digest.add(depth.bestBidTick)
                    digest.add(depth.bestAskTick)
                }
                return try outcome(backtest, digest)
            }
        }
    }

    /// A wake-up at every market message, in which the best prices are looked at.
    public func everyFeed(_ feed: Feed) -> BenchCase {
        engineCase("every feed \(feed.rawValue)") {
            let backtest = try Backtest(assets: [try asset(feed, .none)], compatibility: .none, replay: feed.replay)
            return {
                var digest = Digest()
                while backtest.waitNextFeed(includesResponses: false, timeoutNs: .max / 4) == .marketFeed {
                    let depth = backtest.depth(0)
                    digest.add(depth.bestBidTick)
                    digest.add(depth.bestAskTick)
                }
                return try outcome(backtest, digest)
            }
        }
    }

    /// The same with the ten-node graph of `strategies/factors.toml`, of which three values are read each time.
    public func everyFeedWithFactors(_ feed: Feed) -> BenchCase {
        engineCase("every feed, 10 factors, \(feed.rawValue)") {
            let (backtest, handles) = try withFactors(feed)
            return {
                var digest = Digest()
                while backtest.waitNextFeed(includesResponses: false, timeoutNs: .max / 4) == .marketFeed {
                    for handle in handles { digest.add(backtest.factor(handle)) }
                }
                return try outcome(backtest, digest)
            }
        }
    }

    /// The order-book-imbalance market maker.
    public func imbalance(_ feed: Feed, _ compatibility: Compatibility, intervalNs: Int64 = 1_000_000_000) -> BenchCase {
        engineCase("OBI \(Self.text(intervalNs)) \(feed.rawValue) \(compatibility.rawValue)") {
            let asset = try asset(feed, compatibility)
            return try run(asset, feed, compatibility, try ObiMarketMaking(settings: StrategyTables.imbalance(intervalNs), assets: [asset.spec]))
        }
    }

    /// So many market makers with settings of their own, in one pass over a tape in one thread.
    public func sweep(_ count: Int) -> BenchCase {
        engineCase("OBI 1s sweep of \(count)") {
            let tape = SharedTape(try input.tape(.none))
            let runs = try (0..<count).map { set in
                let asset = AssetInput(spec: input.spec, events: ArrayEventSource([]), tape: tape)
                let backtest = try Backtest(assets: [asset], compatibility: .none)
                let strategy = try ObiMarketMaking(settings: StrategyTables.imbalance(1_000_000_000, set: set), assets: [input.spec])
                return StrategyRun(backtest, strategy: strategy, record: .step)
            }
            let sweep = SweepRun(runs)
            return {
                while sweep.advance(maxSteps: 256) { for run in runs { Self.drain(run) } }
                var digest = Digest()
                for run in runs {
                    Self.drain(run)
                    if let error = run.backtest.dataError { throw error }
                    digest.add(run.backtest.digest.value)
                }
                return Outcome(units: Int64(input.rows.count), digest: digest.hex)
            }
        }
    }

    /// A grid of five orders a side, so that queue positions are much of the work.
    public func grid(_ name: String, _ feed: Feed = .dense, _ change: @escaping (inout AssetSpec) -> Void) -> BenchCase {
        engineCase("grid 1s \(name) \(feed.rawValue)") {
            let asset = try asset(feed, .none, change)
            return try run(asset, feed, .none, try GridMarketMaking(settings: StrategyTables.grid(1_000_000_000), assets: [asset.spec]))
        }
    }

    public static let queueModels: [(name: String, model: QueueModel)] = [
        ("risk_averse", .riskAverse), ("log_prob", .logProb), ("log_prob2", .logProb2), ("power_prob(3)", .powerProb(n: 3)),
        ("power_prob2(3)", .powerProb2(n: 3)), ("power_prob3(3)", .powerProb3(n: 3)),
    ]

    /// Everything the suite measures of the engine.
    public var all: [BenchCase] {
        var cases: [BenchCase] = []
        for feed in [Feed.dense, .paged, .full, .tape] { cases.append(books(feed)) }
        for feed in [Feed.dense, .paged, .full, .tape] { cases.append(bare(feed)) }
        for intervalNs in [Int64(1_000_000_000), 100_000_000] {
            for feed in [Feed.dense, .full, .scan, .tape] {
                for compatibility in [Compatibility.hftbacktest24, .none] {
                    cases.append(imbalance(feed, compatibility, intervalNs: intervalNs))
                }
            }
        }
        for count in [1, 16, 64] { cases.append(sweep(count)) }
        for feed in [Feed.dense, .tape] { cases.append(everyFeed(feed)) }
        for feed in [Feed.dense, .tape] { cases.append(everyFeedWithFactors(feed)) }
        for (name, model) in Self.queueModels { cases.append(grid(name) { $0.queue = model }) }
        cases.append(grid("partial_fill") { $0.exchange = .partialFill })
        cases.append(grid("partial_fill", .tape) { $0.exchange = .partialFill })
        return cases
    }

    // MARK: running

    /// A run that the ten-node graph watches, and handles of its three values of interest.
    func withFactors(_ feed: Feed) throws -> (Backtest, [FactorHandle]) {
        let asset = try asset(feed, .none)
        let backtest = try Backtest(assets: [asset], compatibility: .none, replay: feed.replay)
        guard let definition = try FactorDefinition.read(FactorTables.tenNodes) else { throw BenchError("the graph of ten nodes is empty") }
        let graph = try FactorGraph(definition, assets: [asset.spec])
        try backtest.attach(graph)
        let handles = try ["imbalance_score", "trade_imbalance", "alpha"].map { id in
            guard let handle = graph.handle(id) else { throw BenchError("no node \(id)") }
            return handle
        }
        return (backtest, handles)
    }

    private func run(_ asset: AssetInput, _ feed: Feed, _ compatibility: Compatibility, _ strategy: any Strategy) throws -> () throws -> Outcome {
        let backtest = try Backtest(assets: [asset], compatibility: compatibility, replay: feed.replay)
        let run = StrategyRun(backtest, strategy: strategy, record: .step)
        return {
            while run.advance(maxSteps: 1024) { Self.drain(run) }
            Self.drain(run)
            return try outcome(backtest, backtest.digest)
        }
    }

    static func drain(_ run: StrategyRun) {
        run.drainRecords { _, _ in }
        _ = run.takeFeedLatencies()
        _ = run.backtest.takeOrders()
        _ = run.backtest.takeFills(isFinal: false)
    }

    private func outcome(_ backtest: Backtest, _ digest: Digest) throws -> Outcome {
        if let error = backtest.dataError { throw error }
        return Outcome(units: Int64(input.rows.count), digest: digest.hex)
    }

    /// Of the twenty best levels a side.
    private func booksDigest(_ backtest: Backtest) -> Digest {
        var digest = Digest()
        let levels = backtest.levels(0, count: 20)
        for level in levels.bids + levels.asks {
            digest.add(level.tick)
            digest.add(level.quantity)
        }
        return digest
    }

    static func text(_ ns: Int64) -> String { ns % 1_000_000_000 == 0 ? "\(ns / 1_000_000_000)s" : "\(ns / 1_000_000)ms" }
}
