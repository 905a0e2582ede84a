import HBTEngine
import HBTTypes

/// A recorded script on a public data file: what the account held after every `elapse`.
struct RealBacktestVector {
    let vector: VectorPlace
    let file: String
    let sha256: String
    private let replay: ReplayMode

    init(_ vector: VectorPlace, replay: ReplayMode = .rows) throws(VectorFault) {
        self.vector = vector
        self.replay = replay
        let source = try vector.member("source")
        let path = try source.string("file")
        file = path.split(separator: "/").last.map(String.init) ?? path
        sha256 = try source.string("sha256_raw")
    }

    func outcome(_ data: ConformanceData) throws -> ConformanceResult.Outcome {
        guard let directory = data.directory else {
            return .skipped("needs the data file \(file); name its directory with --data")
        }
        guard let path = data.file(sha256: sha256, name: file) else {
            return .failed("no file with SHA-256 \(sha256) (\(file)) under \(directory)")
        }
        let rows = try data.binanceFutures(path)
        if let wanted = try vector.member("source").optional("sha256_converted")?.string(), wanted != rows.sha256 {
            return .failed("source.sha256_converted: expected \(wanted), got \(rows.sha256) (\(rows.events.count) rows)")
        }
        return try firstDifference(rows.events).map { .failed($0) } ?? .passed
    }

    private func firstDifference(_ rows: [MarketEvent]) throws -> String? {
        let asset = try vector.member("asset")
        let expected = try vector.member("expected")
        let columns = try expected.list("columns").map { try $0.string() }
        let tolerances = try Self.tolerances(expected, columns)
        let wanted = try expected.list("rows")
        var input = AssetInput(
            spec: try assetSpec(asset, book: try vector.string("depth")), events: ArrayEventSource(rows), latencyRows: try latencyRows(asset))
        if replay != .rows {
            input.tape = try? TemporaryTape.make { _ = try TapeCompiler.compile(input, compatibility: .hftbacktest24, into: $0) }
            input.events = ArrayEventSource(rows)
        }
        let backtest = try Backtest(assets: [input], compatibility: .hftbacktest24, checksOrder: false, replay: replay)
        var next = 0
        for (number, step) in try vector.list("script").enumerated() {
            guard try perform(step, on: backtest) else { continue }
            guard next < wanted.count else { return "rows[\(next)]: expected nothing, got another row after step \(number)" }
            let place = wanted[next]
            let cells = try place.list()
            for (column, name) in columns.enumerated() {
                guard column < cells.count, let seen = Self.value(name, backtest) else { throw place.fault("has an unknown column \(name)") }
                let value = try cells[column].double()
                let isSame: Bool
                if case .integer(let whole) = cells[column].value, case .integer(let got) = seen {
                    isSame = whole == got
                } else {
                    let got = seen.asDouble ?? .nan
                    isSame = value == got || (value.isNaN && got.isNaN) || abs(value - got) <= tolerances[column]
                }
                if !isSame { return "rows[\(next)] (step \(number)) \(name): expected \(cells[column].value.text), got \(seen.text)" }
            }
            next += 1
        }
        return next == wanted.count ? nil : "rows[\(next)]: expected a row, got the end of the script"
    }

    /// True after an `elapse` that returned 0: a row is due.
    private func perform(_ step: VectorPlace, on backtest: Backtest) throws -> Bool {
        let words = try step.list()
        guard let op = try words.first?.string() else { throw step.fault("is empty") }
        func word(_ i: Int) throws -> VectorPlace {
            guard i < words.count else { throw step.fault("is too short") }
            return words[i]
        }
        switch op {
        case "elapse": return backtest.elapse(try word(1).int64()) == .ok
        case "clear_inactive_orders": backtest.clearInactiveOrders()
        case "submit_buy", "submit_sell":
            backtest.submit(
                asset: 0, side: op == "submit_buy" ? .buy : .sell, orderId: try word(1).uint64(), price: try word(2).double(),
                quantity: try word(3).double(), timeInForce: .gtx)
        case "cancel": backtest.cancel(asset: 0, orderId: try word(1).uint64())
        default: throw step.fault("has an unknown operation \(op)")
        }
        return false
    }

    /// Absolute, one a column: 0 unless the reference differs from itself between runs (it adds up
    /// orders filled by one event in random order). Its three runs are a sample: twice their spread.
    private static func tolerances(_ expected: VectorPlace, _ columns: [String]) throws -> [Double] {
        if try expected.bool("bit_reproducible_over_3_runs") { return columns.map { _ in 0 } }
        let spread = try expected.member("max_abs_difference_over_3_runs")
        return try columns.map { 2 * (try spread.optional($0)?.double() ?? 0) }
    }

    private static func value(_ column: String, _ backtest: Backtest) -> VectorValue? {
        let state = backtest.state(0)
        return switch column {
        case "now": .integer(backtest.nowNs)
        case "best_bid_tick": .integer(backtest.depth(0).bestBidTick)
        case "best_ask_tick": .integer(backtest.depth(0).bestAskTick)
        case "best_bid_qty": .double(backtest.depth(0).bestBidQuantity)
        case "best_ask_qty": .double(backtest.depth(0).bestAskQuantity)
        case "position": .double(state.position)
        case "balance": .double(state.balance)
        case "fee": .double(state.fee)
        case "num_trades": .integer(state.numTrades)
        case "trading_volume": .double(state.tradingVolume)
        case "trading_value": .double(state.tradingValue)
        default: nil
        }
    }
}
