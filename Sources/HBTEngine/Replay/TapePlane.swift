import HBTTypes

/// One asset's book as it reached us, with its memory: of one run, or of many that go through the same
/// market together (`SweepRun`).
final class TapePlane {
    // A wake-up touches it many times, and nobody else has it in hand meanwhile.
    @exclusivity(unchecked) var local: TapeLocal
    /// Counts up whenever rows have come in that nobody follows.
    @exclusivity(unchecked) var version = 0
    private let memory: TapeBookMemory

    init(source: any TapeSource, header: TapeHeader, keepsTrades: Bool) throws {
        memory = TapeBookMemory(header: header, hasSums: true)
        local = try TapeLocal(source: source, header: header, memory: memory, keepsTrades: keepsTrades)
    }
}

extension TapeCore {
    /// Whether both stand at the same row of the same market.
    func isBeside(_ other: TapeCore) -> Bool {
        header == other.header && source === other.source && !keepsTrades && !other.keepsTrades
            && local.cursor == other.local.cursor
    }

    /// Gives up the books of its own for those of `other`, beside which it stands.
    func join(_ other: TapeCore) {
        plane = other.plane
        guard cursorMode == .index, other.cursorMode == .index else { return }
        venue = other.venue
        let best = (exchange.book.bestBidTick, exchange.book.bestAskTick)
        exchange.book = venue.memory.book(header, watches: watches)
        (exchange.book.bestBidTick, exchange.book.bestAskTick) = best
    }
}
