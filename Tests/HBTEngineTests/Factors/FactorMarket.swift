import HBTMarketData
import HBTTypes

/// Rows of a made-up market that does everything a feed can do: levels come, change and go, prices
/// wander and jump, sides cross, are cleared and stay empty, several rows share a local time.
struct FactorMarket {
    var seed: UInt64 = 1
    var waves = 400
    var tickSize = 0.5
    var lotSize = 0.01
    /// Sizes off the lot grid.
    var isOffGrid = false
    /// Mean time between waves.
    var gapNs: Int64 = 100_000_000
    var startNs: Int64 = 1_700_000_000_000_000_000
    var depthTicks = 40
    /// Chance of a row that clears.
    var clears = 0.01

    func rows() -> [MarketEvent] {
        var random = SeededRandom(seed: seed)
        var rows: [MarketEvent] = []
        var center: Int64 = 2_000
        var ns = startNs
        for _ in 0..<waves {
            if random.uniform() < 0.3 { center += Int64(random.below(7)) - 3 }
            if random.uniform() < 0.01 { center += Int64(random.below(60)) - 30 }
            for _ in 0..<(1 + random.below(6)) { rows.append(row(&random, center, ns)) }
            // Some waves follow at once, some after a long silence.
            let kind = random.uniform()
            ns += kind < 0.1 ? 1 : kind < 0.13 ? gapNs * 40 : Int64(Double(gapNs) * 2 * random.uniform()) + 1
        }
        return rows
    }

    private func row(_ random: inout SeededRandom, _ center: Int64, _ ns: Int64) -> MarketEvent {
        let kind = random.uniform()
        var ev = EventFlags.exchange | EventFlags.local
        var tick = center, size = Double(1 + random.below(500)) * lotSize
        if isOffGrid { size *= 0.5 + random.uniform() }
        if kind < clears {
            ev |= UInt64(EventKind.depthClear)
            let side = random.below(5)
            if side != 4 { ev |= side & 1 == 0 ? EventFlags.buy : EventFlags.sell }
            let price = side < 2 ? Double.nan : Double(center + (side & 1 == 0 ? -5 : 5)) * tickSize
            return MarketEvent(ev: ev, exchangeNs: ns - 5, localNs: ns, price: price, quantity: 0)
        }
        if kind < 0.3 {
            ev |= UInt64(EventKind.trade)
            if random.uniform() < 0.95 { ev |= random.uniform() < 0.5 ? EventFlags.buy : EventFlags.sell }
            tick += Int64(random.below(5)) - 2
        } else if kind < 0.32 {
            ev |= UInt64(EventKind.depthBBO)
        } else {
            let isBid = random.uniform() < 0.5
            ev |= UInt64(random.uniform() < 0.9 ? EventKind.depth : EventKind.depthSnapshot) | (isBid ? EventFlags.buy : EventFlags.sell)
            // Now and then on the wrong side of the middle: a crossing.
            let away = Int64(random.below(depthTicks)) - (random.uniform() < 0.05 ? 3 : -1)
            tick += isBid ? -away : away
            if random.uniform() < 0.35 { size = 0 }
        }
        return MarketEvent(ev: ev, exchangeNs: ns - 5, localNs: ns, price: Double(tick) * tickSize, quantity: size)
    }
}


