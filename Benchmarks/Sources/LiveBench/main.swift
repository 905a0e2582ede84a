import CAllocationCount
import CTicks
import Foundation
import HBTBinance
import HBTLive
import HBTMarketData
import HBTTypes
import Histogram

/// From the last byte of a depth message in memory to the order request in memory, on recorded messages:
///
///     swift run -c release --package-path Benchmarks live-bench [data=COLLECTOR.gz] [symbol=BTCUSDT] [rounds=5]
///
/// USD-M messages as the collector keeps them. Every depth message makes the strategy cancel its quote and set a new one.

/// The messages of a file one after the other, each with its time of receipt.
struct Recorded {
    var bytes: [UInt8] = []
    var messages: [(ns: Int64, range: Range<Int>)] = []

    init(path: String) throws {
        let reader = try GzipLineReader(path: path)
        while let line = try reader.next() {
            guard let space = line.firstIndex(of: 0x20), let ns = Int64(String(decoding: line[..<space], as: UTF8.self)) else { continue }
            let start = bytes.count
            bytes.append(contentsOf: line[(space + 1)...])
            messages.append((ns, start..<bytes.count))
        }
    }
}

struct Timing {
    let nsPerTick: Double
    let probeNs: Double

    init() {
        let began = ContinuousClock.now, start = hbt_ticks()
        while began.duration(to: .now) < .milliseconds(300) {}
        let elapsed = began.duration(to: .now)
        nsPerTick = (Double(elapsed.components.seconds) * 1e9 + Double(elapsed.components.attoseconds) / 1e9) / Double(hbt_ticks() - start)
        var least = UInt64.max
        for _ in 0..<100_000 {
            let start = hbt_ticks()
            least = min(least, hbt_ticks() &- start)
        }
        probeNs = Double(least) * nsPerTick
    }

    func line(_ name: String, _ histogram: Histogram<UInt64>) -> String {
        let values = [50.0, 90, 99, 99.9].map { String(format: "%.0f", Double(histogram.valueAtPercentile($0)) * nsPerTick) }
        return "| \(name) | \(values.joined(separator: " | ")) | \(histogram.totalCount) |"
    }

    static func histogram() -> Histogram<UInt64> {
        Histogram<UInt64>(lowestDiscernibleValue: 1, highestTrackableValue: 1 << 40, numberOfSignificantValueDigits: .three)
    }
}

/// Nanoseconds a byte of each kind of message, the least of the rounds.
func parsing(_ recorded: Recorded, _ timing: Timing, rounds: Int) throws -> [String] {
    var parser = StreamParser()
    var kinds: [(name: String, numbers: [Int], bytes: Int)] = []
    try recorded.bytes.withUnsafeBytes { bytes in
        for (number, message) in recorded.messages.enumerated() {
            let name: String
            switch try? parser.parse(UnsafeRawBufferPointer(rebasing: bytes[message.range])) {
            case .depth?: name = "depth"
            case .trade?, .aggTrade?: name = "trade"
            case .bookTicker?: name = "bookTicker"
            default: name = "other"
            }
            let place = kinds.firstIndex { $0.name == name } ?? { kinds.append((name, [], 0)); return kinds.count - 1 }()
            kinds[place].numbers.append(number)
            kinds[place].bytes += message.range.count
        }
    }
    kinds.append(("all", Array(recorded.messages.indices), recorded.bytes.count))
    return try kinds.filter { $0.name != "other" }.map { kind in
        var least = Double.infinity
        for _ in 0..<rounds {
            let start = hbt_ticks()
            try recorded.bytes.withUnsafeBytes { bytes in
                for number in kind.numbers {
                    _ = try? parser.parse(UnsafeRawBufferPointer(rebasing: bytes[recorded.messages[number].range]))
                }
            }
            least = min(least, Double(hbt_ticks() &- start) * timing.nsPerTick)
        }
        let each = least / Double(kind.numbers.count)
        return "| \(kind.name) | \(String(format: "%.2f", least / Double(kind.bytes))) | \(String(format: "%.0f", each)) | "
            + "\(kind.bytes / kind.numbers.count) | \(kind.numbers.count) |"
    }
}

func run(_ options: [String: String]) throws {
    let path = options["data"] ?? "", rounds = max(Int(options["rounds"] ?? "") ?? 1, 1)
    let recorded = try Recorded(path: path)
    let timing = Timing()
    print("\(path): \(recorded.messages.count) messages; probe \(String(format: "%.0f", timing.probeNs)) ns, contained in every percentile")
    print("\n| parse | ns a byte | ns a message | bytes a message | messages |\n|---|---:|---:|---:|---:|")
    for line in try parsing(recorded, timing, rounds: rounds) { print(line) }

    var histogram = Timing.histogram()
    /// By message: the round that nothing interrupted.
    var least = [UInt64](repeating: .max, count: recorded.messages.count)
    var digest = "", orders = 0, allocations: Int64 = 0
    for _ in 0..<rounds {
        let session = try LiveSession(symbol: options["symbol"] ?? "")
        var parser = StreamParser()
        var hasBegun = false
        try recorded.bytes.withUnsafeBytes { bytes in
            for (number, message) in recorded.messages.enumerated() {
                let text = UnsafeRawBufferPointer(rebasing: bytes[message.range])
                guard case .depth(let head)? = try? parser.parse(text) else { continue }
                if !hasBegun {
                    hasBegun = true
                    session.begin(before: head, at: message.ns - 1)
                }
                let before = session.orders, calls = hbt_allocation_count()
                let start = hbt_ticks()
                try session.decide(text, at: message.ns)
                let end = hbt_ticks()
                if session.orders > before {
                    histogram.record(end &- start)
                    least[number] = min(least[number], end &- start)
                    allocations += hbt_allocation_count() - calls
                }
                session.answer(at: message.ns)
            }
        }
        orders = session.orders
        guard digest.isEmpty || digest == session.digest.hex else { throw BenchFailure(description: "the rounds give different requests") }
        digest = session.digest.hex
    }
    guard orders > 0 else { throw BenchFailure(description: "\(path): no depth message led to an order") }
    print("\n| last byte to request, ns | p50 | p90 | p99 | p99.9 | messages |\n|---|---:|---:|---:|---:|---:|")
    print(timing.line("parse, book, strategy, risk, order manager, text", histogram))
    var uninterrupted = Timing.histogram()
    for ticks in least where ticks != .max { uninterrupted.record(ticks) }
    print(timing.line("the same, each message's best of \(rounds) rounds", uninterrupted))
    let each = Double(allocations) / Double(rounds * orders)
    print("\n\(orders) orders a round, digest of the requests \(digest), \(String(format: "%.1f", each)) allocations a message")
}

struct BenchFailure: Error, CustomStringConvertible { let description: String }

var options = ["data": "../shared/data/hftbacktest-raw/usdm/btcusdt_20240808.gz", "symbol": "BTCUSDT", "rounds": "5"]
do {
    for argument in CommandLine.arguments.dropFirst() {
        let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2, options[parts[0]] != nil else {
            throw BenchFailure(description: "\(argument): write one of \(options.keys.sorted().joined(separator: ", ")) with =value")
        }
        options[parts[0]] = parts[1]
    }
    try run(options)
} catch {
    FileHandle.standardError.write(Data("live-bench: \(error)\n".utf8))
    exit(2)
}
