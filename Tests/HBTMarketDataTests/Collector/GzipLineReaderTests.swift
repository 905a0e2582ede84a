import Testing

@testable import HBTMarketData

private let text = "first\n\nthird line, longer than the block\r\nlast without newline"
private let lines = ["first", "", "third line, longer than the block\r", "last without newline"]

@Test(arguments: [16, 17, 64, 1 << 20])
func plainAndGzipTextGiveTheSameLines(blockBytes: Int) throws {
    let folder = try ScratchFolder()
    let plain = try folder.write([UInt8](text.utf8), to: "plain")
    let zipped = try folder.write(gzipMember([UInt8](text.utf8)), to: "zipped")
    for path in [plain, zipped] {
        let (found, error) = readLines(path, blockBytes: blockBytes)
        #expect(found == lines)
        #expect(error == nil)
    }
}

@Test func membersAreOneText() throws {
    let folder = try ScratchFolder()
    let bytes = gzipMember([UInt8]("a\nb".utf8)) + gzipMember([]) + gzipMember([UInt8]("c\nd\n".utf8)) + [0, 0, 0]
    let path = try folder.write(bytes, to: "x.gz")
    #expect(readLines(path).lines == ["a", "bc", "d"])
    #expect(readLines(path).error == nil)
}

@Test func aLineOfManyMegabytes() throws {
    let folder = try ScratchFolder()
    let long = String(repeating: "x", count: 3_000_000)
    let path = try folder.write(gzipMember([UInt8]("a\n\(long)\nb\n".utf8)), to: "x.gz")
    #expect(readLines(path, blockBytes: 1000).lines == ["a", long, "b"])
}

@Test func aFileThatBreaksOffGivesWhatItHasAndThenTheLine() throws {
    let folder = try ScratchFolder()
    let whole = gzipMember([UInt8]("one\ntwo\nthree\n".utf8))
    for count in 2..<whole.count {
        let path = try folder.write([UInt8](whole[..<count]), to: "x.gz")
        let (found, error) = readLines(path)
        #expect(found == ["one", "two", "three"].prefix(found.count).map { $0 })
        #expect(error?.line == found.count + 1, "cut at \(count)")
        #expect(error?.description.contains("breaks off") == true)
    }
}

@Test func damageIsNamed() throws {
    let folder = try ScratchFolder()
    var badCRC = gzipMember([UInt8]("one\ntwo\n".utf8))
    badCRC[badCRC.count - 6] ^= 1
    let tail = gzipMember([UInt8]("one\ntwo\n".utf8)) + [UInt8]("rubbish".utf8)
    for (bytes, word) in [(badCRC, "incorrect data check"), (tail, "bytes after the end")] {
        let (found, error) = readLines(try folder.write(bytes, to: "x.gz"))
        #expect(found == ["one", "two"])
        #expect(error?.line == 3)
        #expect(error?.description.contains(word) == true)
    }
    #expect(readLines(folder("absent")).error?.reason == .cannotOpen("No such file or directory"))
    #expect(readLines(folder.path).error?.reason == .cannotRead("Is a directory"))
}

@Test func anEmptyFileHasNoLines() throws {
    let folder = try ScratchFolder()
    for bytes in [[], gzipMember([])] {
        let (found, error) = readLines(try folder.write(bytes, to: "x"))
        #expect(found.isEmpty && error == nil)
    }
}

private func zstdFrame(_ text: String) -> [UInt8] {
    let packed = RawBuffer()
    let compressor = ZstdCompressor(level: 3)
    Array(text.utf8).withUnsafeBytes { compressor.compress($0, to: packed) }
    return Array(packed.view)
}

@Test(arguments: [16, 17, 1 << 20])
func zstdFramesAreOneText(blockBytes: Int) throws {
    let folder = try ScratchFolder()
    let long = String(repeating: "x", count: 1_000_000)
    let path = try folder.write(zstdFrame("a\n\(long)\nb") + zstdFrame("") + zstdFrame("c\nd\n"), to: "x.zst")
    let (found, error) = readLines(path, blockBytes: blockBytes)
    #expect(found == ["a", long, "bc", "d"])
    #expect(error == nil)
}

@Test func zstdThatBreaksOffOrIsDamagedSaysSo() throws {
    let folder = try ScratchFolder()
    let whole = zstdFrame("one\ntwo\nthree\n")
    for count in 4..<whole.count {
        let (found, error) = readLines(try folder.write([UInt8](whole[..<count]), to: "x.zst"))
        #expect(found == ["one", "two", "three"].prefix(found.count).map { $0 })
        #expect(error?.description.contains("breaks off") == true, "cut at \(count)")
    }
    let (found, error) = readLines(try folder.write(whole + Array("rubbish".utf8), to: "x.zst"))
    #expect(found == ["one", "two", "three"])
    #expect(error?.description.contains("damaged") == true)
}
