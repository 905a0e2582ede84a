import HBTTypes
import Testing

@testable import HBTMarketData

@Test(arguments: ["x.npz", "x.npy"], [0, 1, 1000, 20_000])
func rowsComeBackAsWritten(name: String, count: Int) throws {
    let folder = try ScratchFolder()
    let rows = someEvents(count)
    let writer = try EventFileWriter(path: folder(name))
    try writer.append(rows)
    #expect(try folder.names() != [name], "the name appears only at the end")
    try writer.finish()
    #expect(try folder.names() == [name])
    let source = try EventFiles.open(folder(name))
    #expect(source.rowsTotal == Int64(count))
    #expect(sameBytes(try drain(source), rows))
    #expect(sameBytes(try EventFileReader.readAll(folder(name)), rows))
}

@Test(arguments: ["x.npz", "x.npy"], [0, 1, 6, 9])
func bytesDoNotDependOnTheChunks(name: String, level: Int) throws {
    let folder = try ScratchFolder()
    let rows = someEvents(30_000)
    let whole = try EventFileWriter(path: folder(name), level: level)
    try whole.append(rows)
    try whole.finish()
    let expected = try bytes(of: folder(name))
    var random = FormatRandom(seed: 5)
    let pieces = try EventFileWriter(path: folder("2" + name), level: level)
    var next = 0
    while next < rows.count {
        let count = min(Int.random(in: 0...3000, using: &random), rows.count - next)
        try pieces.append(Array(rows[next..<(next + count)]))
        next += count
    }
    try pieces.finish()
    #expect(try bytes(of: folder("2" + name)) == expected)
}

@Test(arguments: ["x.npz", "x.npy"])
func anUnfinishedFileLeavesNothing(name: String) throws {
    let folder = try ScratchFolder()
    _ = try folder.write([1, 2, 3], to: name)
    do {
        let writer = try EventFileWriter(path: folder(name))
        try writer.append(someEvents(10_000))
    }
    #expect(try folder.names() == [name])
    #expect(try bytes(of: folder(name)) == [1, 2, 3], "the older file stays")
}

@Test func aFinishedFileReplacesTheOlderOne() throws {
    let folder = try ScratchFolder()
    let path = try folder.write([1, 2, 3], to: "x.npz")
    let writer = try EventFileWriter(path: path)
    try writer.append(someEvents(3))
    try writer.finish()
    #expect(try EventFileReader.readAll(path).count == 3)
    let again = failure { try writer.append(someEvents(1)) }
    #expect(again?.reason == .cannotWrite("it is closed"))
    #expect(failure { try writer.finish() }?.reason == .cannotWrite("it is closed"))
}

@Test func placesThatCannotBeWrittenAreErrors() throws {
    let folder = try ScratchFolder()
    #expect(failure { try EventFileWriter(path: folder("no/such/x.npz")) }?.description
        == "\(folder("no/such/x.npz")): cannot be written: No such file or directory")
    #expect(failure { try EventFileWriter(path: folder("x.csv")) }?.description
        == "\(folder("x.csv")): unsupported file type to write; end the name in .npz or .npy")
    #expect(try folder.names().isEmpty)
}
