import HBTEngine
import HBTMarketData
import HBTTypes

/// Vectors about snapshots; each returns its first difference.
enum SnapshotVectors {
    /// The book at the end of the data, as rows.
    static func lastSnapshot(_ vector: VectorPlace) throws -> String? {
        let spec = AssetSpec(symbol: "asset", tickSize: try vector.double("tick_size"), lotSize: try vector.double("lot_size"))
        let source = ArrayEventSource(try marketRows(try vector.member("events")))
        let backtest = try Backtest(
            assets: [AssetInput(spec: spec, events: source)], compatibility: .hftbacktest24, checksOrder: false)
        let code = backtest.goToEnd()
        let seen: [(key: String, value: VectorValue)] = [
            ("goto_end_rc", .integer(code.rawValue)), ("now_after", .integer(backtest.nowNs)),
            ("expected", vectorRows(backtest.snapshotRows(0))),
        ]
        let comparison = try VectorComparison(vector)
        for (key, value) in seen {
            guard let wanted = vector.optional(key) else { continue }
            if let found = comparison.difference(wanted.value, value, at: key) { return found }
        }
        return nil
    }

    /// Differences between successive full snapshots.
    static func diffSnapshot(_ vector: VectorPlace) throws -> String? {
        let tickSize = try vector.double("tick_size"), lotSize = try vector.double("lot_size")
        guard tickSize > 0, lotSize > 0 else { throw vector.fault("has a tick or lot size that is not positive") }
        var differ = SnapshotDiff(tickSize: tickSize, lotSize: lotSize)
        let comparison = try VectorComparison(vector)
        for place in try vector.list("steps") {
            let made = differ.update(bids: try levels(place, "bid"), asks: try levels(place, "ask"))
            let seen = VectorValue.object([
                ("bids", value(made.bids)), ("asks", value(made.asks)),
                ("bid_deletes", value(made.bidDeletes)), ("ask_deletes", value(made.askDeletes)),
            ])
            for key in ["bids", "asks", "bid_deletes", "ask_deletes"] {
                let wanted = try place.member(key)
                if let found = comparison.difference(wanted.value, seen[key] ?? .null, at: wanted.path) { return found }
            }
        }
        return nil
    }

    private static func levels(_ place: VectorPlace, _ side: String) throws -> [(price: Double, quantity: Double)] {
        let prices = try place.list("\(side)_px"), quantities = try place.list("\(side)_qty")
        guard prices.count == quantities.count else { throw place.fault("has \(prices.count) prices and \(quantities.count) quantities") }
        return try zip(prices, quantities).map { (price: try $0.double(), quantity: try $1.double()) }
    }

    private static func value(_ levels: [SnapshotDiff.Level]) -> VectorValue {
        .array(levels.map { .array([.double($0.price), .double($0.quantity), .integer(Int64($0.change.rawValue))]) })
    }

    private static func value(_ deletes: [SnapshotDiff.Delete]) -> VectorValue {
        .array(deletes.map { .array([.double($0.price), .integer(Int64($0.kind.rawValue))]) })
    }
}
