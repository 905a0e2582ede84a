/// Receipt times of a feed's streams: a constant, jitter, and spikes that hit all streams and die
/// away; each stream stays in order, as TCP does, but one may overtake the other.
struct FeedDelay {
    private let latencyNs: Double, jitterNs: Double, spikeNs: Double
    private let spikeProbability: Double
    private var spike = 0.0
    private var lastLocalNs = [Int64](repeating: .min, count: 2)

    init(_ p: MarketParameters) {
        latencyNs = Double(p.latencyNs)
        jitterNs = Double(p.jitterNs)
        spikeNs = Double(p.spikeNs)
        spikeProbability = p.spikesPerMinute / 60_000
    }

    /// One millisecond.
    mutating func step(_ random: inout SeededRandom) {
        spike -= spike * 0.02
        if spike < 1000 { spike = 0 }
        if random.uniform() < spikeProbability { spike += spikeNs * (0.5 + 0.5 * random.exponential()) }
    }

    mutating func localNs(exchangeNs: Int64, stream: Int, _ random: inout SeededRandom) -> Int64 {
        let delay = latencyNs + jitterNs * random.exponential() + spike
        let local = max(exchangeNs + Int64(delay), lastLocalNs[stream])
        lastLocalNs[stream] = local
        return local
    }
}
