import HBTTypes

/// Eight bytes at a time; the zeros behind a message make every load legal.
extension WireScanner {
    /// The common shapes of a number in quotes, up to 7 digits before the point and 8 behind; nil (and the
    /// cursor where it was) for everything else, which `decimal` then reads slowly.
    @inline(__always)
    mutating func quickDecimal() -> WireDecimal? {
        let word = EightBytes.load(p + 1)
        let marks = EightBytes.nonDigits(word)
        let whole = marks.trailingZeroBitCount &>> 3
        guard whole &- 1 < 7 else { return nil }
        let after = UInt8(truncatingIfNeeded: word &>> UInt64(whole &* 8))
        if after == UInt8(ascii: "\"") {
            p += whole &+ 2
            return WireDecimal(uncheckedMantissa: Int64(bitPattern: EightBytes.digits(word &<< UInt64(64 &- whole &* 8))), digits: 0)
        }
        guard after == UInt8(ascii: ".") else { return nil }
        let end = (marks & (marks &- 1)).trailingZeroBitCount &>> 3
        // 8 where the word has no second mark: then the quote stands behind it.
        if end > whole &+ 1, p[end &+ 1] == UInt8(ascii: "\"") {
            // All in one word: close the gap that the point leaves.
            let low = word & ((1 &<< UInt64(whole &* 8)) &- 1)
            let joined = low | (word &>> UInt64(whole &* 8 &+ 8)) &<< UInt64(whole &* 8)
            p += end &+ 2
            return WireDecimal(
                uncheckedMantissa: Int64(bitPattern: EightBytes.digits(joined &<< UInt64(72 &- end &* 8))),
                digits: UInt8(truncatingIfNeeded: end &- whole &- 1))
        }
        let fraction = EightBytes.load(p + whole + 2)
        let count = EightBytes.nonDigits(fraction).trailingZeroBitCount &>> 3
        guard count > 0, p[whole &+ 2 &+ count] == UInt8(ascii: "\"") else { return nil }
        let units = EightBytes.digits(word &<< UInt64(64 &- whole &* 8))
        let parts = EightBytes.digits(fraction &<< UInt64((64 &- count &* 8) & 63))
        p += whole &+ count &+ 3
        let mantissa = units &* WireDecimal.smallPower(count) &+ parts
        return WireDecimal(uncheckedMantissa: Int64(bitPattern: mantissa), digits: UInt8(truncatingIfNeeded: count))
    }

    /// The top bit of each byte that ends a plain run of string: a quote, a backslash or a control byte;
    /// exact up to and including the first.
    @inline(__always)
    static func stringEnds(_ word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101, tops: UInt64 = 0x8080_8080_8080_8080
        let quote = word ^ (ones &* 0x22), slash = word ^ (ones &* 0x5C)
        return (((quote &- ones) & ~quote) | ((slash &- ones) & ~slash) | ((word &- ones &* 0x20) & ~word)) & tops
    }

    /// Moves over plain bytes of a string to its quote, or to the first byte that is none.
    @inline(__always)
    mutating func skipPlain() {
        while true {
            let marks = Self.stringEnds(EightBytes.load(p))
            if marks != 0 {
                p += marks.trailingZeroBitCount &>> 3
                return
            }
            p += 8
        }
    }
}
