import HBTTypes

/// Data that begins anew when it ends, with its times shifted: a market for as long as anyone watches.
///
/// Each new turn begins where the last one ended, a nanosecond later, and clears the book in the same instant as its
/// first row, so that followers of the depth stream see one message whose ids go on. The price jumps there.
public final class LoopedRows: EventSource {
    private let make: () throws -> any EventSource
    private var source: any EventSource
    /// Added to the times of this turn.
    private var shiftNs: Int64 = 0
    /// Of the data as recorded.
    private var firstNs: Int64?
    private var lastNs = Int64.min

    /// - Parameter make: opens the data from its start; called again for each turn.
    public init(_ make: @escaping () throws -> any EventSource) throws {
        self.make = make
        source = try make()
    }

    /// - Parameter buffer: for two rows at least.
    /// - Returns: 0 only for data without a row, which have no turns.
    public func read(into buffer: UnsafeMutableBufferPointer<MarketEvent>) throws -> Int {
        precondition(buffer.count > 1, "a turn begins with two rows")
        var count = try source.read(into: buffer)
        if count == 0 {
            guard let firstNs else { return 0 }
            shiftNs = shiftNs &+ (lastNs &- firstNs) &+ 1
            source = try make()
            lastNs = .min
            count = try source.read(into: UnsafeMutableBufferPointer(rebasing: buffer[1...]))
            guard count > 0 else { return 0 }
            buffer[0] = MarketEvent(
                ev: EventFlags.exchange | EventFlags.local | UInt64(EventKind.depthClear), exchangeNs: buffer[1].exchangeNs,
                localNs: buffer[1].localNs, price: .nan, quantity: 0)
            count += 1
        }
        for i in 0..<count {
            if firstNs == nil { firstNs = buffer[i].exchangeNs }
            lastNs = max(lastNs, buffer[i].exchangeNs)
            buffer[i].exchangeNs &+= shiftNs
            buffer[i].localNs &+= shiftNs
        }
        return count
    }
}
