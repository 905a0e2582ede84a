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
    /// Only methods of ours, and the one reader, reach it, one after the other.
    @exclusivity(unchecked) var rows: LiveFeedRows

    public var clockNs: Int64 { rows.clockNs }
    public var watermarkNs: Int64 { rows.watermarkNs }
    /// Rows whose times had to be moved.
    public var movedRows: Int64 { rows.movedRows }
    /// False after `close`.
    public var isOpen: Bool { rows.isOpen }

    /// - Parameters:
    ///   - reorderNs: how far rows may be out of order on the venue's clock.
    ///   - latencyLimitNs: how long a row may be on its way; also how far the venue's clock may be ahead of ours.
    public init(venue: Venue, reorderNs: Int64 = 100_000_000, latencyLimitNs: Int64 = 5_000_000_000) {
        precondition(reorderNs >= 0 && latencyLimitNs >= 0, "a feed's limits are not negative")
        self.venue = venue
        rows = LiveFeedRows(isSimulated: venue == .simulated, reorderNs: reorderNs, latencyLimitNs: latencyLimitNs)
    }

    deinit { rows.deallocate() }

    /// Adds rows in the order of their receipt.
    public func push(_ rows: UnsafeBufferPointer<MarketEvent>) { self.rows.push(rows) }

    public func push(_ rows: [MarketEvent]) { rows.withUnsafeBufferPointer { push($0) } }

    /// Says that every row received at or before `localNs` has been pushed.
    public func advance(toLocalNs localNs: Int64) { rows.advance(toLocalNs: localNs) }

    /// No more rows will come.
    public func close() { rows.close() }

    /// When the next row that may be played was received; `.max` when there is none.
    @inline(__always) var nextReadyNs: Int64 { rows.ready.isEmpty ? .max : rows.ready.first.pointee.localNs }

    public func read(into buffer: UnsafeMutableBufferPointer<MarketEvent>) throws -> Int { rows.read(into: buffer) }

    /// What a restored state has seen already is not pushed again.
    public func skip(_ rows: Int64) throws -> Int64 { rows }

    /// Up to when everything is known, on the engine's clock; `.max` when closed.
    func knownNs(offsetNs: Int64) -> Int64 { rows.knownNs(offsetNs: offsetNs) }
}
