/// Parquet's hybrid of runs and bit-packed groups of eight.
enum RunLengthEncoder {
    /// Bits for numbers up to `largest`.
    static func bitWidth(_ largest: Int) -> Int { Int.bitWidth - largest.leadingZeroBitCount }

    /// Appends `values`, each below 2^`bitWidth`.
    static func encode(_ values: UnsafeBufferPointer<UInt32>, bitWidth: Int, to output: RawBuffer) {
        // values[literals..<at] wait to be bit-packed.
        var literals = 0, at = 0
        while at < values.count {
            let value = values[at]
            var end = at + 1
            while end < values.count, values[end] == value { end += 1 }
            // Packed groups are of eight: a run first fills the open group.
            let filled = at + (literals - at) & 7
            if end - filled >= 8 {
                pack(UnsafeBufferPointer(rebasing: values[literals..<filled]), bitWidth, to: output)
                varint(UInt64(end - filled) << 1, to: output)
                var rest = value
                for _ in 0..<(bitWidth + 7) / 8 {
                    output.append(UInt8(truncatingIfNeeded: rest))
                    rest >>= 8
                }
                literals = end
            }
            at = end
        }
        pack(UnsafeBufferPointer(rebasing: values[literals..<at]), bitWidth, to: output)
    }

    /// Only the last call of a sequence may have a count that is no multiple of eight; zeros fill it up.
    private static func pack(_ values: UnsafeBufferPointer<UInt32>, _ bitWidth: Int, to output: RawBuffer) {
        guard !values.isEmpty else { return }
        let groups = (values.count + 7) / 8
        varint(UInt64(groups) << 1 | 1, to: output)
        let target = output.extend(by: groups * bitWidth)
        var bits: UInt64 = 0, bitCount = 0, at = 0
        for value in values {
            bits |= UInt64(value) << UInt64(bitCount)
            bitCount += bitWidth
            while bitCount >= 8 {
                target[at] = UInt8(truncatingIfNeeded: bits)
                bits >>= 8
                bitCount -= 8
                at += 1
            }
        }
        while at < target.count {
            target[at] = UInt8(truncatingIfNeeded: bits)
            bits >>= 8
            at += 1
        }
    }

    private static func varint(_ value: UInt64, to output: RawBuffer) {
        var rest = value
        while rest >= 0x80 {
            output.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        output.append(UInt8(rest))
    }
}
