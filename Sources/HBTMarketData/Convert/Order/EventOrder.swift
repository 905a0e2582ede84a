import HBTTypes

/// The corrections every converter ends with, on arrays (HftBacktest's data tools).
public enum EventOrder {
    /// Puts rows into the order of both clocks and sets their EXCH and LOCAL flags.
    ///
    /// `rows` carry neither flag yet. A row whose place by exchange time is incompatible with its
    /// place by local time appears twice: exchange-only and local-only. At most 2 × `rows.count` rows
    /// result; rows of equal times keep their order.
    /// - Throws: `corrupt`, when two rows of equal times end up paired with each other.
    public static func correct(_ rows: [MarketEvent]) throws -> [MarketEvent] {
        let spool = RowSpool(capacity: max(rows.count, 1), directory: nil)
        var lastExchange: Int64 = 0, lastLocal: Int64 = 0
        for row in rows {
            if spool.total == 0 || row.exchangeNs != lastExchange || row.localNs != lastLocal {
                spool.beginGroup(exchangeNs: row.exchangeNs, localNs: row.localNs)
                (lastExchange, lastLocal) = (row.exchangeNs, row.localNs)
            }
            try spool.append(row)
        }
        return try spool.finish(shiftNs: 0, path: "").readAll()
    }

    /// Makes a local clock that runs behind the venue's plausible: when the smallest feed latency m
    /// (local − exchange) is negative, every local time grows by −m + `baseLatencyNs`.
    ///
    /// - Returns: what was added; 0, with `rows` untouched, when no latency is negative.
    @discardableResult
    public static func correctLocalTimestamp(_ rows: inout [MarketEvent], baseLatencyNs: Int64) -> Int64 {
        guard let m = rows.lazy.map({ $0.localNs &- $0.exchangeNs }).min(), m < 0 else { return 0 }
        let shift = (0 &- m) &+ baseLatencyNs
        for i in rows.indices { rows[i].localNs &+= shift }
        return shift
    }

    /// The same with a floating-point base latency, as HftBacktest does it: the sum is taken in double
    /// precision and truncated, so that times of this century become multiples of 256 ns.
    public static func correctLocalTimestamp(_ rows: inout [MarketEvent], baseLatency: Double) {
        guard let m = rows.lazy.map({ $0.localNs &- $0.exchangeNs }).min(), m < 0 else { return }
        let shift = Double(0 &- m) + baseLatency
        for i in rows.indices { rows[i].localNs = saturatingInt64(Double(rows[i].localNs) + shift) }
    }

    /// The first violation of the order the engine relies on, or nil: exchange times must not
    /// decrease among EXCH rows (checked first, over all rows), local times among LOCAL rows.
    public static func validate(_ rows: [MarketEvent]) -> EventOrderFault? {
        var last = Int64.min
        for (i, row) in rows.enumerated() where row.has(EventFlags.exchange) {
            if row.exchangeNs < last { return EventOrderFault(clock: .exchange, row: i, previousNs: last, currentNs: row.exchangeNs) }
            last = row.exchangeNs
        }
        last = .min
        for (i, row) in rows.enumerated() where row.has(EventFlags.local) {
            if row.localNs < last { return EventOrderFault(clock: .local, row: i, previousNs: last, currentNs: row.localNs) }
            last = row.localNs
        }
        return nil
    }
}

/// Where rows break the order of one clock.
public struct EventOrderFault: Equatable, Sendable {
    public enum Clock: String, Equatable, Sendable {
        case exchange, local
    }
    public var clock: Clock
    /// Counted from 0.
    public var row: Int
    public var previousNs: Int64
    public var currentNs: Int64
}

/// Truncates toward zero, saturating; NaN becomes 0.
func saturatingInt64(_ x: Double) -> Int64 {
    if x.isNaN { return 0 }
    if x >= 0x1p63 { return .max }
    if x < -0x1p63 { return .min }
    return Int64(x)
}

extension EventSource {
    /// Every remaining row; for tests and small data, since memory grows with the data.
    func readAll() throws -> [MarketEvent] {
        let block = UnsafeMutableBufferPointer<MarketEvent>.allocate(capacity: 4096)
        defer { block.deallocate() }
        var rows: [MarketEvent] = []
        while true {
            let n = try read(into: block)
            if n == 0 { return rows }
            rows.append(contentsOf: block[..<n])
        }
    }
}
