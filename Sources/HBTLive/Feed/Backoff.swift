import HBTMarketData

/// How long to wait before trying again: doubling, with jitter, up to a limit. Seeded, so that it can be replayed.
public struct Backoff: Sendable {
    private let firstNs: Int64
    private let mostNs: Int64
    private var attempts = 0
    private var random: SeededRandom

    public init(firstNs: Int64 = 250_000_000, mostNs: Int64 = 60_000_000_000, seed: UInt64) {
        self.firstNs = max(firstNs, 1)
        self.mostNs = max(mostNs, firstNs, 1)
        random = SeededRandom(seed: seed)
    }

    /// Between half and the whole of first × 2ⁿ.
    public mutating func next() -> Int64 {
        var ns = firstNs
        for _ in 0..<min(attempts, 62) where ns < mostNs { ns = ns > mostNs / 2 ? mostNs : ns * 2 }
        attempts += 1
        return ns / 2 + Int64(random.uniform() * Double(ns - ns / 2))
    }

    public mutating func reset() { attempts = 0 }
}
