/// A rolling 64-bit digest over 64-bit words: what "the same run" means.
///
/// Order matters, every bit counts, and nothing depends on the process. It detects differences;
/// it is not cryptographic. Step: xor the word in, multiply by the golden-ratio constant
/// (Knuth, TAOCP vol. 3, §6.4), fold the high half down.
@frozen
public struct Digest: Equatable, Sendable {
    public var value: UInt64

    @inlinable public init(_ seed: UInt64 = 0xCBF2_9CE4_8422_2325) { value = seed }

    @inlinable public mutating func add(_ word: UInt64) {
        var h = (value ^ word) &* 0x9E37_79B9_7F4A_7C15
        h ^= h >> 32
        self = Digest(h)
    }

    @inlinable public mutating func add(_ word: Int64) { add(UInt64(bitPattern: word)) }

    /// Floats count by their bits, except that every NaN counts as one value
    /// (the sign and payload of a NaN depend on the processor, not on the run).
    @inlinable public mutating func add(_ number: Double) {
        add(number.isNaN ? 0x7FF8_0000_0000_0000 : number.bitPattern)
    }

    /// 16 lower-case hexadecimal digits.
    public var hex: String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
