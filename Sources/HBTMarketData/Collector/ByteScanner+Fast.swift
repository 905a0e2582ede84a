import HBTTypes

/// Eight bytes at a time; the slack behind a line makes every load legal.
extension ByteScanner {
    /// The top bit of each byte that ends a plain run of string: a quote, a backslash or a control byte;
    /// exact up to and including the first.
    @inline(__always)
    private static func stringEnds(_ word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101, tops: UInt64 = 0x8080_8080_8080_8080
        let quote = word ^ (ones &* 0x22), slash = word ^ (ones &* 0x5C)
        return (((quote &- ones) & ~quote) | ((slash &- ones) & ~slash) | ((word &- ones &* 0x20) & ~word)) & tops
    }

    /// Moves over plain bytes of a string to its quote, or to the first byte that is none.
    @inline(__always)
    mutating func skipPlain() {
        while true {
            let marks = Self.stringEnds(EightBytes.load(p))
            p += marks.trailingZeroBitCount >> 3
            if marks != 0 { return }
        }
    }

    /// A decimal number in quotes of up to 7 digits before the point and 8 behind it, the cursor after its
    /// closing quote; nil, and the cursor where it was, for everything else, which `decimal` then reads.
    ///
    /// Correctly rounded for the same reason as there.
    @inline(__always)
    mutating func quickDecimal(_ powers: UnsafePointer<Double>) -> Double? {
        let word = EightBytes.load(p + 1)
        let whole = EightBytes.nonDigits(word).trailingZeroBitCount &>> 3
        guard p.pointee == UInt8(ascii: "\""), whole &- 1 < 7, whole > 0 else { return nil }
        let after = UInt8(truncatingIfNeeded: word &>> UInt64(whole &* 8))
        let units = EightBytes.digits(word &<< UInt64(64 &- whole &* 8))
        if after == UInt8(ascii: "\"") {
            p += whole &+ 2
            return Double(Int64(bitPattern: units))
        }
        let fraction = EightBytes.load(p + whole + 2)
        let count = EightBytes.nonDigits(fraction).trailingZeroBitCount &>> 3
        guard after == UInt8(ascii: "."), count > 0, p[whole &+ 2 &+ count] == UInt8(ascii: "\"") else { return nil }
        let parts = EightBytes.digits(fraction &<< UInt64((64 &- count &* 8) & 63))
        p += whole &+ count &+ 3
        // Below 10¹⁵: as a double exact.
        return (Double(Int64(bitPattern: units)) * powers[count] + Double(Int64(bitPattern: parts))) / powers[count]
    }
}
