@testable import HBTMarketData

/// Archives as other programs write them, and as none should: every field can be set.
struct HandmadeZip {
    struct Member {
        var name = "data.npy"
        var content: [UInt8]
        var method: UInt16 = ZipEntry.stored
        var flags: UInt16 = 0
        /// Sizes and checksum after the data instead of before it.
        var hasDescriptor = false
        var localExtra: [UInt8] = []
        var centralExtra: [UInt8] = []
        var crc: UInt32?
        /// What the directory claims, when it lies.
        var claimedBytes: UInt32?
        /// Bytes after the end of the deflate data, counted as compressed.
        var junk: [UInt8] = []
    }

    var members: [Member]
    var comment: [UInt8] = []

    static func deflated(_ content: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        content.withUnsafeBytes { raw in
            try? Deflater(level: 6).deflate(raw, last: true) { (piece) throws(MarketDataError) in result += piece }
        }
        return result
    }

    func bytes() -> [UInt8] {
        var file: [UInt8] = []
        var directory: [UInt8] = []
        for member in members {
            let data = (member.method == ZipEntry.deflated ? Self.deflated(member.content) : member.content) + member.junk
            let crc = member.crc ?? member.content.withUnsafeBytes { crc32(0, $0) }
            let flags = member.flags | (member.hasDescriptor ? 8 : 0)
            let size = member.claimedBytes ?? UInt32(member.content.count)
            let offset = UInt32(file.count)
            file.append32(ZipFormat.localHeader)
            for value in [20, flags, member.method, 0x7d1c, 0x354b] { file.append16(value) }
            for value in [crc, UInt32(data.count), size] { file.append32(member.hasDescriptor ? 0 : value) }
            file.append16(UInt16(member.name.utf8.count))
            file.append16(UInt16(member.localExtra.count))
            file += member.name.utf8 + member.localExtra + data
            if member.hasDescriptor { for value in [0x0807_4b50, crc, UInt32(data.count), size] { file.append32(value) } }
            directory.append32(ZipFormat.directoryEntry)
            for value in [20, 20, flags, member.method, 0x7d1c, 0x354b] { directory.append16(value) }
            for value in [crc, UInt32(data.count), size] { directory.append32(value) }
            directory.append16(UInt16(member.name.utf8.count))
            directory.append16(UInt16(member.centralExtra.count))
            for _ in 0..<3 { directory.append16(0) }
            directory.append32(0)
            directory.append32(offset)
            directory += member.name.utf8 + member.centralExtra
        }
        let start = UInt32(file.count)
        file += directory
        file.append32(ZipFormat.end)
        for value in [0, 0, UInt16(members.count), UInt16(members.count)] { file.append16(value) }
        file.append32(UInt32(directory.count))
        file.append32(start)
        file.append16(UInt16(comment.count))
        return file + comment
    }
}
