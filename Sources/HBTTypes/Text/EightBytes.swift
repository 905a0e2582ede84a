/// Text eight bytes at a time, the first byte lowest.
public enum EightBytes {
    /// Eight bytes must lie at `place`.
    @inlinable @inline(__always)
    public static func load(_ place: UnsafePointer<UInt8>) -> UInt64 {
        UInt64(littleEndian: UnsafeRawPointer(place).loadUnaligned(as: UInt64.self))
    }

    /// The top bit of each byte that is no decimal digit, exact up to and including the first such byte: a
    /// carry can only mark bytes after one that is marked itself.
    @inlinable @inline(__always)
    public static func nonDigits(_ word: UInt64) -> UInt64 {
        let digits = word ^ 0x3030_3030_3030_3030
        return ((digits &+ 0x7676_7676_7676_7676) | digits) & 0x8080_8080_8080_8080
    }

    /// Value of eight digits, the first one in the lowest byte; zero bytes count as 0.
    @inlinable @inline(__always)
    public static func digits(_ word: UInt64) -> UInt64 {
        // Neighbours are joined pairwise: D. Lemire, "Quickly parsing eight digits", 2022.
        let pairs = ((word & 0x0F0F_0F0F_0F0F_0F0F) &* 2561) &>> 8
        let quads = ((pairs & 0x00FF_00FF_00FF_00FF) &* 6_553_601) &>> 16
        return ((quads & 0x0000_FFFF_0000_FFFF) &* 42_949_672_960_001) &>> 32
    }
}
