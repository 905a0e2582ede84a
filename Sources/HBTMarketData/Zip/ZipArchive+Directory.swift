extension ZipArchive {
    struct DirectoryPlace {
        var offset: Int64
        var bytes: Int64
        var count: UInt64
    }

    /// Finds the archive's end record, and from it the directory.
    static func findDirectory(_ file: InputFile) throws(MarketDataError) -> DirectoryPlace {
        func fail(_ reason: MarketDataError.Reason) -> MarketDataError { MarketDataError(path: file.path, reason) }
        // The end record is followed by a comment of at most 64 KiB.
        let tailBytes = Int(min(file.size, Int64(ZipFormat.endBytes) + Int64(ZipFormat.max16)))
        let tailOffset = file.size - Int64(tailBytes)
        let tail = try file.bytes(at: tailOffset, count: tailBytes)
        var garbage: Int64?
        var place = tailBytes - ZipFormat.endBytes
        while place >= 0 {
            defer { place -= 1 }
            guard tail[place] == 0x50, tail.u32(at: place) == ZipFormat.end else { continue }
            let end = place + ZipFormat.endBytes + Int(tail.u16(at: place + 20))
            // An end record in a comment or in data does not fit its surroundings.
            guard end <= tailBytes,
                let directory = try directory(of: file, end: Array(tail[place..<place + ZipFormat.endBytes]), at: tailOffset + Int64(place))
            else { continue }
            if end == tailBytes { return directory }
            garbage = Int64(tailBytes - end)
        }
        if let garbage { throw fail(.trailingData(bytes: garbage)) }
        let first = try file.bytes(at: 0, count: Int(min(4, file.size)))
        if first.count == 4, first.u32(at: 0) == ZipFormat.localHeader {
            throw fail(.corrupt("the archive's directory at its end is missing or broken; copy the file again"))
        }
        throw fail(.notThisFormat(expected: "a zip archive"))
    }

    /// The directory that an end record at `offset` names, if it lies directly before it.
    private static func directory(
        of file: InputFile, end: [UInt8], at offset: Int64
    ) throws(MarketDataError) -> DirectoryPlace? {
        var count = UInt64(end.u16(at: 10))
        var bytes = UInt64(end.u32(at: 12))
        var start = UInt64(end.u32(at: 16))
        var expectedEnd = offset
        if count == ZipFormat.max16 || bytes == ZipFormat.max32 || start == ZipFormat.max32,
            offset >= Int64(ZipFormat.end64LocatorBytes)
        {
            let locatorOffset = offset - Int64(ZipFormat.end64LocatorBytes)
            let locator = try file.bytes(at: locatorOffset, count: ZipFormat.end64LocatorBytes)
            if locator.u32(at: 0) == ZipFormat.end64Locator {
                let end64Offset = locator.u64(at: 8)
                guard end64Offset <= UInt64(max(locatorOffset - Int64(ZipFormat.end64Bytes), 0)) else { return nil }
                let end64 = try file.bytes(at: Int64(end64Offset), count: ZipFormat.end64Bytes)
                guard end64.u32(at: 0) == ZipFormat.end64 else { return nil }
                count = end64.u64(at: 32)
                bytes = end64.u64(at: 40)
                start = end64.u64(at: 48)
                expectedEnd = Int64(end64Offset)
            }
        }
        guard start <= UInt64(expectedEnd), bytes == UInt64(expectedEnd) - start else { return nil }
        return DirectoryPlace(offset: Int64(start), bytes: Int64(bytes), count: count)
    }

    static func readDirectory(_ file: InputFile, _ place: DirectoryPlace) throws(MarketDataError) -> [ZipEntry] {
        func fail(_ how: String) -> MarketDataError {
            MarketDataError(path: file.path, .corrupt("the archive's directory \(how); copy the file again"))
        }
        let bytes = try file.bytes(at: place.offset, count: Int(place.bytes))
        var entries: [ZipEntry] = []
        var at = 0
        while at < bytes.count {
            guard bytes.count - at >= ZipFormat.directoryEntryBytes, bytes.u32(at: at) == ZipFormat.directoryEntry else {
                throw fail("has a broken entry")
            }
            let nameEnd = at + ZipFormat.directoryEntryBytes + Int(bytes.u16(at: at + 28))
            let extraEnd = nameEnd + Int(bytes.u16(at: at + 30))
            let next = extraEnd + Int(bytes.u16(at: at + 32))
            guard next <= bytes.count else { throw fail("has a broken entry") }
            var wide = [UInt64(bytes.u32(at: at + 24)), UInt64(bytes.u32(at: at + 20)), UInt64(bytes.u32(at: at + 42))]
            if wide.contains(ZipFormat.max32) {
                widen(&wide, extra: Array(bytes[nameEnd..<extraEnd]))
            }
            guard let size = Int64(exactly: wide[0]), let compressed = Int64(exactly: wide[1]),
                let offset = Int64(exactly: wide[2])
            else { throw fail("has impossible sizes") }
            entries.append(
                ZipEntry(
                    name: String(decoding: bytes[(at + ZipFormat.directoryEntryBytes)..<nameEnd], as: UTF8.self),
                    flags: bytes.u16(at: at + 8), method: bytes.u16(at: at + 10), crc: bytes.u32(at: at + 16),
                    compressedBytes: compressed, bytes: size, headerOffset: offset))
            at = next
        }
        guard UInt64(entries.count) == place.count else { throw fail("has \(entries.count) entries instead of \(place.count)") }
        return entries
    }

    /// Replaces each all-ones value by the next one of the zip64 extra field, if there is one.
    private static func widen(_ values: inout [UInt64], extra: [UInt8]) {
        var at = 0
        while extra.count - at >= 4 {
            let end = at + 4 + Int(extra.u16(at: at + 2))
            guard end <= extra.count else { return }
            if extra.u16(at: at) == ZipFormat.zip64Extra {
                var field = at + 4
                for index in values.indices where values[index] == ZipFormat.max32 && end - field >= 8 {
                    values[index] = extra.u64(at: field)
                    field += 8
                }
                return
            }
            at = end
        }
    }
}
