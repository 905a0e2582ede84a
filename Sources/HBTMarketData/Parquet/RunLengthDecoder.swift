/// Parquet's hybrid of runs and bit-packed groups of eight; the twin of `RunLengthEncoder`.
enum RunLengthDecoder {
    enum Run {
        case repeated(UInt32, count: Int)
        case packed(PackedBits, count: Int)
    }

    /// Calls `body` for runs of exactly `count` values in all.
    static func decode(
        _ bytes: UnsafeRawBufferPointer, bitWidth: Int, count: Int, _ body: (Run) throws(ParquetFault) -> Void
    ) throws(ParquetFault) {
        guard (0...32).contains(bitWidth) else { throw .corrupt("numbers of \(bitWidth) bits") }
        var cursor = ByteCursor(bytes)
        var left = count
        while left > 0 {
            let head = try cursor.varint()
            guard head >> 1 <= UInt64(Int32.max), head > 1 else { throw .corrupt("a run of impossible length") }
            let length = Int(head >> 1)
            if head & 1 == 0 {
                var value: UInt32 = 0
                for place in 0..<(bitWidth + 7) / 8 { value |= UInt32(try cursor.byte()) << UInt32(place * 8) }
                let taken = min(left, length)
                try body(.repeated(value, count: taken))
                left -= taken
            } else {
                // Some writers leave out the bytes of a last group that nobody needs.
                let taken = min(left, length * 8)
                let packed = try cursor.take(min(length * bitWidth, max(cursor.remaining, (taken * bitWidth + 7) / 8)))
                try body(.packed(PackedBits(bytes: packed, width: bitWidth), count: taken))
                left -= taken
            }
        }
    }
}
