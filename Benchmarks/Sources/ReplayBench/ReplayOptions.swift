import HBTEngine
import HBTTypes

/// One measurement as `key=value` arguments; the defaults are the order-book-imbalance case of
/// `docs/benchmarks.md`.
struct ReplayOptions {
    struct Mistake: Error, CustomStringConvertible {
        let description: String
    }

    enum Mode: String {
        /// Row by row from the file.
        case rows
        /// From a tape, made first if the cache has none.
        case tape
        /// Only read the rows.
        case read
        /// Only make the tape.
        case build
        /// Row by row, every `interval`, without a strategy.
        case bare
        /// The same from a tape.
        case bareTape
        /// `sets` strategies with settings of their own in one pass over a tape, split over `threads`.
        case sweep
        /// Waking at every row, with a factor graph, row by row.
        case wake
        /// The same from a tape.
        case wakeTape
        /// Saving and restoring a full engine, row by row.
        case snapshot
        /// The same from a tape.
        case snapshotTape

        /// Played from the cache's tape.
        var isTape: Bool { self == .tape || self == .bareTape || self == .wakeTape }
    }

    var data = ""
    var mode = Mode.rows
    var compatibility = Compatibility.none
    var intervalNs: Int64 = 1_000_000_000
    var lookingDepth = 0.025
    var window: Int64 = 600
    var lower = 40_000.0
    var upper = 80_000.0
    var tick = 0.1
    var lot = 0.001
    var halfSpread = 5.0
    var skew = 0.5
    var c1 = 10.0
    /// Quote currency.
    var orderValue = 25_000.0
    var maxValue = 500_000.0
    var priceRounding = 1.0
    var entryNs: Int64 = 10_000_000
    var responseNs: Int64 = 10_000_000
    var makerFee = -0.00005
    var takerFee = 0.0007
    var isHash = false
    var replay = ReplayMode.auto
    var sets = 64
    var threads = 1
    var repeats = 1
    var cache = ""
    var records = ""

    init(_ arguments: [String]) throws {
        for argument in arguments {
            let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { throw Mistake(description: "\(argument): write key=value") }
            func number<T: LosslessStringConvertible>(_ type: T.Type) throws -> T {
                guard let value = T(parts[1]) else { throw Mistake(description: "\(argument): no number") }
                return value
            }
            switch parts[0] {
            case "data": data = parts[1]
            case "mode":
                guard let mode = Mode(rawValue: parts[1]) else {
                    throw Mistake(description: "\(argument): rows, tape, read, build, bare, bareTape, wake, wakeTape, snapshot, snapshotTape or sweep")
                }
                self.mode = mode
            case "compatibility":
                guard let value = Compatibility(rawValue: parts[1]) else { throw Mistake(description: "\(argument): none or hftbacktest-2.4") }
                compatibility = value
            case "interval_ns": intervalNs = try number(Int64.self)
            case "depth": lookingDepth = try number(Double.self)
            case "window": window = try number(Int64.self)
            case "lower": lower = try number(Double.self)
            case "upper": upper = try number(Double.self)
            case "tick": tick = try number(Double.self)
            case "lot": lot = try number(Double.self)
            case "half_spread": halfSpread = try number(Double.self)
            case "skew": skew = try number(Double.self)
            case "c1": c1 = try number(Double.self)
            case "order_value": orderValue = try number(Double.self)
            case "max_value": maxValue = try number(Double.self)
            case "price_rounding": priceRounding = try number(Double.self)
            case "entry_ns": entryNs = try number(Int64.self)
            case "response_ns": responseNs = try number(Int64.self)
            case "maker_fee": makerFee = try number(Double.self)
            case "taker_fee": takerFee = try number(Double.self)
            case "book": isHash = parts[1] == "hash"
            case "replay":
                guard let value = ReplayMode(rawValue: parts[1]) else { throw Mistake(description: "\(argument): auto, rows, full, scan or index") }
                replay = value
            case "sets": sets = try number(Int.self)
            case "threads": threads = try number(Int.self)
            case "repeats": repeats = try number(Int.self)
            case "cache": cache = parts[1]
            case "records": records = parts[1]
            default: throw Mistake(description: "\(parts[0]): no such option")
            }
        }
        guard !data.isEmpty else { throw Mistake(description: "data=FILE.npy is missing") }
        guard !mode.isTape && mode != .build && mode != .sweep || !cache.isEmpty else { throw Mistake(description: "cache=DIR is missing") }
    }

    var isFromTape: Bool { mode.isTape || mode == .snapshotTape }

    var spec: AssetSpec {
        AssetSpec(
            symbol: "BTCUSDT", tickSize: tick, lotSize: lot, book: isHash ? .hash : .roi(lower: lower, upper: upper),
            latency: .constant(entryNs: entryNs, responseNs: responseNs), queue: .logProb2,
            fee: FeeSpec(maker: makerFee, taker: takerFee))
    }

    var strategySettings: SettingsTable { strategySettings(set: 0) }

    /// The `[strategy]` table of the case; sets differ in half spread, skew and c1.
    func strategySettings(set: Int) -> SettingsTable {
        let location = SourceLocation(file: "replay-bench", line: 0)
        let values: [(String, SettingValue)] = [
            ("interval", .string("\(intervalNs)ns")), ("looking_depth", .double(lookingDepth)), ("window", .integer(window)),
            ("half_spread", .double(halfSpread + Double(set % 8))), ("skew", .double(skew + 0.1 * Double(set / 8 % 8))),
            ("c1", .double(c1 + Double(set / 64))), ("order_qty_value", .double(orderValue)),
            ("max_position_value", .double(maxValue)), ("grid_num", .integer(1)), ("grid_interval", .double(tick)),
            ("price_rounding", .double(priceRounding)),
        ]
        return SettingsTable(values.map { .init(key: $0.0, value: $0.1, location: location) }, path: "strategy", location: location)
    }
}
