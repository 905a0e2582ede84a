/// A value that pages hold, and how pages hold it.
protocol ParquetDecodable: Sendable {
    /// What a null row's slot holds.
    static var nullSlot: Self { get }

    /// Appends exactly `count` values in any encoding but a dictionary's.
    static func decode(
        _ bytes: UnsafeRawBufferPointer, encoding: Int32, count: Int, into values: inout [Self]
    ) throws(ParquetFault)
}

/// Numbers of fixed width, little endian.
protocol ParquetNumber: ParquetDecodable, BitwiseCopyable {
    /// Nil for types without integer encodings.
    static func make(delta: Int64) -> Self?
}

extension ParquetNumber {
    static func decode(
        _ bytes: UnsafeRawBufferPointer, encoding: Int32, count: Int, into values: inout [Self]
    ) throws(ParquetFault) {
        guard count > 0 else { return }
        let width = MemoryLayout<Self>.size
        switch encoding {
        case ParquetFormat.Encoding.plain:
            guard count <= bytes.count / width else { throw .ended }
            values.reserveCapacity(values.count + count)
            for index in 0..<count { values.append(bytes.loadUnaligned(fromByteOffset: index * width, as: Self.self)) }
        case ParquetFormat.Encoding.byteStreamSplit:
            // Byte 0 of all values, then byte 1 of all values, …
            guard count <= bytes.count / width else { throw .ended }
            let stride = bytes.count / width
            for index in 0..<count {
                var value = nullSlot
                withUnsafeMutableBytes(of: &value) { for place in 0..<width { $0[place] = bytes[place * stride + index] } }
                values.append(value)
            }
        case ParquetFormat.Encoding.deltaBinaryPacked where make(delta: 0) != nil:
            _ = try DeltaDecoder.decode(bytes, count: count) { values.append(make(delta: $0) ?? nullSlot) }
        default: throw unreadEncoding(encoding)
        }
    }
}

func unreadEncoding(_ encoding: Int32) -> ParquetFault {
    .unsupported("encoding number \(encoding) for its type; write with plain or dictionary encoding")
}

extension Int32: ParquetNumber {
    static var nullSlot: Int32 { 0 }
    static func make(delta: Int64) -> Int32? { Int32(truncatingIfNeeded: delta) }
}

extension UInt32: ParquetNumber {
    static var nullSlot: UInt32 { 0 }
    static func make(delta: Int64) -> UInt32? { UInt32(truncatingIfNeeded: delta) }
}

extension Int64: ParquetNumber {
    static var nullSlot: Int64 { 0 }
    static func make(delta: Int64) -> Int64? { delta }
}

extension UInt64: ParquetNumber {
    static var nullSlot: UInt64 { 0 }
    static func make(delta: Int64) -> UInt64? { UInt64(bitPattern: delta) }
}

extension Float: ParquetNumber {
    static var nullSlot: Float { .nan }
    static func make(delta: Int64) -> Float? { nil }
}

extension Double: ParquetNumber {
    static var nullSlot: Double { .nan }
    static func make(delta: Int64) -> Double? { nil }
}

extension Bool: ParquetDecodable {
    static var nullSlot: Bool { false }

    static func decode(
        _ bytes: UnsafeRawBufferPointer, encoding: Int32, count: Int, into values: inout [Bool]
    ) throws(ParquetFault) {
        guard count > 0 else { return }
        switch encoding {
        case ParquetFormat.Encoding.plain:
            guard (count + 7) / 8 <= bytes.count else { throw .ended }
            for index in 0..<count { values.append(bytes[index >> 3] >> UInt8(index & 7) & 1 == 1) }
        case ParquetFormat.Encoding.rle:
            var cursor = ByteCursor(bytes)
            let runs = try cursor.take(Int(try cursor.u32()))
            try RunLengthDecoder.decode(runs, bitWidth: 1, count: count) { run in
                switch run {
                case .repeated(let value, let count): values.append(contentsOf: repeatElement(value & 1 == 1, count: count))
                case .packed(let bits, let count): for index in 0..<count { values.append(bits(index) == 1) }
                }
            }
        default: throw unreadEncoding(encoding)
        }
    }
}
