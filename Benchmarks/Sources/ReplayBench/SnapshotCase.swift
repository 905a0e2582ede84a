import Foundation
import HBTEngine
import HBTMarketData
import HBTTypes

/// How long it takes to save and restore a full engine: dense books on both clocks, 1,000 orders of ours.
///
/// `data=full` fills every tick of the range of interest; a file is played for ten minutes instead.
struct SnapshotCase {
    let options: ReplayOptions

    private func events() throws -> any EventSource {
        options.data == "full" ? ArrayEventSource(fullBook()) : PrefetchingEventSource(try EventFiles.open(options.data))
    }

    /// A level at every tick, sizes of all lengths, and a last row ten minutes on.
    private func fullBook() -> [MarketEvent] {
        let grid = Grid(tickSize: 0.1, lotSize: 0.001)
        let first = grid.tick(options.lower), last = grid.tick(options.upper), middle = (first + last) / 2
        let both = EventFlags.exchange | EventFlags.local | UInt64(EventKind.depth)
        var rows: [MarketEvent] = [], state: UInt64 = 7
        for tick in first...last {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let lots = 1 + Int64(state >> 40) % (state >> 33 & 7 == 0 ? 200_000 : 2_000)
            rows.append(MarketEvent(
                ev: both | (tick <= middle ? EventFlags.buy : EventFlags.sell), exchangeNs: 1_000 + tick, localNs: 2_000 + tick,
                price: (Double(tick) / 10), quantity: Double(lots) / 1000))
        }
        rows.append(MarketEvent(ev: both & ~0xFF | UInt64(EventKind.depthBBO), exchangeNs: 660_000_000_000, localNs: 660_000_000_001, price: 0, quantity: 0))
        return rows
    }

    private static var cpuSeconds: Double {
        var now = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now)
        return Double(now.tv_sec) + Double(now.tv_nsec) * 1e-9
    }

    private func run(_ tape: (any TapeSource)?) throws -> StrategyRun {
        let input = AssetInput(spec: options.spec, events: try events(), tape: tape)
        let backtest = try Backtest(assets: [input], compatibility: options.compatibility)
        return StrategyRun(backtest, strategy: try Still(settings: options.strategySettings, assets: [options.spec]), record: .every(ns: 60_000_000_000))
    }

    func measure() throws {
        var tape: (any TapeSource)?
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("hbt-snapshot-bench-\(getpid())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        if options.isFromTape {
            let writer = try TapeFileWriter(path: folder.appendingPathComponent("full.tape").path)
            try TapeCompiler.compile(AssetInput(spec: options.spec, events: try events()), compatibility: options.compatibility, into: writer)
            tape = try TapeFile(path: folder.appendingPathComponent("full.tape").path)
        }
        let first = try run(tape)
        for _ in 0..<100 { first.advance(maxSteps: 6) }
        first.drainRecords { _, _ in }
        let path = folder.appendingPathComponent("state.snap").path
        var fields: [(String, [(wall: Double, cpu: Double)])] = ["encode", "file", "fsync", "read", "restore"].map { ($0, []) }
        /// Milliseconds that pass, and that this thread computes: on a busy machine only the latter repeats.
        func time(_ field: Int, _ body: () throws -> Void) rethrows {
            let start = Self.cpuSeconds
            let wall = try seconds(body)
            fields[field].1.append((1e3 * wall, 1e3 * (Self.cpuSeconds - start)))
        }
        var bytes = 0, digest = ""
        for _ in 0..<max(options.repeats, 5) {
            var state: [UInt8] = []
            time(0) {
                var out = StateWriter()
                first.encode(into: &out)
                state = out.bytes
            }
            bytes = state.count
            try time(1) { try StateFile(description: "{}", state: state).write(to: path) }
            let descriptor = open(path, O_RDWR)
            time(2) { _ = fsync(descriptor) }
            close(descriptor)
            let fresh = try run(tape)
            var read: [UInt8] = []
            try time(3) { read = try StateFile.read(path).state }
            try time(4) {
                var input = StateReader(read)
                try fresh.restore(from: &input)
            }
            var again = StateWriter()
            fresh.encode(into: &again)
            guard again.bytes == state else { throw ReplayOptions.Mistake(description: "a restored run is not the one that was saved") }
            digest = fresh.backtest.digest.hex
        }
        let stored = (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
        let levels = first.backtest.levels(0, count: .max)
        print("{\"levels\": \(levels.bids.count + levels.asks.count), \"orders\": \(first.backtest.orders(0).count), ", terminator: "")
        print("\"state_bytes\": \(bytes), \"file_bytes\": \(stored), \"digest\": \"\(digest)\"", terminator: "")
        for (name, values) in fields {
            let sorted = values.map(\.wall).sorted(), cpu = values.map(\.cpu).sorted()
            print(", \"\(name)_ms\": {\"median\": \(sorted[sorted.count / 2]), \"cpu\": \(cpu[cpu.count / 2])}", terminator: "")
        }
        print("}")
    }
}

/// Rests 1,000 orders away from the best prices, and waits.
final class Still: Strategy {
    static let typeName = "still"
    let wake = StrategyWake.every(ns: 1_000_000_000)
    private var hasQuoted = false

    init(settings: SettingsTable, assets: [AssetSpec]) throws(SettingsError) {}

    func step(_ market: StrategyContext, reason: WakeReason) {
        let depth = market.depth()
        guard !hasQuoted, depth.isTwoSided else { return }
        hasQuoted = true
        for i in 0..<500 {
            let distance = Double(2_000 + 3 * i) * 0.1
            market.submit(side: .buy, orderId: UInt64(2 * i + 1), price: depth.bestBid - distance, quantity: 0.01, timeInForce: .gtx)
            market.submit(side: .sell, orderId: UInt64(2 * i + 2), price: depth.bestAsk + distance, quantity: 0.01, timeInForce: .gtx)
        }
    }

    func encode(into out: inout StateWriter) {}
    func restore(from input: inout StateReader) throws(StateError) {}
}
