/// Decompression of Snappy's raw format.
///
/// Source: google/snappy, `format_description.txt`.
enum Snappy {
    /// Appends the decompressed bytes, which must be `expected`, to `output`.
    static func decompress(_ input: UnsafeRawBufferPointer, expected: Int, to output: RawBuffer) throws(ParquetFault) {
        var cursor = ByteCursor(input)
        guard try cursor.varint() == UInt64(expected) else { throw .corrupt("a Snappy block of another length") }
        let target = output.extend(by: expected)
        var at = 0
        while cursor.remaining > 0 {
            let tag = Int(try cursor.byte())
            if tag & 3 == 0 {
                var length = tag >> 2
                if length >= 60 { length = try number(&cursor, bytes: length - 59) }
                let literal = try cursor.take(length + 1)
                guard literal.count <= expected - at else { throw .corrupt("a Snappy block that is too long") }
                UnsafeMutableRawBufferPointer(rebasing: target[at..<at + literal.count]).copyMemory(from: literal)
                at += literal.count
            } else {
                var length = tag >> 2 + 1
                let distance: Int
                switch tag & 3 {
                case 1:
                    length = (tag >> 2) & 7 + 4
                    distance = (tag >> 5) << 8 | Int(try cursor.byte())
                case 2: distance = try number(&cursor, bytes: 2)
                default: distance = try number(&cursor, bytes: 4)
                }
                guard distance > 0, distance <= at, length <= expected - at else { throw .corrupt("a Snappy copy from outside the block") }
                // Byte by byte: a copy may reach into its own result.
                for _ in 0..<length {
                    target[at] = target[at - distance]
                    at += 1
                }
            }
        }
        guard at == expected else { throw .corrupt("a Snappy block that is too short") }
    }

    private static func number(_ cursor: inout ByteCursor, bytes: Int) throws(ParquetFault) -> Int {
        var value = 0
        for place in 0..<bytes { value |= Int(try cursor.byte()) << (place * 8) }
        return value
    }
}
