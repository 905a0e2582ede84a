import HBTEngine
import HBTLive
import HBTMarketData
import HBTTypes

/// A grid strategy on a small synthetic market, played live.
enum TestRuns {
    static func market(seed: UInt64 = 3, seconds: Int64 = 10, isByReceipt: Bool = true) throws -> [MarketEvent] {
        var parameters = MarketParameters()
        parameters.seed = seed
        parameters.durationNs = seconds * 1_000_000_000
        parameters.rowsPerSecond = 200
        let source = try MarketGenerator(parameters)
        var rows: [MarketEvent] = []
        let block = UnsafeMutableBufferPointer<MarketEvent>.allocate(capacity: 1_000)
        defer { block.deallocate() }
        while case let count = try source.read(into: block), count > 0 { rows += block[..<count] }
        return isByReceipt ? rows.sorted { $0.localNs < $1.localNs } : rows
    }

    static let spec = AssetSpec(
        symbol: "A0", tickSize: 0.1, lotSize: 0.001, latency: .constant(entryNs: 30_000_000, responseNs: 20_000_000),
        fee: FeeSpec(maker: -0.00005, taker: 0.0007))

    /// - Parameter halfSpread: quote currency; the only thing in which two runs of these differ.
    static func make(_ venue: LiveFeed.Venue, halfSpread: Double = 0.2) throws -> (run: StrategyRun, feeds: [LiveFeed]) {
        let feed = LiveFeed(venue: venue, reorderNs: 50_000_000)
        let backtest = try Backtest(assets: [AssetInput(spec: spec, live: feed)], compatibility: .none)
        return (try strategyRun(backtest, halfSpread: halfSpread), [feed])
    }

    static func backtest(_ rows: [MarketEvent]) throws -> StrategyRun {
        try strategyRun(Backtest(assets: [AssetInput(spec: spec, events: ArrayEventSource(rows))], compatibility: .none), halfSpread: 0.2)
    }

    static func strategyRun(_ backtest: Backtest, halfSpread: Double = 0.2) throws -> StrategyRun {
        let location = SourceLocation(file: "test", line: 0)
        let entries: [(String, SettingValue)] = [
            ("interval", .string("100ms")), ("order_qty_value", .double(10_000)), ("max_position_value", .double(100_000)),
            ("grid_num", .integer(3)), ("half_spread", .double(halfSpread)), ("skew", .double(0.1)), ("grid_interval", .double(0.3)),
        ]
        let table = SettingsTable(entries.map { .init(key: $0.0, value: $0.1, location: location) }, path: "strategy", location: location)
        let strategy = try GridMarketMaking(settings: table, assets: [spec])
        return StrategyRun(backtest, strategy: strategy, record: .every(ns: 300_000_000))
    }

    /// Messages of a few rows each, as they come in.
    static func messages(_ rows: [MarketEvent], seed: UInt64) -> [[MarketEvent]] {
        var random = SeededRandom(seed: seed)
        var messages: [[MarketEvent]] = []
        var next = 0
        while next < rows.count {
            let count = min(1 + random.below(12), rows.count - next)
            messages.append(Array(rows[next..<(next + count)]))
            next += count
        }
        return messages
    }
}
