/// Eight bytes at a time; the slack behind a line makes every load legal.
extension ByteScanner {
    @inline(__always)
    static func load(_ place: UnsafePointer<UInt8>) -> UInt64 {
        UInt64(littleEndian: UnsafeRawPointer(place).loadUnaligned(as: UInt64.self))
    }

    /// The top bit of each byte that is no decimal digit, exact up to and including the first such byte: a
    /// carry can only mark bytes after one that is marked itself.
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
            let marks = Self.stringEnds(Self.load(p))
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
        let word = Self.load(p + 1)
        let whole = Self.nonDigits(word).trailingZeroBitCount &>> 3
        guard p.pointee == UInt8(ascii: "\""), whole &- 1 < 7, whole > 0 else { return nil }
        let after = UInt8(truncatingIfNeeded: word &>> UInt64(whole &* 8))
        let units = Self.eightDigits(word &<< UInt64(64 &- whole &* 8))
        if after == UInt8(ascii: "\"") {
            p += whole &+ 2
            return Double(Int64(bitPattern: units))
        }
        let fraction = Self.load(p + whole + 2)
        let count = Self.nonDigits(fraction).trailingZeroBitCount &>> 3
        guard after == UInt8(ascii: "."), count > 0, p[whole &+ 2 &+ count] == UInt8(ascii: "\"") else { return nil }
        let parts = Self.eightDigits(fraction &<< UInt64((64 &- count &* 8) & 63))
        p += whole &+ count &+ 3
        // Below 10¹⁵: as a double exact.
        return (Double(Int64(bitPattern: units)) * powers[count] + Double(Int64(bitPattern: parts))) / powers[count]
    }
}
