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
        var n = 0
        while n < buffer.count {
            let hasExchange = byExchange.count > 0, hasLocal = byLocal.count > 0
            guard hasExchange || hasLocal else { break }
            let flags: UInt64
            if hasExchange, hasLocal {
                let e = byExchange.head.pointee, l = byLocal.head.pointee
                if e.exchangeNs == l.exchangeNs, e.localNs == l.localNs {
                    guard e.ev == l.ev, e.quantity == l.quantity || (e.quantity.isNaN && l.quantity.isNaN),
                        e.price == l.price || (e.price.isNaN && l.price.isNaN)
                    else { throw MarketDataError(path: path, row: rowsOut, .corrupt("two orders of the same rows disagree at one time")) }
                    flags = EventFlags.exchange | EventFlags.local
                } else if e.exchangeNs < l.exchangeNs || (e.exchangeNs == l.exchangeNs && e.localNs < l.localNs) {
                    flags = EventFlags.exchange
                } else {
                    flags = EventFlags.local
                }
            } else {
                flags = hasExchange ? EventFlags.exchange : EventFlags.local
            }
            var row = flags == EventFlags.local ? byLocal.head.pointee : byExchange.head.pointee
            row.ev |= flags
            row.localNs &+= shiftNs
            if flags & EventFlags.exchange != 0 {
                guard row.exchangeNs >= lastExchangeNs else { throw backwards("exch_ts", lastExchangeNs, row.exchangeNs) }
                lastExchangeNs = row.exchangeNs
                try byExchange.advance(1)
            }
            if flags & EventFlags.local != 0 {
                guard row.localNs >= lastLocalNs else { throw backwards("local_ts", lastLocalNs, row.localNs) }
                lastLocalNs = row.localNs
                try byLocal.advance(1)
            }
            buffer[n] = row
            n += 1
            rowsOut += 1
        }
        return n
    }

    private func backwards(_ clock: String, _ previous: Int64, _ current: Int64) -> MarketDataError {
        MarketDataError(path: path, row: rowsOut, .timeWentBackwards(clock: clock, previousNs: previous, currentNs: current))
    }
}
