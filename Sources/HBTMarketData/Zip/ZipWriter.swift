/// Writes a zip archive front to back, one member at a time, in memory that does not grow.
///
/// Equal content gives equal bytes: the date is fixed, nothing of the machine gets in, and input
/// goes to the compressor in blocks of one size however the caller cut it.
final class ZipWriter {
    private let output: OutputFile
    /// Sizes and offsets from here on are written in zip64 records; lower in tests only.
    private let zip64From: UInt64
    private var entries: [ZipEntry] = []
    private var current: Member?
    private let staged: UnsafeMutableRawBufferPointer
    private var stagedBytes = 0

    private struct Member {
        var name: String
        var headerOffset: Int64
        var dataOffset: Int64
        var deflater: Deflater?
        var prefixBytes: Int
        /// Of the bytes after the prefix.
        var bytes: UInt64 = 0
        var crc: UInt32 = 0
    }

    init(path: String, zip64From: UInt64 = ZipFormat.max32) throws(MarketDataError) {
        output = try OutputFile(path: path)
        self.zip64From = zip64From
        staged = .allocate(byteCount: 1 << 18, alignment: 16)
    }

    init(output: OutputFile) {
        self.output = output
        zip64From = ZipFormat.max32
        staged = .allocate(byteCount: 1 << 18, alignment: 16)
    }

    deinit { staged.deallocate() }

    /// Starts a member.
    ///
    /// - Parameters:
    ///   - level: 0 stores, 1 to 9 deflate.
    ///   - prefixBytes: length of a first part that is only known at `endMember`, e.g. an npy header
    ///     with the number of rows; at most 65,535.
    func beginMember(_ name: String, level: Int, prefixBytes: Int = 0) throws(MarketDataError) {
        precondition(current == nil, "members are written one after the other")
        precondition(prefixBytes <= 0xffff, "the prefix is one stored deflate block")
        let headerOffset = output.position
        try output.append(localHeader(name, method: level == 0 ? ZipEntry.stored : ZipEntry.deflated, crc: 0, bytes: 0, compressed: 0))
        current = Member(
            name: name, headerOffset: headerOffset, dataOffset: output.position,
            deflater: level == 0 ? nil : Deflater(level: level), prefixBytes: prefixBytes)
        if prefixBytes > 0 {
            if level > 0 { try output.append(Self.storedBlockHeader(prefixBytes)) }
            try output.append([UInt8](repeating: 0, count: prefixBytes))
        }
    }

    func append(_ bytes: UnsafeRawBufferPointer) throws(MarketDataError) {
        var rest = bytes
        while !rest.isEmpty {
            stagedBytes += staged.fill(from: &rest, at: stagedBytes)
            if stagedBytes == staged.count { try flush(last: false) }
        }
    }

    /// Ends the member; `prefix` has the length that `beginMember` was told.
    func endMember(prefix: [UInt8] = []) throws(MarketDataError) {
        try flush(last: true)
        guard let member = current else { preconditionFailure("endMember without beginMember") }
        precondition(prefix.count == member.prefixBytes, "the prefix has the announced length")
        let prefixCRC = prefix.withUnsafeBytes { crc32(0, $0) }
        let entry = ZipEntry(
            name: member.name, flags: 0, method: member.deflater == nil ? ZipEntry.stored : ZipEntry.deflated,
            crc: combinedCRC32(prefixCRC, member.crc, bytesOfSecond: member.bytes),
            compressedBytes: output.position - member.dataOffset, bytes: Int64(member.bytes) + Int64(prefix.count),
            headerOffset: member.headerOffset)
        if !prefix.isEmpty {
            try output.patch(prefix, at: member.dataOffset + Int64(member.deflater == nil ? 0 : Self.storedBlockHeaderBytes))
        }
        let header = localHeader(
            entry.name, method: entry.method, crc: entry.crc, bytes: UInt64(entry.bytes), compressed: UInt64(entry.compressedBytes))
        try output.patch(header, at: entry.headerOffset)
        entries.append(entry)
        current = nil
    }

    /// Writes the directory and gives the file its name.
    func finish() throws(MarketDataError) {
        precondition(current == nil, "the last member has ended")
        let offset = output.position
        for entry in entries { try output.append(ZipWriter.directoryEntry(entry, zip64From: zip64From)) }
        try output.append(
            ZipWriter.endRecords(
                count: entries.count, offset: UInt64(offset), bytes: UInt64(output.position - offset), zip64From: zip64From))
        try output.commit()
    }

    private func flush(last: Bool) throws(MarketDataError) {
        guard var member = current else { preconditionFailure("bytes belong to a member") }
        let bytes = UnsafeRawBufferPointer(rebasing: staged[0..<stagedBytes])
        stagedBytes = 0
        member.crc = crc32(member.crc, bytes)
        member.bytes += UInt64(bytes.count)
        current = member
        if let deflater = member.deflater {
            try deflater.deflate(bytes, last: last) { (piece) throws(MarketDataError) in try output.append(piece) }
        } else {
            try output.append(bytes)
        }
    }

    private static let storedBlockHeaderBytes = 5

    /// A deflate block that is not compressed and not the last: its content can be patched in place.
    private static func storedBlockHeader(_ count: Int) -> [UInt8] {
        var bytes: [UInt8] = [0]
        bytes.append16(UInt16(count))
        bytes.append16(~UInt16(count))
        return bytes
    }
}
