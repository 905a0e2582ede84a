import HBTTypes

/// The part of the inspection that each side (exchange, local) does by its own clock.
struct SideInspector {
    private var side = FeedReport.Side()
    private var book: InspectedBook
    private var crossed = SpanTracker(), locked = SpanTracker()
    private var lastNs: Int64?
    private var lastRow = 0
    private var firstNs = Int64.max, latestNs = Int64.min
    private let silenceNs: Int64

    init(book: InspectedBook, silenceNs: Int64) {
        self.book = book
        self.silenceNs = silenceNs
    }

    mutating func add(_ row: MarketEvent, timeNs: Int64, row index: Int) {
        side.rows += 1
        if let lastNs, timeNs != lastNs {
            judgeBook(atNs: lastNs)
            step(fromNs: lastNs, toNs: timeNs, index)
        }
        firstNs = min(firstNs, timeNs)
        latestNs = max(latestNs, timeNs)
        lastNs = timeNs
        lastRow = index
        book.apply(row)
    }

    private mutating func step(fromNs: Int64, toNs: Int64, _ index: Int) {
        guard toNs > fromNs else { return side.reversals.add(index) }
        let (length, overflow) = toNs.subtractingReportingOverflow(fromNs)
        let silence = overflow ? Int64.max : length
        if silence > side.longestSilence?.lengthNs ?? 0 { side.longestSilence = .init(lengthNs: silence, fromNs: fromNs, row: index) }
        if silence > silenceNs { side.silences.add(index) }
    }

    private mutating func judgeBook(atNs timeNs: Int64) {
        let state = book.state
        crossed.note(isBad: state == .crossed, timeNs: timeNs, row: lastRow)
        locked.note(isBad: state == .locked, timeNs: timeNs, row: lastRow)
    }

    func finish() -> FeedReport.Side {
        var copy = self
        if let lastNs {
            copy.judgeBook(atNs: lastNs)
            copy.side.span = .init(firstNs: firstNs, lastNs: latestNs)
            copy.crossed.end(atNs: lastNs)
            copy.locked.end(atNs: lastNs)
        }
        copy.side.crossed = copy.crossed.report
        copy.side.locked = copy.locked.report
        return copy.side
    }
}
