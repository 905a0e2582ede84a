import HBTEngine
import HBTLive
import HBTTypes

/// What a run has produced since it was last looked at.
struct OutputBatch {
    /// One array an asset.
    var records: [[RecordRow]]
    var fills: [FillRecord]
    var orders: [OrderRecord]
    /// One array an asset: local − exchange time of the newest row at each step.
    var feedLatencies: [[Int64]]

    /// Takes it from the run.
    init(_ run: StrategyRun, isFinal: Bool) { self.init(run, orders: run.backtest.takeOrders(), isFinal: isFinal) }

    /// Takes it from a live run, whose requests and answers have passed the journal.
    init(_ loop: DecisionLoop, isFinal: Bool) { self.init(loop.run, orders: loop.takeOrders(), isFinal: isFinal) }

    private init(_ run: StrategyRun, orders: [OrderRecord], isFinal: Bool) {
        var records: [[RecordRow]] = Array(repeating: [], count: run.backtest.assetCount)
        run.drainRecords { records[$0] = $1 }
        self.records = records
        fills = run.backtest.takeFills(isFinal: isFinal)
        self.orders = orders
        feedLatencies = run.takeFeedLatencies()
    }

    var isEmpty: Bool {
        fills.isEmpty && orders.isEmpty && records.allSatisfy(\.isEmpty) && feedLatencies.allSatisfy(\.isEmpty)
    }

    // MARK: state

    func encode(into out: inout StateWriter) {
        out.begin("OUTB")
        out.put(records.count)
        for rows in records { out.putRaw(rows) }
        for latencies in feedLatencies { out.putRaw(latencies) }
        out.put(fills.count)
        for fill in fills { out.put(fill) }
        out.put(orders.count)
        for order in orders {
            out.put(order.kind.rawValue)
            out.put(order.assetIndex)
            out.put(order.localNs)
            out.put(order.order)
        }
    }

    init(from input: inout StateReader) throws(StateError) {
        try input.expect("OUTB")
        records = []
        feedLatencies = []
        let assets = try input.count(of: 32)
        for _ in 0..<assets { records.append(try input.raw()) }
        for _ in 0..<assets { feedLatencies.append(try input.raw()) }
        fills = []
        for _ in 0..<(try input.count(of: 1)) {
            let fill = try input.fill()
            guard fill.assetIndex >= 0, fill.assetIndex < assets else { throw StateError("a fill of an unknown asset") }
            fills.append(fill)
        }
        orders = []
        for _ in 0..<(try input.count(of: 1)) {
            guard let kind = OrderRecord.Kind(rawValue: try input.byte()) else { throw StateError("an unknown kind of order record") }
            let asset = try input.int()
            guard asset >= 0, asset < assets else { throw StateError("an order of an unknown asset") }
            orders.append(OrderRecord(kind: kind, assetIndex: asset, localNs: try input.int64(), order: try input.order()))
        }
    }
}
