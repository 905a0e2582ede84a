/// A zip archive for reading: its directory, and streams of its members.
///
/// Archives of one disk, members stored or deflated, with or without zip64 and data descriptors.
/// Sizes and checksums are always the directory's: those before a member may not have been known yet
/// when it was written.
final class ZipArchive {
    let file: InputFile
    /// In the directory's order.
    let entries: [ZipEntry]
    /// Where the directory starts, that is where the last member ends at the latest.
    let directoryOffset: Int64

    init(path: String) throws(MarketDataError) {
        file = try InputFile(path: path)
        let directory = try Self.findDirectory(file)
        directoryOffset = directory.offset
        entries = try Self.readDirectory(file, directory)
    }

    /// A stream of the member's bytes.
    func open(_ name: String) throws(MarketDataError) -> ZipMemberStream {
        let found = entries.filter { $0.name == name }
        guard let entry = found.first else {
            throw MarketDataError(path: file.path, .missingMember(name: name, found: entries.map(\.name)))
        }
        func fail(_ reason: MarketDataError.Reason) -> MarketDataError { MarketDataError(path: file.path, member: name, reason) }
        guard found.count == 1 else { throw fail(.corrupt("\(found.count) members have this name")) }
        guard !entry.isEncrypted else { throw fail(.unsupported("encryption; unpack it and zip it without a password")) }
        guard entry.method == ZipEntry.stored || entry.method == ZipEntry.deflated else {
            throw fail(.unsupported("compression method \(entry.method); zip it again stored or deflated"))
        }
        guard entry.method == ZipEntry.deflated || entry.compressedBytes == entry.bytes else {
            throw fail(.corrupt("it is stored but has two sizes, \(entry.compressedBytes) and \(entry.bytes)"))
        }
        return try ZipMemberStream(file: file, entry: entry, dataOffset: dataOffset(of: entry, fail))
    }

    /// Where the member's data starts, from the header before it.
    private func dataOffset(
        of entry: ZipEntry, _ fail: (MarketDataError.Reason) -> MarketDataError
    ) throws(MarketDataError) -> Int64 {
        let room = directoryOffset - entry.headerOffset
        guard entry.headerOffset >= 0, room >= Int64(ZipFormat.localHeaderBytes) else {
            throw fail(.corrupt("the archive's directory points outside the archive"))
        }
        let header = try file.bytes(at: entry.headerOffset, count: ZipFormat.localHeaderBytes)
        guard header.u32(at: 0) == ZipFormat.localHeader else {
            throw fail(.corrupt("its header is not where the archive's directory says; copy the file again"))
        }
        let nameBytes = Int(header.u16(at: 26))
        let dataOffset = entry.headerOffset + Int64(ZipFormat.localHeaderBytes + nameBytes) + Int64(header.u16(at: 28))
        guard dataOffset <= directoryOffset, entry.compressedBytes <= directoryOffset - dataOffset else {
            throw fail(.truncated(expectedBytes: entry.compressedBytes, foundBytes: max(directoryOffset - dataOffset, 0)))
        }
        let name = try file.bytes(at: entry.headerOffset + Int64(ZipFormat.localHeaderBytes), count: nameBytes)
        guard header.u16(at: 8) == entry.method, String(decoding: name, as: UTF8.self) == entry.name else {
            throw fail(.corrupt("its header and the archive's directory differ; copy the file again"))
        }
        return dataOffset
    }
}
