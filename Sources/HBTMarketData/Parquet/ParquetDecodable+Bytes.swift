/// Values that are byte strings: texts and plain bytes.
protocol ParquetByteString: ParquetDecodable {
    static func make(_ bytes: UnsafeRawBufferPointer) throws(ParquetFault) -> Self
}

extension ParquetByteString {
    static func decode(
        _ bytes: UnsafeRawBufferPointer, encoding: Int32, count: Int, into values: inout [Self]
    ) throws(ParquetFault) {
        guard count > 0 else { return }
        switch encoding {
        case ParquetFormat.Encoding.plain:
            var cursor = ByteCursor(bytes)
            for _ in 0..<count { values.append(try make(try cursor.take(Int(try cursor.u32())))) }
        case ParquetFormat.Encoding.deltaLengthByteArray:
            let (lengths, used) = try lengths(bytes, count)
            var cursor = ByteCursor(UnsafeRawBufferPointer(rebasing: bytes[used...]))
            for length in lengths { values.append(try make(try cursor.take(length))) }
        case ParquetFormat.Encoding.deltaByteArray:
            try decodeShared(bytes, count, into: &values)
        default: throw unreadEncoding(encoding)
        }
    }

    /// DELTA_BYTE_ARRAY: each value begins with a part of the one before it.
    private static func decodeShared(_ bytes: UnsafeRawBufferPointer, _ count: Int, into values: inout [Self]) throws(ParquetFault) {
        let (shared, used) = try lengths(bytes, count)
        let rest = UnsafeRawBufferPointer(rebasing: bytes[used...])
        let (own, usedByOwn) = try lengths(rest, count)
        var cursor = ByteCursor(UnsafeRawBufferPointer(rebasing: rest[usedByOwn...]))
        let value = RawBuffer()
        for index in 0..<count {
            guard shared[index] <= value.count else { throw .corrupt("a string that shares more than its predecessor has") }
            value.removeLast(value.count - shared[index])
            value.append(try cursor.take(own[index]))
            values.append(try make(value.view))
        }
    }

    private static func lengths(_ bytes: UnsafeRawBufferPointer, _ count: Int) throws(ParquetFault) -> ([Int], used: Int) {
        var lengths: [Int] = []
        let used = try DeltaDecoder.decode(bytes, count: count) { lengths.append(Int($0)) }
        guard lengths.allSatisfy({ $0 >= 0 }) else { throw .corrupt("a string of negative length") }
        return (lengths, used)
    }
}

extension String: ParquetByteString {
    static var nullSlot: String { "" }

    static func make(_ bytes: UnsafeRawBufferPointer) throws(ParquetFault) -> String {
        let text = String(decoding: bytes, as: UTF8.self)
        // Decoding replaces what is no UTF-8, and so changes the bytes.
        guard text.utf8.elementsEqual(bytes) else { throw .corrupt("a string that is not UTF-8") }
        return text
    }
}

extension [UInt8]: ParquetDecodable, ParquetByteString {
    static var nullSlot: [UInt8] { [] }
    static func make(_ bytes: UnsafeRawBufferPointer) throws(ParquetFault) -> [UInt8] { Array(bytes) }
}
