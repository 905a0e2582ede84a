import HBTTypes

@testable import HBTReport

/// Repeatable numbers for tests (Knuth's MMIX constants).
struct SeededRandom: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ (state >> 29)
    }
    mutating func unit() -> Double { Double(next() >> 11) / 9_007_199_254_740_992 }
}

func row(_ ns: Int64, price: Double = 100, position: Double = 0, balance: Double = 0, fee: Double = 0, trades: Int64 = 0, value: Double = 0) -> RecordRow {
    RecordRow(
        timestampNs: ns, price: price, position: position, balance: balance, fee: fee, numTrades: trades,
        tradingVolume: Double(trades), tradingValue: value)
}

func fill(
    _ side: Side, at ns: Int64 = 1_700_000_000_000_000_000, maker: Bool = true, price: Double = 100, quantity: Double = 1,
    mid: Double = .nan, after: (Double, Double, Double, Double) = (.nan, .nan, .nan, .nan), asset: Int = 0
) -> FillRecord {
    FillRecord(
        assetIndex: asset, orderId: 1, side: side, isMaker: maker, priceTick: Int64(price * 10), price: price,
        quantity: quantity, fee: 0.01, exchangeNs: ns, localNs: ns + 5_000_000, orderNs: ns - 1_000_000, position: 0,
        midAtFill: mid, midAfter: after)
}

/// A seeded market maker on a random walk: enough to fill every panel of the report.
struct SyntheticRun {
    static let startNs: Int64 = 1_700_000_000_000_000_000
    static let spec = AssetSpec(symbol: "BTCUSDT", tickSize: 0.1, lotSize: 0.001)

    static func description(assets: [AssetSpec] = [spec], settingsText: String = "name = \"synthetic\"\n") -> RunDescription {
        RunDescription(
            name: "synthetic", strategyType: "random_walk", compatibility: .none, assets: assets, settingsText: settingsText)
    }

    /// `rows` samples `stepNs` apart, each traded upon with probability `tradeShare`.
    static func feed(_ builder: ReportBuilder, rows: Int, stepNs: Int64 = 1_000_000_000, tradeShare: Double = 0.2, asset: Int = 0, seed: UInt64 = 3) throws {
        var random = SeededRandom(state: seed)
        var price = 60_000.0, account = row(startNs)
        for i in 0..<rows {
            let now = startNs + Int64(i) * stepNs
            price += ((random.unit() - 0.5) * 40).rounded() / 10
            if random.unit() < tradeShare {
                let side: Side = random.unit() < 0.5 + account.position * 0.05 ? .sell : .buy
                let sign = side == .buy ? 1.0 : -1.0, quantity = 0.1, maker = random.unit() < 0.8
                let at = price - sign * (maker ? 0.5 : -0.5)
                account.position += sign * quantity
                account.balance -= sign * quantity * at
                account.fee += quantity * at * (maker ? -0.00005 : 0.0005)
                account.numTrades += 1
                account.tradingVolume += quantity
                account.tradingValue += quantity * at
                var execution = fill(side, at: now, maker: maker, price: at, quantity: quantity, mid: price, asset: asset)
                execution.midAfter = (price + random.unit() - 0.5, price + random.unit() - 0.6, price, price - 1)
                execution.position = account.position
                try builder.add(fill: execution)
                var order = Order(orderId: UInt64(i), side: side, priceTick: 600_000, quantity: quantity, localNs: now)
                order.request = .new
                try builder.add(order: OrderRecord(kind: .submit, assetIndex: asset, localNs: now, order: order))
                order.request = .none
                order.status = .new
                order.exchangeNs = now + 1_000_000 + Int64(random.unit() * 9e6)
                try builder.add(order: OrderRecord(kind: .response, assetIndex: asset, localNs: order.exchangeNs + 2_000_000, order: order))
            }
            account.timestampNs = now
            account.price = random.unit() < 0.001 ? .nan : price
            try builder.add(record: account, asset: asset)
        }
    }
}
