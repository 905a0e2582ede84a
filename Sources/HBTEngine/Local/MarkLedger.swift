import HBTTypes

/// Mark prices and funding of one asset as time reaches them, and what became of the position by them.
///
/// Between two executions a position does not change, so nothing has to happen at the moment itself: rows are gone
/// through before each execution is booked and at the end of each stretch of time, in the order of their times.
struct MarkLedger {
    private let source: (any MarkRowSource)?
    private var rows: [MarkRow] = []
    private var next = 0
    private var nextFile = 0
    private var loadedFile = -1
    /// Newest mark price; NaN before the first.
    private(set) var markPrice = Double.nan
    /// Average price of the position; NaN without one.
    private(set) var entryPrice = Double.nan
    /// Paid so far, less what was received; in the currency of the balance.
    var fundingPaid = 0.0
    private(set) var failure: (any Error)?

    init(_ source: (any MarkRowSource)?) { self.source = source }

    /// Rows that come while the run goes on.
    mutating func append(_ row: MarkRow) {
        if next == rows.count {
            rows.removeAll(keepingCapacity: true)
            next = 0
        }
        // A row cannot change what has been gone through.
        var row = row
        if let last = rows.last { row.localNs = max(row.localNs, last.localNs) }
        rows.append(row)
    }

    /// The next row at or before `ns`.
    mutating func take(upTo ns: Int64) -> MarkRow? {
        while next == rows.count {
            guard failure == nil, let source, nextFile < source.fileCount else { return nil }
            do { rows = try source.rows(ofFile: nextFile) } catch { failure = error }
            (next, loadedFile) = (0, nextFile)
            nextFile += 1
        }
        let row = rows[next]
        guard row.localNs <= ns else { return nil }
        next += 1
        if row.markPrice.isFinite && row.markPrice > 0 { markPrice = row.markPrice }
        return row
    }

    /// An execution of `signed` (negative for a sale) on top of `position`.
    mutating func book(position: Double, signed: Double, price: Double, contract: ContractSpec) {
        let after = position + signed
        if after == 0 {
            entryPrice = .nan
        } else if position == 0 || !entryPrice.isFinite || (position < 0) != (after < 0) {
            entryPrice = price
        } else if (position < 0) == (signed < 0) {
            switch contract {
            case .linear: entryPrice = (entryPrice * position + price * signed) / after
            case .inverse: entryPrice = after / (position / entryPrice + signed / price)
            }
        }
    }

    /// The price at which the margin of a position is gone; nil while `margin` still carries it.
    func bankruptcyPrice(_ margin: MarginSpec, position: Double, contract: ContractSpec) -> Double? {
        guard position != 0, markPrice.isFinite, entryPrice.isFinite else { return nil }
        let sign = position < 0 ? -1.0 : 1.0
        switch contract {
        case .linear:
            let left = entryPrice / margin.leverage + sign * (markPrice - entryPrice)
            guard left <= margin.maintenance * markPrice else { return nil }
            return entryPrice * (1 - sign / margin.leverage)
        case .inverse:
            let left = 1 / (entryPrice * margin.leverage) + sign * (1 / entryPrice - 1 / markPrice)
            guard left <= margin.maintenance / markPrice else { return nil }
            return entryPrice / (1 + sign / margin.leverage)
        }
    }

    func encode(into out: inout StateWriter) {
        out.begin("MARK")
        out.put(loadedFile)
        out.put(next)
        out.put(nextFile)
        out.put(markPrice)
        out.put(entryPrice)
        out.put(fundingPaid)
        // Rows of files are read again; those that came by themselves are nowhere else.
        out.putRaw(source == nil ? rows : [])
    }

    mutating func restore(from input: inout StateReader) throws {
        try input.expect("MARK")
        loadedFile = try input.int()
        let place = try input.int()
        nextFile = try input.int()
        markPrice = try input.double()
        entryPrice = try input.double()
        fundingPaid = try input.double()
        let kept: [MarkRow] = try input.raw()
        if let source {
            guard loadedFile < source.fileCount, nextFile <= source.fileCount else { throw StateError("the state holds more files of mark prices") }
            rows = loadedFile >= 0 ? try source.rows(ofFile: loadedFile) : []
        } else {
            rows = kept
        }
        guard place >= 0, place <= rows.count, nextFile >= 0 else { throw StateError("the state's place among the mark prices is not in them") }
        next = place
    }
}
