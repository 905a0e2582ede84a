import HBTMarketData
import HBTTypes

/// Market data that says something else after a moment: prices, quantities, sides and kinds of every
/// later row are drawn anew; rows up to then, and all times, stay as they are.
final class PerturbedSource: EventSource {
    private let base: any EventSource
    private let afterNs: Int64
    private let tickSize: Double
    private let lotSize: Double
    private var random: SeededRandom

    /// - Parameter afterNs: the last local time that is left alone.
    init(_ base: any EventSource, afterNs: Int64, spec: AssetSpec, seed: UInt64) {
        self.base = base
        self.afterNs = afterNs
        tickSize = spec.tickSize
        lotSize = spec.lotSize
        random = SeededRandom(seed: seed)
    }

    func read(into buffer: UnsafeMutableBufferPointer<MarketEvent>) throws -> Int {
        let count = try base.read(into: buffer)
        for i in 0..<count where buffer[i].localNs > afterNs { perturb(&buffer[i]) }
        return count
    }

    private func perturb(_ row: inout MarketEvent) {
        switch row.kind {
        case EventKind.depth, EventKind.depthSnapshot, EventKind.trade: break
        default: return
        }
        let sides = EventFlags.buy | EventFlags.sell
        if row.ev & sides != 0 { row.ev = row.ev & ~sides | (random.below(2) == 0 ? EventFlags.buy : EventFlags.sell) }
        row.ev = row.ev & ~0xFF | UInt64(random.below(3) == 0 ? EventKind.trade : EventKind.depth)
        // A few per cent off, and other sizes: nothing computed from these rows can stay as it was.
        row.price = (row.price * (0.97 + 0.06 * random.uniform()) / tickSize).rounded() * tickSize
        row.quantity = Double(1 + random.below(100_000)) * lotSize
    }
}
