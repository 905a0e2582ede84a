import HBTTypes

/// Market rows of one asset as they come in: an `EventSource` that grows.
///
/// Rows are pushed in the order of their receipt. What is known is a promise about both clocks:
/// - ours: every row received at or before `clockNs` is here (`advance` says so; a row pushed at r says it of r − 1);
/// - the venue's: every row that happened at or before `watermarkNs` is here. The watermark is just
///   before the newest venue time less `reorderNs`, or our clock less `latencyLimitNs`, whichever is later, and
///   never goes back.
///
/// A run plays no further than both promises reach, so it never has to take anything back. A row that breaks a
/// promise is moved to the first moment that is still open: its times, not its place in the order, give way.
/// The engine, and any recording made from `read`, see the moved times.
public final class LiveFeed: EventSource {
    /// Where orders of this asset go.
    public enum Venue: Sendable {
        /// To the engine's own exchange side, which plays these rows too.
        case simulated
        /// Out of the engine (`Backtest.takeLiveRequests`); answers come back by `Backtest.receive`.
        case outside
    }
    public let venue: Venue
    private let reorderNs: Int64
    private let latencyLimitNs: Int64
    public internal(set) var clockNs = Int64.min
    public internal(set) var watermarkNs = Int64.min
    /// Rows whose times had to be moved.
    public internal(set) var movedRows: Int64 = 0
    /// False after `close`.
    public internal(set) var isOpen = true
    /// Rows for the simulated venue that the watermark has not passed, in order of venue time.
    var held: [MarketEvent] = []
    var heldHead = 0
    var ready = RowRing<MarketEvent>(capacity: 1_024)

    /// - Parameters:
    ///   - reorderNs: how far rows may be out of order on the venue's clock.
    ///   - latencyLimitNs: how long a row may be on its way; also how far the venue's clock may be ahead of ours.
    public init(venue: Venue, reorderNs: Int64 = 100_000_000, latencyLimitNs: Int64 = 5_000_000_000) {
        precondition(reorderNs >= 0 && latencyLimitNs >= 0, "a feed's limits are not negative")
        self.venue = venue
        self.reorderNs = reorderNs
        self.latencyLimitNs = latencyLimitNs
    }

    deinit { ready.deallocate() }

    /// Adds rows in the order of their receipt.
    public func push(_ rows: UnsafeBufferPointer<MarketEvent>) {
        precondition(isOpen, "a closed feed takes no rows")
        ready.reserve(2 * rows.count)
        for row in rows { add(row) }
        release()
    }

    public func push(_ rows: [MarketEvent]) { rows.withUnsafeBufferPointer { push($0) } }

    /// Says that every row received at or before `localNs` has been pushed.
    public func advance(toLocalNs localNs: Int64) {
        guard isOpen, localNs > clockNs else { return }
        clockNs = localNs
        raise(to: earlier(localNs, by: latencyLimitNs))
        release()
    }

    /// No more rows will come.
    public func close() {
        isOpen = false
        clockNs = .max
        watermarkNs = .max
        release()
    }

    public func read(into buffer: UnsafeMutableBufferPointer<MarketEvent>) throws -> Int {
        let count = min(buffer.count, ready.count)
        for i in 0..<count {
            buffer[i] = ready.first.pointee
            ready.removeFirst()
        }
        return count
    }

    /// What a restored state has seen already is not pushed again.
    public func skip(_ rows: Int64) throws -> Int64 { rows }

    /// Up to when everything is known, on the engine's clock; `.max` when closed.
    func knownNs(offsetNs: Int64) -> Int64 {
        guard isOpen else { return .max }
        guard clockNs != .min else { return .min }
        let localNs = offsetNs >= 0 ? later(clockNs, by: offsetNs) : earlier(clockNs, by: 0 &- offsetNs)
        return venue == .simulated ? min(localNs, watermarkNs) : localNs
    }

    private func add(_ pushed: MarketEvent) {
        var row = pushed
        if row.ev & EventFlags.local != 0 {
            if row.localNs <= clockNs {
                row.localNs = later(clockNs, by: 1)
                movedRows += 1
            }
            clockNs = row.localNs &- 1
        }
        guard venue == .simulated else {
            row.ev &= ~EventFlags.exchange
            ready.append(row)
            return
        }
        if row.exchangeNs <= watermarkNs {
            row.exchangeNs = later(watermarkNs, by: 1)
            movedRows += 1
        }
        // One row with an absurd time must not carry the watermark away with it.
        let newestNs = min(row.exchangeNs, later(row.localNs, by: latencyLimitNs))
        if row.ev & EventFlags.local != 0 {
            var local = row
            local.ev &= ~EventFlags.exchange
            ready.append(local)
        }
        if row.ev & EventFlags.exchange != 0 {
            row.ev &= ~EventFlags.local
            hold(row)
        }
        raise(to: max(earlier(earlier(newestNs, by: reorderNs), by: 1), earlier(clockNs, by: latencyLimitNs)))
    }

    /// Rows of one venue time stay in the order of their receipt.
    private func hold(_ row: MarketEvent) {
        held.append(row)
        var i = held.count - 1
        while i > heldHead && held[i - 1].exchangeNs > row.exchangeNs {
            held[i] = held[i - 1]
            i -= 1
        }
        held[i] = row
    }

    private func raise(to ns: Int64) { watermarkNs = max(watermarkNs, ns) }

    private func release() {
        while heldHead < held.count && held[heldHead].exchangeNs <= watermarkNs {
            ready.reserve(1)
            ready.append(held[heldHead])
            heldHead += 1
        }
        if heldHead == held.count {
            held.removeAll(keepingCapacity: true)
            heldHead = 0
        } else if heldHead >= 1_024 && heldHead * 2 >= held.count {
            held.removeFirst(heldHead)
            heldHead = 0
        }
    }

    private func earlier(_ ns: Int64, by span: Int64) -> Int64 {
        let (difference, isOverflow) = ns.subtractingReportingOverflow(span)
        return isOverflow ? .min : difference
    }
}
