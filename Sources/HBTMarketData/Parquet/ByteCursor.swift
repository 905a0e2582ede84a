/// Reads untrusted bytes from front to back; no read goes past the end.
struct ByteCursor {
    let bytes: UnsafeRawBufferPointer
    private(set) var position = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    var remaining: Int { bytes.count - position }

    mutating func byte() throws(ParquetFault) -> UInt8 {
        guard position < bytes.count else { throw .ended }
        defer { position += 1 }
        return bytes[position]
    }

    mutating func take(_ count: Int) throws(ParquetFault) -> UnsafeRawBufferPointer {
        guard count >= 0, count <= remaining else { throw .ended }
        defer { position += count }
        return UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
    }

    mutating func u32() throws(ParquetFault) -> UInt32 {
        UInt32(littleEndian: try take(4).loadUnaligned(as: UInt32.self))
    }

    /// ULEB128.
    mutating func varint() throws(ParquetFault) -> UInt64 {
        var value: UInt64 = 0, shift: UInt64 = 0
        while true {
            let next = try byte()
            // The tenth byte holds the last bit.
            guard shift < 63 || next <= 1 else { throw .corrupt("a number of more than 64 bits") }
            value |= UInt64(next & 0x7F) << shift
            if next < 0x80 { return value }
            shift += 7
        }
    }

    mutating func zigzag() throws(ParquetFault) -> Int64 {
        let value = try varint()
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }
}

/// Numbers of `width` bits one after the other, the lowest bits first.
struct PackedBits {
    let bytes: UnsafeRawBufferPointer
    /// 0 to 64.
    let width: Int

    private var mask: UInt64 { width == 64 ? .max : (1 << UInt64(width)) - 1 }

    /// Callers see to it that number `index` is inside the bytes.
    func callAsFunction(_ index: Int) -> UInt64 {
        guard width > 0 else { return 0 }
        let bit = index * width
        let start = bit >> 3, shift = UInt64(bit & 7)
        var value: UInt64 = 0
        if start + 8 <= bytes.count {
            value = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self)) >> shift
        } else {
            for offset in start..<bytes.count { value |= UInt64(bytes[offset]) << UInt64((offset - start) * 8) }
            value >>= shift
        }
        if Int(shift) + width > 64 { value |= UInt64(bytes[start + 8]) << (64 - shift) }
        return value & mask
    }
}

extension [UInt8] {
    /// `withUnsafeBytes` with a typed error.
    func withRawBytes<Result>(_ body: (UnsafeRawBufferPointer) throws(ParquetFault) -> Result) throws(ParquetFault) -> Result {
        try withUnsafeBufferPointer { (buffer) throws(ParquetFault) in try body(UnsafeRawBufferPointer(buffer)) }
    }
}
