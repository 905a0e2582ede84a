/// xoshiro256** (D. Blackman, S. Vigna, 2018), seeded by splitmix64.
///
/// Every derived variate uses only integer operations and IEEE additions, multiplications, divisions
/// and square roots, all of which are exact to the last bit on every machine; no logarithm, no sine.
public struct SeededRandom: Sendable {
    private var s0: UInt64, s1: UInt64, s2: UInt64, s3: UInt64

    public init(seed: UInt64) {
        var state = seed
        func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
        (s0, s1, s2, s3) = (next(), next(), next(), next())
    }

    public mutating func next() -> UInt64 {
        let x = s1 &* 5
        let result = ((x << 7) | (x >> 57)) &* 9
        let t = s1 << 17
        s2 ^= s0
        s3 ^= s1
        s1 ^= s2
        s0 ^= s3
        s2 ^= t
        s3 = (s3 << 45) | (s3 >> 19)
        return result
    }

    /// In [0, 1), a multiple of 2⁻⁵³.
    public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// In 0..<n; n must be positive. The bias of the multiplication is below n/2⁶⁴.
    public mutating func below(_ n: Int) -> Int {
        Int(truncatingIfNeeded: next().multipliedFullWidth(by: UInt64(n)).high)
    }

    /// Mean 0, variance 1, bounded by ±3.47: the sum of four uniform numbers, close enough to normal
    /// for price noise and free of libm.
    public mutating func bell() -> Double {
        let x = next()
        let sum = (x & 0xFFFF) &+ ((x >> 16) & 0xFFFF) &+ ((x >> 32) & 0xFFFF) &+ (x >> 48)
        // The sum has mean 2 × 65535 and variance 4 × (2³² − 1) / 12.
        return (Double(sum) - 131_070) / 37_837.226988
    }

    /// Exponential with mean 1, by comparing uniform numbers only (J. von Neumann, 1951).
    public mutating func exponential() -> Double {
        var whole = 0.0
        while true {
            let first = uniform()
            var previous = first, isOdd = true
            while true {
                let x = uniform()
                if x >= previous { break }
                previous = x
                isOdd.toggle()
            }
            if isOdd { return whole + first }
            whole += 1
        }
    }

    /// Pareto with exponent 2: at least 1, mean 2, heavy tail, cut at `limit`.
    public mutating func heavyTail(limit: Double) -> Double {
        min(1 / (1 - uniform()).squareRoot(), limit)
    }
}
