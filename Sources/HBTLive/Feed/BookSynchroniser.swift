import HBTTypes

/// Joins snapshots and depth diffs of one symbol into rows that are a book, or says that there is none.
///
/// Without input or output: messages and times go in, rows and wishes come out. Diffs are kept (bounded) until a
/// snapshot joins them; after a gap everything is kept again until the next snapshot does, and no row is given
/// meanwhile, so that nobody quotes on a book with a hole in it.
///
/// With several connections every diff comes more than once: one that is already in the book is dropped, and a gap
/// is only a gap when no connection has filled it within `gapPatienceNs`.
public struct BookSynchroniser {
    public enum State: Equatable, Sendable {
        /// No snapshot joins what came after it.
        case waiting
        /// A snapshot is there; the diff that follows it is not yet.
        case aligning
        case synchronised
    }

    /// What happened, for logs and metrics.
    public struct Counts: Equatable, Sendable {
        public var diffs: Int64 = 0
        public var duplicates: Int64 = 0
        public var gaps: Int64 = 0
        public var snapshots: Int64 = 0
        /// Snapshots older than everything that was kept.
        public var uselessSnapshots: Int64 = 0
        public var overflows: Int64 = 0
    }

    let rule: DepthRule
    private let gapPatienceNs: Int64
    public private(set) var state = State.waiting
    public private(set) var counts = Counts()
    /// `u` of the book.
    public private(set) var bookId: Int64?
    /// Receipt of the newest diff.
    public private(set) var newestLocalNs: Int64?
    /// The book has been given before: what it holds beyond a snapshot's depth must go.
    private var hasGivenRows = false
    private var kept: DiffBuffer
    private var snapshot = SnapshotLevels()
    /// When the oldest diff behind a gap came.
    private var gapSinceNs: Int64?
    private var wantsSnapshot = true

    /// - Parameters:
    ///   - gapPatienceNs: 0 with one connection.
    ///   - mostKeptLevels: diffs kept while there is no book; beyond, all are dropped and the wait starts again.
    public init(rule: DepthRule, gapPatienceNs: Int64 = 0, mostKeptLevels: Int = 1 << 20) {
        self.rule = rule
        self.gapPatienceNs = gapPatienceNs
        kept = DiffBuffer(mostLevels: mostKeptLevels)
    }

    /// A snapshot is wanted and none has been asked for; true once.
    public mutating func takeSnapshotWish() -> Bool {
        defer { wantsSnapshot = false }
        return wantsSnapshot
    }

    /// The snapshot that was asked for did not come; the wish stands again.
    public mutating func snapshotFailed() { if state != .synchronised { wantsSnapshot = true } }

    /// The book ends here: connection lost, listening anew.
    public mutating func disconnected() {
        lose()
        kept.removeAll()
    }

    /// A diff arrived; rows that are ready are appended.
    public mutating func add(
        _ diff: DepthDiff, bids: UnsafeBufferPointer<DepthLevel>, asks: UnsafeBufferPointer<DepthLevel>, to rows: inout RowList
    ) {
        counts.diffs += 1
        newestLocalNs = max(newestLocalNs ?? diff.localNs, diff.localNs)
        guard diff.firstId <= diff.lastId else {
            // Ids that contradict themselves: nothing they say can be trusted.
            counts.gaps += 1
            return disconnected()
        }
        if state == .synchronised, let bookId {
            if diff.lastId <= bookId {
                counts.duplicates += 1
                return
            }
            if rule.follows(diff, bookId) {
                give(diff, bids, asks, to: &rows)
                if !kept.isEmpty { giveKept(at: diff.localNs, to: &rows) }
                return
            }
            if gapSinceNs == nil { gapSinceNs = diff.localNs }
        }
        keep(diff, bids, asks)
        switch state {
        case .synchronised: noteTime(diff.localNs)
        case .aligning: align(at: diff.localNs, to: &rows)
        case .waiting: break
        }
    }

    /// A snapshot arrived.
    ///
    /// - Parameter exchangeNs: as the venue has it; nil (spot) takes the time of the diff that it follows.
    public mutating func addSnapshot(
        lastId: Int64, exchangeNs: Int64?, localNs: Int64, bids: UnsafeBufferPointer<DepthLevel>, asks: UnsafeBufferPointer<DepthLevel>,
        to rows: inout RowList
    ) {
        counts.snapshots += 1
        guard state != .synchronised else { return }
        snapshot.set(lastId: lastId, exchangeNs: exchangeNs, localNs: localNs, bids: bids, asks: asks)
        state = .aligning
        align(at: localNs, to: &rows)
    }

    /// Time passes: a gap that nobody has filled becomes one.
    public mutating func noteTime(_ localNs: Int64) {
        guard state == .synchronised, let since = gapSinceNs, localNs &- since >= gapPatienceNs else { return }
        counts.gaps += 1
        lose()
    }

    private mutating func lose() {
        state = .waiting
        bookId = nil
        gapSinceNs = nil
        wantsSnapshot = true
    }

    private mutating func keep(_ diff: DepthDiff, _ bids: UnsafeBufferPointer<DepthLevel>, _ asks: UnsafeBufferPointer<DepthLevel>) {
        guard kept.append(diff, bids, asks) else { return }
        counts.overflows += 1
        if state != .waiting { lose() }
    }

    /// Looks for the diff that opens the snapshot.
    private mutating func align(at localNs: Int64, to rows: inout RowList) {
        kept.removeFirst(while: { rule.isOld($0, snapshot.lastId) })
        // All kept diffs are in the snapshot: the next one may join it.
        guard let first = kept.first else { return }
        guard rule.opens(first, snapshot.lastId) else {
            // The snapshot ends before the kept diffs begin: a newer one is needed.
            counts.uselessSnapshots += 1
            state = .waiting
            wantsSnapshot = true
            return
        }
        let exchangeNs = snapshot.exchangeNs ?? first.exchangeNs
        snapshot.give(exchangeNs: exchangeNs, localNs: localNs, clearsAll: hasGivenRows, to: &rows)
        hasGivenRows = true
        state = .synchronised
        bookId = nil
        giveKept(at: localNs, to: &rows)
    }

    /// Gives kept diffs as long as they follow; the first after a snapshot needs no predecessor.
    private mutating func giveKept(at localNs: Int64, to rows: inout RowList) {
        gapSinceNs = nil
        while let diff = kept.first {
            if let bookId {
                if diff.lastId <= bookId {
                    kept.removeFirst()
                    continue
                }
                guard rule.follows(diff, bookId) else {
                    gapSinceNs = diff.localNs
                    noteTime(localNs)
                    return
                }
            }
            var late = diff
            late.localNs = localNs
            kept.withFirst { give(late, $0, $1, to: &rows) }
            kept.removeFirst()
        }
    }

    private mutating func give(
        _ diff: DepthDiff, _ bids: UnsafeBufferPointer<DepthLevel>, _ asks: UnsafeBufferPointer<DepthLevel>, to rows: inout RowList
    ) {
        bookId = diff.lastId
        rows.append(bids, side: EventFlags.buy, kind: EventKind.depth, exchangeNs: diff.exchangeNs, localNs: diff.localNs)
        rows.append(asks, side: EventFlags.sell, kind: EventKind.depth, exchangeNs: diff.exchangeNs, localNs: diff.localNs)
    }
}
