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
        /// Only make the tape.
        case build
        /// Row by row, every `interval`, without a strategy.
        case bare
        /// The same from a tape.
        case bareTape
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
    var isHash = false
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
                    throw Mistake(description: "\(argument): rows, tape, build, bare, bareTape, wake, wakeTape, snapshot or snapshotTape")
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
            case "book": isHash = parts[1] == "hash"
            case "repeats": repeats = try number(Int.self)
            case "cache": cache = parts[1]
            case "records": records = parts[1]
            default: throw Mistake(description: "\(parts[0]): no such option")
            }
        }
        guard !data.isEmpty else { throw Mistake(description: "data=FILE.npy is missing") }
        guard !mode.isTape && mode != .build || !cache.isEmpty else { throw Mistake(description: "cache=DIR is missing") }
    }

    var isFromTape: Bool { mode.isTape || mode == .snapshotTape }

    var spec: AssetSpec {
        AssetSpec(
            symbol: "BTCUSDT", tickSize: 0.1, lotSize: 0.001, book: isHash ? .hash : .roi(lower: lower, upper: upper),
            latency: .constant(entryNs: 10_000_000, responseNs: 10_000_000), queue: .logProb2,
            fee: FeeSpec(maker: -0.00005, taker: 0.0007))
    }

    /// The `[strategy]` table of the case.
    var strategySettings: SettingsTable {
        let location = SourceLocation(file: "replay-bench", line: 0)
        let values: [(String, SettingValue)] = [
            ("interval", .string("\(intervalNs)ns")), ("looking_depth", .double(lookingDepth)), ("window", .integer(window)),
            ("half_spread", .double(5)), ("skew", .double(0.5)), ("c1", .double(10)), ("order_qty_value", .double(25_000)),
            ("max_position_value", .double(500_000)), ("grid_num", .integer(1)), ("grid_interval", .double(0.1)),
        ]
        return SettingsTable(values.map { .init(key: $0.0, value: $0.1, location: location) }, path: "strategy", location: location)
    }
}
