import HBTTypes

/// Rows in the order of both clocks (semantics: `correct_event_order`), with their flags.
///
/// A row whose place differs between the two orders appears twice, once for each side.
final class MergedRows: EventSource {
    private let byExchange: SortedRows
    private let byLocal: SortedRows
    /// Added to every local time on the way out (semantics: `correct_local_timestamp`); a common
    /// shift changes neither order.
    private let shiftNs: Int64
    /// Keeps the memory that the runs point into.
    private let owner: AnyObject?
    private let path: String
    private var rowsOut = 0
    private var lastExchangeNs = Int64.min, lastLocalNs = Int64.min

    init(byExchange: SortedRows, byLocal: SortedRows, shiftNs: Int64, owner: AnyObject?, path: String) {
        self.byExchange = byExchange
        self.byLocal = byLocal
        self.shiftNs = shiftNs
        self.owner = owner
        self.path = path
    }

    func read(into buffer: UnsafeMutableBufferPointer<MarketEvent>) throws -> Int {
        guard let out = buffer.baseAddress else { return 0 }
        var n = 0
        while n < buffer.count {
            let hasExchange = byExchange.count > 0, hasLocal = byLocal.count > 0
            guard hasExchange || hasLocal else { break }
            let e = byExchange.head, l = byLocal.head
            let room = buffer.count - n
            // Rows of the same times follow each other, and what holds for the first holds for all.
            if hasExchange, hasLocal, e.pointee.exchangeNs == l.pointee.exchangeNs, e.pointee.localNs == l.pointee.localNs {
                let count = Self.sameTimes(e, l, min(room, byExchange.count, byLocal.count))
                try check(e, l, count)
                try put(e, out + n, count, EventFlags.exchange | EventFlags.local)
                try byExchange.advance(count)
                try byLocal.advance(count)
                n += count
            } else if hasExchange, !hasLocal || Self.isFirst(e, l) {
                let count = Self.sameTimes(e, e, min(room, byExchange.count))
                try put(e, out + n, count, EventFlags.exchange)
                try byExchange.advance(count)
                n += count
            } else {
                let count = Self.sameTimes(l, l, min(room, byLocal.count))
                try put(l, out + n, count, EventFlags.local)
                try byLocal.advance(count)
                n += count
            }
        }
        return n
    }

    private static func isFirst(_ e: UnsafePointer<MarketEvent>, _ l: UnsafePointer<MarketEvent>) -> Bool {
        e.pointee.exchangeNs < l.pointee.exchangeNs || (e.pointee.exchangeNs == l.pointee.exchangeNs && e.pointee.localNs < l.pointee.localNs)
    }

    /// How many rows from `a` on, of at most `limit`, have its times, and so have those from `b` on.
    @inline(__always) private static func sameTimes(_ a: UnsafePointer<MarketEvent>, _ b: UnsafePointer<MarketEvent>, _ limit: Int) -> Int {
        let exchangeNs = a.pointee.exchangeNs, localNs = a.pointee.localNs
        var count = 1
        while count < limit, a[count].exchangeNs == exchangeNs, a[count].localNs == localNs,
            a == b || (b[count].exchangeNs == exchangeNs && b[count].localNs == localNs)
        { count += 1 }
        return count
    }

    /// Rows of one time in two orders must be the same ones.
    private func check(_ e: UnsafePointer<MarketEvent>, _ l: UnsafePointer<MarketEvent>, _ count: Int) throws(MarketDataError) {
        guard e != l else { return }
        for i in 0..<count {
            guard e[i].ev == l[i].ev, e[i].quantity == l[i].quantity || (e[i].quantity.isNaN && l[i].quantity.isNaN),
                e[i].price == l[i].price || (e[i].price.isNaN && l[i].price.isNaN)
            else { throw MarketDataError(path: path, row: rowsOut + i, .corrupt("two orders of the same rows disagree at one time")) }
        }
    }

    /// Rows of one time on their way out.
    @inline(__always) private func put(
        _ rows: UnsafePointer<MarketEvent>, _ out: UnsafeMutablePointer<MarketEvent>, _ count: Int, _ flags: UInt64
    ) throws(MarketDataError) {
        let exchangeNs = rows.pointee.exchangeNs, localNs = rows.pointee.localNs &+ shiftNs
        if flags & EventFlags.exchange != 0 {
            guard exchangeNs >= lastExchangeNs else { throw backwards("exch_ts", lastExchangeNs, exchangeNs) }
            lastExchangeNs = exchangeNs
        }
        if flags & EventFlags.local != 0 {
            guard localNs >= lastLocalNs else { throw backwards("local_ts", lastLocalNs, localNs) }
            lastLocalNs = localNs
        }
        for i in 0..<count {
            out[i] = rows[i]
            out[i].ev |= flags
            out[i].localNs = localNs
        }
        rowsOut += count
    }

    private func backwards(_ clock: String, _ previous: Int64, _ current: Int64) -> MarketDataError {
        MarketDataError(path: path, row: rowsOut, .timeWentBackwards(clock: clock, previousNs: previous, currentNs: current))
    }
}
