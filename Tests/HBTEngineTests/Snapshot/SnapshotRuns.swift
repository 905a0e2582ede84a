import HBTEngine
import HBTMarketData
import HBTTypes

/// Small runs on a synthetic market, in every combination of models.
struct SnapshotRuns {
    var strategy = 0
    var queue = QueueModel.logProb2
    var exchange = ExchangeModel.noPartialFill
    var book = BookSpec.hash
    var isInterpolated = false
    var compatibility = Compatibility.none
    var assets = 1

    /// What a run came to.
    struct Outcome {
        var digest: String
        var steps: Int64
        var records: [[RecordRow]]
        var fills: [FillRecord]

        /// The first difference, or nil; NaNs are equal (an unknown markout is unknown).
        func difference(from other: Outcome) -> String? {
            if digest != other.digest { return "digest \(digest) against \(other.digest)" }
            if steps != other.steps { return "steps \(steps) against \(other.steps)" }
            for (a, b) in zip(records.joined(), other.records.joined()) where "\(a)" != "\(b)" { return "record \(a) against \(b)" }
            if records.map(\.count) != other.records.map(\.count) { return "number of records" }
            for (a, b) in zip(fills, other.fills) where "\(a)" != "\(b)" { return "fill \(a) against \(b)" }
            return fills.count == other.fills.count ? nil : "\(fills.count) fills against \(other.fills.count)"
        }
    }

    private func parameters(_ asset: Int) -> MarketParameters {
        var market = MarketParameters()
        market.seed = UInt64(3 + asset)
        market.durationNs = 20_000_000_000
        market.rowsPerSecond = 200
        return market
    }

    func market(_ asset: Int) throws -> MarketGenerator { try MarketGenerator(parameters(asset)) }

    /// - Parameters:
    ///   - live: feeds to play instead of the markets, one an asset.
    ///   - rows: rows to play instead, one array an asset.
    func make(live: [LiveFeed]? = nil, rows: [[MarketEvent]]? = nil) throws -> StrategyRun {
        var inputs: [AssetInput] = []
        for asset in 0..<assets {
            let market = parameters(asset)
            let spec = AssetSpec(
                symbol: "A\(asset)", tickSize: 0.1, lotSize: 0.001, book: book,
                latency: isInterpolated ? .interpolated(offsetNs: 0) : .constant(entryNs: 30_000_000, responseNs: 20_000_000),
                queue: queue, exchange: exchange, fee: FeeSpec(maker: -0.00005, taker: 0.0007), lastTradesCapacity: 10)
            let latencyRows = isInterpolated ? latencies(market) : nil
            if let live {
                inputs.append(AssetInput(spec: spec, live: live[asset], latencyRows: latencyRows))
            } else {
                let events: any EventSource = if let rows { ArrayEventSource(rows[asset]) } else { try MarketGenerator(market) }
                inputs.append(AssetInput(spec: spec, events: events, latencyRows: latencyRows))
            }
        }
        let backtest = try Backtest(assets: inputs, compatibility: compatibility)
        backtest.keepsFills = true
        let location = SourceLocation(file: "test", line: 0)
        var entries: [SettingsTable.Entry] = []
        func set(_ key: String, _ value: SettingValue) { entries.append(.init(key: key, value: value, location: location)) }
        set("interval", .string("100ms"))
        set("order_qty_value", .double(10_000))
        set("max_position_value", .double(100_000))
        set("grid_num", .integer(3))
        switch strategy {
        case 0:
            set("looking_depth", .double(0.01))
            set("window", .integer(50))
            set("half_spread", .double(0.5))
            set("skew", .double(0.3))
            set("c1", .double(1))
        case 1:
            set("half_spread", .double(0.2))
            set("skew", .double(0.1))
            set("grid_interval", .double(0.3))
        default:
            set("gamma", .double(0.05))
            set("calibration_window", .string("10s"))
            set("calibration_every", .string("1s"))
        }
        let table = SettingsTable(entries, path: "strategy", location: location)
        let specs = inputs.map(\.spec)
        let type = BuiltInStrategies.all[strategy]
        return StrategyRun(backtest, strategy: try type.init(settings: table, assets: specs), record: .every(ns: 300_000_000))
    }

    /// Latency that swings from row to row, with requests refused on their way.
    private func latencies(_ market: MarketParameters) -> ArrayLatencySource {
        var files: [[LatencyRow]] = []
        for file in 0..<3 {
            var rows: [LatencyRow] = []
            for i in 0..<20 {
                let requestNs = market.startNs + Int64(file * 20 + i) * 1_000_000_000
                let entryNs = Int64(5_000_000 + (i * 7_919_000) % 40_000_000)
                rows.append(LatencyRow(
                    requestNs: requestNs, exchangeNs: i == 13 ? 0 : requestNs + entryNs, responseNs: requestNs + 2 * entryNs))
            }
            files.append(rows)
        }
        return ArrayLatencySource(files)
    }

    static func finish(_ run: StrategyRun, records: [[RecordRow]] = [], fills: [FillRecord] = []) -> Outcome {
        var records = records.isEmpty ? Array(repeating: [], count: run.backtest.assetCount) : records
        while run.advance(maxSteps: 64) {}
        run.drainRecords { records[$0] += $1 }
        return Outcome(
            digest: run.backtest.digest.hex, steps: run.steps, records: records,
            fills: fills + run.backtest.takeFills(isFinal: true))
    }
}
