import HBTBinance

/// Weight and orders used, by market, in the intervals of the venue's clock.
struct RateLimits {
    private struct Window {
        var start: Int64 = .min
        var used = 0

        mutating func add(_ weight: Int, _ ms: Int64, lengthMs: Int64) -> Int {
            let now = ms / lengthMs
            if now != start {
                start = now
                used = 0
            }
            used += weight
            return used
        }
    }

    private var weights = [Window](repeating: Window(), count: VenueMarket.allCases.count)
    private var shortOrders = [Window](repeating: Window(), count: VenueMarket.allCases.count)
    private var longOrders = [Window](repeating: Window(), count: VenueMarket.allCases.count)

    /// Counts a request; the used weight of the minute, with the request.
    mutating func use(_ weight: Int, market: Int, ms: Int64) -> Int { weights[market].add(weight, ms, lengthMs: 60_000) }

    /// Counts an order; used in ten seconds, and in the day (spot) or minute.
    mutating func order(market: Int, ms: Int64) -> (short: Int, long: Int) {
        let length: Int64 = market == 0 ? 86_400_000 : 60_000
        return (shortOrders[market].add(1, ms, lengthMs: 10_000), longOrders[market].add(1, ms, lengthMs: length))
    }
}
