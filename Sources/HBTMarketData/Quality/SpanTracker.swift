/// Spans of time in which a book is in one bad state, judged between timestamps: while the rows of
/// one timestamp are applied, a book may pass through anything.
struct SpanTracker {
    private(set) var report = FeedReport.Spans()
    private var start: (timeNs: Int64, row: Int)?

    /// The state after all rows of `timeNs`; `row` is the last of them.
    mutating func note(isBad: Bool, timeNs: Int64, row: Int) {
        if isBad {
            guard start == nil else { return }
            start = (timeNs, row)
            report.count += 1
            if report.firstRow == nil { report.firstRow = row }
        } else {
            end(atNs: timeNs)
        }
    }

    mutating func end(atNs timeNs: Int64) {
        guard let open = start else { return }
        let length = timeNs &- open.timeNs
        report.totalNs &+= length
        if length >= report.longestNs {
            report.longestNs = length
            report.longestRow = open.row
        }
        start = nil
    }
}
