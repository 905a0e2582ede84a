import HBTTypes

/// A book as two plain tables, without any cleverness.
struct SlowBook {
    var bids: [Int64: Double] = [:]
    var asks: [Int64: Double] = [:]
    let tickSize: Double
    let lotSize: Double

    var bestBid: Int64? { bids.keys.max() }
    var bestAsk: Int64? { asks.keys.min() }
    var mid: Double {
        guard let bid = bestBid, let ask = bestAsk else { return .nan }
        return (Double(bid) * tickSize + Double(ask) * tickSize) / 2.0
    }
    /// Best first.
    var bidLevels: [(tick: Int64, size: Double)] { bids.sorted { $0.key > $1.key }.map { ($0.key, $0.value) } }
    var askLevels: [(tick: Int64, size: Double)] { asks.sorted { $0.key < $1.key }.map { ($0.key, $0.value) } }

    mutating func apply(_ row: MarketEvent) {
        let isBid = row.has(EventFlags.buy), isAsk = row.has(EventFlags.sell)
        let tick = row.price.isFinite ? Int64((row.price / tickSize).rounded()) : 0
        switch row.kind {
        case EventKind.depth, EventKind.depthSnapshot:
            let size = (row.quantity / lotSize).rounded() > 0 ? row.quantity : 0
            if isBid {
                bids[tick] = size > 0 ? size : nil
                if size > 0 { asks = asks.filter { $0.key > tick } }
            } else if isAsk {
                asks[tick] = size > 0 ? size : nil
                if size > 0 { bids = bids.filter { $0.key < tick } }
            }
        case EventKind.depthClear:
            if isBid {
                bids = row.price.isFinite ? bids.filter { $0.key < tick } : [:]
            } else if isAsk {
                asks = row.price.isFinite ? asks.filter { $0.key > tick } : [:]
            } else {
                bids = [:]
                asks = [:]
            }
        default: break
        }
    }

    /// Levels of a side from the best outward, as far as `keys` says, with the share of each that counts.
    func levels(isBid: Bool, _ keys: SlowKeys) -> [(tick: Int64, size: Double, share: Double)]? {
        let all = isBid ? bidLevels : askLevels
        if let d = keys.number("depth_pct") ?? keys.number("looking_depth") {
            if mid.isNaN { return nil }
            return all.filter {
                isBid ? Double($0.tick) > (mid * (1 - d) / tickSize).rounded(.up) : Double($0.tick) < (mid * (1 + d) / tickSize).rounded(.down)
            }.map { ($0.tick, $0.size, 1) }
        }
        if let n = keys.integer("depth_ticks") {
            return all.filter { abs($0.tick - all[0].tick) < n }.map { ($0.tick, $0.size, 1) }
        }
        if let n = keys.integer("levels") { return all.prefix(Int(n)).map { ($0.tick, $0.size, 1) } }
        guard let value = keys.number("depth_notional") else { return all.map { ($0.tick, $0.size, 1) } }
        var chosen: [(tick: Int64, size: Double, share: Double)] = []
        var left = value
        for level in all where left > 0 {
            let worth = Double(level.tick) * tickSize * level.size
            chosen.append((level.tick, level.size, min(1, left / worth)))
            left -= worth
        }
        return chosen
    }

    /// Σ size, in whole lots when sizes lie on the grid, so that equal books give equal sums.
    func sum(_ levels: [(tick: Int64, size: Double, share: Double)]) -> Double {
        var lots: Int64 = 0
        var rest = 0.0
        for level in levels.sorted(by: { $0.tick < $1.tick }) {
            let exact = level.size / lotSize
            if abs(exact - exact.rounded()) < 1e-9 && level.share == 1 { lots += Int64(exact.rounded()) } else { rest += exact * level.share }
        }
        return (Double(lots) + rest) * lotSize
    }
}

/// The keys of one node, read without checks.
struct SlowKeys {
    let table: SettingsTable

    func text(_ key: String) -> String? { if case .string(let s)? = table.entry(key)?.value { s } else { nil } }
    func integer(_ key: String) -> Int64? { if case .integer(let i)? = table.entry(key)?.value { i } else { nil } }
    func number(_ key: String) -> Double? {
        switch table.entry(key)?.value {
        case .integer(let i)?: Double(i)
        case .double(let d)?: d
        default: nil
        }
    }
    func ns(_ key: String) -> Int64? { integer(key + "_ns") ?? text(key).flatMap(DurationText.parseNs) }
    func list(_ key: String) -> [String] {
        guard case .array(let items)? = table.entry(key)?.value else { return [] }
        return items.compactMap { if case .string(let s) = $0 { s } else { nil } }
    }
}
