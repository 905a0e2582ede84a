import Foundation
import HBTTypes

/// Reads and inflates ahead on one background thread.
///
/// Rows come in the order of the source, whatever the threads do; only the time differs. An error is
/// thrown after the rows read before it. The thread ends with the data or with this object.
public final class PrefetchingEventSource: EventFileSource, LendingEventSource {
    /// 1 MiB each: long enough to make handing over cheap, short enough to stay in cache.
    static let rowsPerSlot = 1 << 14

    private let ring: PrefetchRing<MarketEvent>
    private let total: @Sendable () -> Int64?

    /// - Parameters:
    ///   - source: must not be used elsewhere afterwards.
    ///   - slots: buffers of 16 Ki rows, at least 2.
    public convenience init(_ source: sending any EventFileSource, slots: Int = 3) {
        self.init(source, slots: slots, rowsPerSlot: Self.rowsPerSlot)
    }

    init(_ source: sending any EventFileSource, slots: Int, rowsPerSlot: Int) {
        precondition(slots >= 2 && rowsPerSlot > 0, "one buffer is read while another one is filled")
        let ring = PrefetchRing<MarketEvent>(slotCount: slots, slotSize: rowsPerSlot)
        self.ring = ring
        // Handed to the thread, which alone reads from it; `rowsTotal` may be asked from any thread.
        let handed = HandedOver(source)
        total = { handed.source.rowsTotal }
        let thread = Thread { ring.fill({ try handed.source.read(into: $0) }, warnings: { handed.source.warnings }) }
        thread.name = "hbt-prefetch"
        thread.start()
    }

    deinit { ring.stop() }

    public var rowsTotal: Int64? { total() }
    public var warnings: [String] { ring.warnings }

    public func read(into buffer: UnsafeMutableBufferPointer<MarketEvent>) throws -> Int {
        guard !buffer.isEmpty else { return 0 }
        return try ring.take(into: buffer)
    }

    public func lend() throws -> UnsafeBufferPointer<MarketEvent> { try ring.lend() }

    private final class HandedOver: @unchecked Sendable {
        let source: any EventFileSource
        init(_ source: any EventFileSource) { self.source = source }
    }
}
