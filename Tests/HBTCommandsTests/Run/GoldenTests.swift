import Foundation
import HBTTypes
import Testing

@testable import HBTCommands
@testable import HBTMarketData

/// The reference's record of an imbalance market maker on real data, through a settings file.
@Suite struct GoldenTests {
    /// One line of `cases.json`.
    struct Case: Decodable, Sendable, CustomTestStringConvertible {
        struct Queue: Decodable, Sendable {
            var kind: String
            var n: Double?
        }
        struct Latency: Decodable, Sendable {
            var entry: Int64?
            var response: Int64?
            var file: String?
        }
        struct Market: Decodable, Sendable {
            var interval_ns: Int64
            var looking_depth: Double
            var window: Int
            var half_spread: Double
            var skew: Double
            var c1: Double
            var order_qty_value: Double
            var max_position_value: Double
            var grid_num: Int
            var grid_interval: Double
        }
        var name: String
        var data: String
        var tick_size: Double
        var lot_size: Double
        var roi: [Double]
        var latency: Latency
        var queue: Queue
        var fee: [Double]
        var strategy: Market
        var initial_snapshot: String?

        var testDescription: String { name }

        func settings(snapshot: String?) -> String {
            let folder = Shared.file("reference/obi-goldens/")
            let wait = latency.file.map { "{ kind = \"interpolated\", file = \"\(folder)\($0)\" }" }
                ?? "{ kind = \"constant\", entry = \"\(latency.entry ?? 0)ns\", response = \"\(latency.response ?? 0)ns\" }"
            return """
                name = "golden"
                compatibility = "hftbacktest-2.4"
                [[asset]]
                symbol = "BTCUSDT"
                data = "\(folder)\(data)"
                \(snapshot.map { "initial_snapshot = \"\($0)\"" } ?? "")
                tick_size = \(tick_size)
                lot_size = \(lot_size)
                book = { kind = "roi", lower = \(roi[0]), upper = \(roi[1]) }
                latency = \(wait)
                queue = { kind = "\(queue.kind)"\(queue.n.map { ", n = \($0)" } ?? "") }
                exchange = "no_partial_fill"
                fee = { kind = "trading_value", maker = \(fee[0]), taker = \(fee[1]) }
                [strategy]
                type = "obi_market_making"
                interval = "\(strategy.interval_ns)ns"
                looking_depth = \(strategy.looking_depth)
                window = \(strategy.window)
                half_spread = \(strategy.half_spread)
                skew = \(strategy.skew)
                c1 = \(strategy.c1)
                order_qty_value = \(strategy.order_qty_value)
                max_position_value = \(strategy.max_position_value)
                grid_num = \(strategy.grid_num)
                grid_interval = \(strategy.grid_interval)
                """
        }
    }

    static let cases: [Case] = {
        guard Shared.isHere, let data = FileManager.default.contents(atPath: Shared.file("reference/obi-goldens/cases.json")) else { return [] }
        return (try? JSONDecoder().decode([Case].self, from: data)) ?? []
    }()

    @Test(.enabled(if: Shared.isHere), arguments: cases) func theRecordIsTheReferences(golden: Case) throws {
        let scratch = try Scratch()
        var snapshot: String?
        if let file = golden.initial_snapshot {
            // The tool that wrote this golden let go of the snapshot's array before the engine read it,
            // so that its first row had lost its side; with a living array the reference agrees with
            // us on the whole file. Without that row we agree with the golden.
            try scratch.rows(Array(EventFileReader.readAll(Shared.file("reference/obi-goldens/" + file)).dropFirst()), to: "snapshot.npz")
            snapshot = scratch.file("snapshot.npz")
        }
        let settings = try scratch.write(golden.settings(snapshot: snapshot), to: "run.toml")
        let call = Invocation.run(["backtest", settings, "--replay", "rows", "--out", scratch.file("run")])
        #expect(call.status == 0, "\(call.error)")
        let taped = Invocation.run(["backtest", settings, "--replay", "full", "--out", scratch.file("taped")])
        #expect(taped.status == 0 && taped.error == "", "\(taped.error)")
        #expect(try FileComparison.firstDifference(scratch.file("run"), scratch.file("taped"), names: RunFiles.compared) == nil)

        let ours = try records(scratch.file("run/records.npz"))
        let theirs = try records(Shared.file("reference/obi-goldens/\(golden.name).npz"))
        try #require(ours.count == theirs.count)
        for (row, (a, b)) in zip(ours, theirs).enumerated() {
            try #require(a.timestampNs == b.timestampNs && a.numTrades == b.numTrades, "row \(row)")
            // The last bit of the sums depends on the order in which the reference's randomly seeded
            // tables give simultaneous fills.
            try #require(near(a.price, b.price) && near(a.position, b.position) && near(a.balance, b.balance), "row \(row)")
            try #require(near(a.fee, b.fee) && near(a.tradingVolume, b.tradingVolume) && near(a.tradingValue, b.tradingValue), "row \(row)")
        }
    }

    private func near(_ a: Double, _ b: Double) -> Bool {
        (a.isNaN && b.isNaN) || abs(a - b) <= 1e-9 * max(1, abs(a), abs(b))
    }

    private func records(_ path: String) throws -> [RecordRow] { try NpyRowReader<RecordRow>.npz(path, key: "0").readAll() }
}
