import Foundation
import HBTTypes
import Testing

@testable import HBTMarketData

/// The reference's own answers, `Vectors/data_*.json`.
private func vector<T: Decodable>(_ name: String, _: T.Type = T.self) throws -> T {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Vectors/\(name).json")
    return try JSONDecoder().decode(T.self, from: Data(contentsOf: file))
}

/// A row as `[ev, exch_ts, local_ts, px, qty, order_id, ival, fval]`.
private struct Row: Decodable {
    var event: MarketEvent

    init(from decoder: any Decoder) throws {
        var list = try decoder.unkeyedContainer()
        event = MarketEvent(
            ev: try list.decode(UInt64.self), exchangeNs: try list.decode(Int64.self), localNs: try list.decode(Int64.self),
            price: try list.decode(Double.self), quantity: try list.decode(Double.self), orderId: try list.decode(UInt64.self),
            ival: try list.decode(Int64.self), fval: try list.decode(Double.self))
    }
}

@Test func correctEventOrderVector() throws {
    struct Vector: Decodable { var input: [Row], expected: [Row] }
    let v: Vector = try vector("data_01_correct_event_order")
    #expect(sameBytes(try EventOrder.correct(v.input.map(\.event)), v.expected.map(\.event)))
}

@Test func correctLocalTimestampVector() throws {
    struct Case: Decodable {
        var base_latency: Double, base_latency_type: String, input: [Row], expected_local_ts: [Int64]
    }
    struct Vector: Decodable { var cases: [Case] }
    for c in try vector("data_02_correct_local_timestamp", Vector.self).cases {
        var rows = c.input.map(\.event)
        if c.base_latency_type == "int" {
            EventOrder.correctLocalTimestamp(&rows, baseLatencyNs: Int64(c.base_latency))
        } else {
            EventOrder.correctLocalTimestamp(&rows, baseLatency: c.base_latency)
        }
        #expect(rows.map(\.localNs) == c.expected_local_ts)
    }
}

@Test func validateEventOrderVector() throws {
    struct Case: Decodable { var input: [Row], ok: Bool, which: String? }
    struct Vector: Decodable { var cases: [Case] }
    for c in try vector("data_03_validate_event_order", Vector.self).cases {
        let fault = EventOrder.validate(c.input.map(\.event))
        #expect((fault == nil) == c.ok)
        #expect(fault?.clock.rawValue == c.which)
    }
}

@Test func binanceFuturesConvertVector() throws {
    struct Case: Decodable { var opt: String, base_latency: Int64, local_shift_ns: Int64?, expected: [Row] }
    struct Vector: Decodable { var raw_lines: [String], cases: [Case] }
    let v: Vector = try vector("data_04_binance_convert")
    for c in v.cases {
        let lines = try v.raw_lines.map { line in
            String(try #require(Int64(line.prefix(19))) + (c.local_shift_ns ?? 0)) + line.dropFirst(19)
        }
        let (rows, report) = try convert(lines, .binanceFutures, ConvertOptions(options: c.opt, baseLatencyNs: c.base_latency))
        #expect(sameBytes(rows, c.expected.map(\.event)), "options \(c.opt)")
        #expect(report.restErrors == [.init(file: report.files[0], line: 9, text: "code -1003: Too many requests.")])
        #expect(report.updateGapCount == 1)
    }
}

@Test func diffSnapshotVector() throws {
    struct Step: Decodable {
        var bid_px: [Double], bid_qty: [Double], ask_px: [Double], ask_qty: [Double]
        var bids: [[Double]], asks: [[Double]], bid_deletes: [[Double]], ask_deletes: [[Double]]
    }
    struct Vector: Decodable { var tick_size: Double, lot_size: Double, steps: [Step] }
    let v: Vector = try vector("data_05_diff_snapshot")
    var diff = SnapshotDiff(tickSize: v.tick_size, lotSize: v.lot_size)
    func levels(_ list: [SnapshotDiff.Level]) -> [[Double]] { list.map { [$0.price, $0.quantity, Double($0.change.rawValue)] } }
    func deletes(_ list: [SnapshotDiff.Delete]) -> [[Double]] { list.map { [$0.price, Double($0.kind.rawValue)] } }
    for step in v.steps {
        let found = diff.update(
            bids: zip(step.bid_px, step.bid_qty).map { (price: $0, quantity: $1) },
            asks: zip(step.ask_px, step.ask_qty).map { (price: $0, quantity: $1) })
        #expect(levels(found.bids) == step.bids)
        #expect(levels(found.asks) == step.asks)
        #expect(deletes(found.bidDeletes) == step.bid_deletes)
        #expect(deletes(found.askDeletes) == step.ask_deletes)
    }
}
