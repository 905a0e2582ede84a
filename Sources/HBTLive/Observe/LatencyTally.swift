/// How long things took, counted in bins a quarter of a doubling wide, from 100 ns to beyond 100 s.
public struct LatencyTally: Sendable, Encodable {
    private static let lowest = 100.0
    private static let perDoubling = 4
    private static let bins = 128
    private var counts = [Int64](repeating: 0, count: LatencyTally.bins)
    public private(set) var count: Int64 = 0
    public private(set) var sumNs = 0.0
    public private(set) var mostNs: Int64 = 0

    public init() {}

    public mutating func add(_ ns: Int64) {
        let ns = max(ns, 0)
        counts[Self.bin(ns)] += 1
        count += 1
        sumNs += Double(ns)
        mostNs = max(mostNs, ns)
    }

    /// Upper edge of the bin in which the share `q` of all is reached; 0 when there are none.
    public func quantileNs(_ q: Double) -> Int64 {
        guard count > 0 else { return 0 }
        var left = Int64((q * Double(count)).rounded(.up))
        left = min(max(left, 1), count)
        for (bin, n) in counts.enumerated() {
            left -= n
            if left <= 0 { return min(Int64(Self.edge(bin)), mostNs) }
        }
        return mostNs
    }

    /// How many took at most `ns`, to the width of a bin.
    public func count(atMost ns: Int64) -> Int64 { counts[...Self.bin(ns)].reduce(0, +) }

    private static func bin(_ ns: Int64) -> Int {
        var edge = lowest, bin = 0
        // A table would be faster; this is off every hot path, and the edges are exact.
        while bin < bins - 1, Double(ns) > edge {
            bin += 1
            edge = Self.edge(bin)
        }
        return bin
    }

    private static func edge(_ bin: Int) -> Double {
        let quarters = [1.0, 1.189207115002721, 1.4142135623730951, 1.681792830507429]
        return lowest * Double(UInt64(1) << UInt64(bin / perDoubling)) * quarters[bin % perDoubling]
    }

    private enum CodingKeys: String, CodingKey { case count, p50Ns, p99Ns, mostNs }

    public func encode(to encoder: any Encoder) throws {
        var out = encoder.container(keyedBy: CodingKeys.self)
        try out.encode(count, forKey: .count)
        try out.encode(quantileNs(0.5), forKey: .p50Ns)
        try out.encode(quantileNs(0.99), forKey: .p99Ns)
        try out.encode(mostNs, forKey: .mostNs)
    }
}
