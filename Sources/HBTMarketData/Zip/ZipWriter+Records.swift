extension ZipWriter {
    /// The header before a member. Its sizes always sit in the zip64 extra field, as numpy writes it:
    /// the header's length must be known before the sizes are.
    func localHeader(_ name: String, method: UInt16, crc: UInt32, bytes: UInt64, compressed: UInt64) -> [UInt8] {
        var header: [UInt8] = []
        header.append32(ZipFormat.localHeader)
        header.append16(ZipFormat.version)
        header.append16(0)
        header.append16(method)
        header.append16(ZipFormat.time)
        header.append16(ZipFormat.date)
        header.append32(crc)
        header.append32(UInt32.max)
        header.append32(UInt32.max)
        header.append16(UInt16(name.utf8.count))
        header.append16(20)
        header += name.utf8
        header.append16(ZipFormat.zip64Extra)
        header.append16(16)
        header.append64(bytes)
        header.append64(compressed)
        return header
    }

    static func directoryEntry(_ entry: ZipEntry, zip64From: UInt64) -> [UInt8] {
        let values = [UInt64(entry.bytes), UInt64(entry.compressedBytes), UInt64(entry.headerOffset)]
        let wide = values.filter { $0 >= zip64From }
        func narrow(_ value: UInt64) -> UInt32 { value >= zip64From ? UInt32.max : UInt32(value) }
        var bytes: [UInt8] = []
        bytes.append32(ZipFormat.directoryEntry)
        // Made by: Unix (3), for the permissions below.
        bytes.append16(3 << 8 | ZipFormat.version)
        bytes.append16(ZipFormat.version)
        bytes.append16(entry.flags)
        bytes.append16(entry.method)
        bytes.append16(ZipFormat.time)
        bytes.append16(ZipFormat.date)
        bytes.append32(entry.crc)
        bytes.append32(narrow(values[1]))
        bytes.append32(narrow(values[0]))
        bytes.append16(UInt16(entry.name.utf8.count))
        bytes.append16(wide.isEmpty ? 0 : UInt16(4 + 8 * wide.count))
        bytes.append16(0)
        bytes.append16(0)
        bytes.append16(0)
        bytes.append32(0o600 << 16)
        bytes.append32(narrow(values[2]))
        bytes += entry.name.utf8
        if !wide.isEmpty {
            bytes.append16(ZipFormat.zip64Extra)
            bytes.append16(UInt16(8 * wide.count))
            for value in wide { bytes.append64(value) }
        }
        return bytes
    }

    static func endRecords(count: Int, offset: UInt64, bytes size: UInt64, zip64From: UInt64) -> [UInt8] {
        let isWide = count >= ZipFormat.max16 || offset >= zip64From || size >= zip64From
        var bytes: [UInt8] = []
        if isWide {
            bytes.append32(ZipFormat.end64)
            bytes.append64(UInt64(ZipFormat.end64Bytes - 12))
            bytes.append16(3 << 8 | ZipFormat.version)
            bytes.append16(ZipFormat.version)
            bytes.append32(0)
            bytes.append32(0)
            bytes.append64(UInt64(count))
            bytes.append64(UInt64(count))
            bytes.append64(size)
            bytes.append64(offset)
            bytes.append32(ZipFormat.end64Locator)
            bytes.append32(0)
            bytes.append64(offset + size)
            bytes.append32(1)
        }
        bytes.append32(ZipFormat.end)
        bytes.append16(0)
        bytes.append16(0)
        bytes.append16(isWide ? UInt16.max : UInt16(count))
        bytes.append16(isWide ? UInt16.max : UInt16(count))
        bytes.append32(isWide ? UInt32.max : UInt32(size))
        bytes.append32(isWide ? UInt32.max : UInt32(offset))
        bytes.append16(0)
        return bytes
    }
}
