/// Checksum of a part of a segment: two running sums in eight 64-bit lanes (Fletcher's scheme), folded
/// into one number at the end.
///
/// Made for damage, not for malice: it notices every changed bit and every swapped or moved word, and
/// runs at the speed of memory.
enum TapeChecksum {
    /// `bytes.count` is a multiple of 64.
    static func of(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        precondition(bytes.count % 64 == 0, "a part of a segment is whole lines of 64 bytes")
        var sums = SIMD8<UInt64>(), sumsOfSums = SIMD8<UInt64>()
        var offset = 0
        while offset < bytes.count {
            sums &+= bytes.loadUnaligned(fromByteOffset: offset, as: SIMD8<UInt64>.self)
            sumsOfSums &+= sums
            offset += 64
        }
        var folded = UInt64(bytes.count) &* 0x9E37_79B9_7F4A_7C15
        for lane in 0..<8 {
            for word in [sums[lane], sumsOfSums[lane]] {
                folded = (folded ^ word) &* 0x9E37_79B9_7F4A_7C15
                folded ^= folded >> 32
            }
        }
        return folded
    }
}
