import HBTTypes
import Testing

@testable import HBTMarketData

private func content(of archive: ZipArchive, _ name: String) throws -> [UInt8] {
    let stream = try archive.open(name)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Int(stream.totalBytes) + 1, alignment: 1)
    defer { buffer.deallocate() }
    let got = try stream.read(into: buffer)
    try stream.finish()
    return [UInt8](buffer[0..<got])
}

@Test(arguments: [0, 6], [ZipFormat.max32, 100_000, 1])
func membersComeBackWithAndWithoutZip64(level: Int, zip64From: UInt64) throws {
    let folder = try ScratchFolder()
    let first = someEvents(3000).withUnsafeBytes { [UInt8]($0) }
    let zip = try ZipWriter(path: folder("x.zip"), zip64From: zip64From)
    try zip.beginMember("a", level: level, prefixBytes: 3)
    try first.withUnsafeBytes { try zip.append($0) }
    try zip.endMember(prefix: [1, 2, 3])
    try zip.beginMember("empty", level: level)
    try zip.endMember()
    try zip.beginMember("b", level: level)
    try [9, 9].withUnsafeBytes { try zip.append($0) }
    try zip.endMember()
    try zip.finish()

    let archive = try ZipArchive(path: folder("x.zip"))
    #expect(archive.entries.map(\.name) == ["a", "empty", "b"])
    #expect(try content(of: archive, "a") == [1, 2, 3] + first)
    #expect(try content(of: archive, "empty") == [])
    #expect(try content(of: archive, "b") == [9, 9].withUnsafeBytes { [UInt8]($0) })
    let end64: [UInt8] = [0x50, 0x4b, 6, 6]
    let tail = try bytes(of: folder("x.zip")).suffix(98)
    let isWide = zip64From == 1 || (zip64From == 100_000 && level == 0)
    #expect((Array(tail.prefix(4)) == end64) == isWide, "zip64 exactly when a size needs it")
}

@Test func moreMembersThanSixteenBitsCount() throws {
    let folder = try ScratchFolder()
    let zip = try ZipWriter(path: folder("x.zip"))
    for index in 0..<65_540 {
        try zip.beginMember(String(index), level: 0)
        try zip.endMember()
    }
    try zip.finish()
    let archive = try ZipArchive(path: folder("x.zip"))
    #expect(archive.entries.count == 65_540)
    #expect(try content(of: archive, "65539") == [])
}
