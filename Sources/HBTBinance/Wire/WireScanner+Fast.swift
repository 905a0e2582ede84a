/// Eight bytes at a time; the zeros behind a message make every load legal.
extension WireScanner {
    @inline(__always)
    static func load(_ place: Place) -> UInt64 {
        UInt64(littleEndian: UnsafeRawPointer(place).loadUnaligned(as: UInt64.self))
    }

    /// The top bit of each byte that is no decimal digit, exact up to and including the first such byte
    /// below 0x8A (a carry from a higher one can only mark digits after it).
    @inline(__always)
    static func nonDigits(_ word: UInt64) -> UInt64 {
        let digits = word ^ 0x3030_3030_3030_3030
        return ((digits &+ 0x7676_7676_7676_7676) | digits) & 0x8080_8080_8080_8080
    }

    /// Value of eight digits, the first one in the lowest byte; zero bytes count as 0.
    @inline(__always)
    static func eightDigits(_ word: UInt64) -> UInt64 {
        // Neighbours are joined pairwise: D. Lemire, "Quickly parsing eight digits", 2022.
        let pairs = ((word & 0x0F0F_0F0F_0F0F_0F0F) &* 2561) &>> 8
        let quads = ((pairs & 0x00FF_00FF_00FF_00FF) &* 6_553_601) &>> 16
        return ((quads & 0x0000_FFFF_0000_FFFF) &* 42_949_672_960_001) &>> 32
    }

    /// The common shapes of a number in quotes, up to 7 digits before the point and 8 behind; nil (and the
    /// cursor where it was) for everything else, which `decimal` then reads slowly.
    @inline(__always)
    mutating func quickDecimal() -> WireDecimal? {
        let word = Self.load(p + 1)
        let marks = Self.nonDigits(word)
        let whole = marks.trailingZeroBitCount &>> 3
        guard whole &- 1 < 7 else { return nil }
        let after = UInt8(truncatingIfNeeded: word &>> UInt64(whole &* 8))
        if after == UInt8(ascii: "\"") {
            p += whole &+ 2
            return WireDecimal(uncheckedMantissa: Int64(bitPattern: Self.eightDigits(word &<< UInt64(64 &- whole &* 8))), digits: 0)
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
                uncheckedMantissa: Int64(bitPattern: Self.eightDigits(joined &<< UInt64(72 &- end &* 8))),
                digits: UInt8(truncatingIfNeeded: end &- whole &- 1))
        }
        let fraction = Self.load(p + whole + 2)
        let count = Self.nonDigits(fraction).trailingZeroBitCount &>> 3
        guard count > 0, p[whole &+ 2 &+ count] == UInt8(ascii: "\"") else { return nil }
        let units = Self.eightDigits(word &<< UInt64(64 &- whole &* 8))
        let parts = Self.eightDigits(fraction &<< UInt64((64 &- count &* 8) & 63))
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
            let marks = Self.stringEnds(Self.load(p))
            if marks != 0 {
                p += marks.trailingZeroBitCount &>> 3
                return
            }
            p += 8
        }
    }
}
