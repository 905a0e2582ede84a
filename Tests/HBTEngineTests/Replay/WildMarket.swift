import HBTMarketData
import HBTTypes

/// Small random markets with everything that is rare in real ones: crossed books, clears, rows for one
/// clock alone, prices out of range, equal times, trades through the book.
struct WildMarket {
    var seed: UInt64
    var rowCount = 600
    /// Rows for one clock alone.
    var isSplit = true
    var lowestTick = 95
    var tickSpan = 40

    func rows() -> [MarketEvent] {
        var random = SeededRandom(seed: seed)
        var rows: [MarketEvent] = []
        var exchangeNs: Int64 = 1_000, lastLocalNs: Int64 = 0
        for _ in 0..<rowCount {
            if random.below(3) == 0 { exchangeNs += Int64(random.below(400)) }
            let localNs = max(lastLocalNs, exchangeNs + 1 + Int64(random.below(600)))
            var flags = EventFlags.exchange | EventFlags.local
            if isSplit && random.below(6) == 0 { flags = random.below(2) == 0 ? EventFlags.exchange : EventFlags.local }
            if flags & EventFlags.local != 0 { lastLocalNs = localNs }
            let isBuy = random.below(2) == 0
            let side = isBuy ? EventFlags.buy : EventFlags.sell
            let tick = lowestTick + random.below(tickSpan)
            // Mostly around a middle that both sides share, now and then across it.
            let middle = lowestTick + tickSpan / 2 + random.below(5) - 2
            let near = random.below(8) == 0 ? tick : (isBuy ? middle - random.below(8) : middle + random.below(8))
            let quantity = random.below(4) == 0 ? 0 : Double(1 + random.below(40)) / 10
            let kind: UInt8
            var price = Double(near) / 10, size = quantity
            switch random.below(40) {
            case 0: kind = EventKind.depthClear
                if random.below(4) == 0 { price = .infinity }
                if random.below(6) == 0 { flags &= ~side }
            case 1...9: kind = EventKind.trade
                size = Double(1 + random.below(40)) / 10
            case 10: kind = EventKind.depthBBO
            case 11: kind = EventKind.indexPrice
            default: kind = random.below(10) == 0 ? EventKind.depthSnapshot : EventKind.depth
            }
            let ev = UInt64(kind) | flags | (kind == EventKind.depthClear && random.below(6) == 0 ? 0 : side)
            rows.append(MarketEvent(ev: ev, exchangeNs: exchangeNs, localNs: localNs, price: price, quantity: size))
        }
        return rows
    }

    /// A few levels to start from.
    func snapshot() -> [MarketEvent] {
        var random = SeededRandom(seed: seed &+ 77)
        return (0..<10).map { i in
            let isBuy = i < 5
            let tick = lowestTick + tickSpan / 2 + (isBuy ? -1 - random.below(9) : 1 + random.below(9))
            return MarketEvent(
                ev: UInt64(EventKind.depthSnapshot) | (isBuy ? EventFlags.buy : EventFlags.sell), exchangeNs: 0, localNs: 0,
                price: Double(tick) / 10, quantity: Double(1 + random.below(30)) / 10)
        }
    }
}
