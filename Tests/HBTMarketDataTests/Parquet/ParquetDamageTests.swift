import Foundation
import Testing

@testable import HBTMarketData

/// Damaged copies of good files: an error or a table, never a crash. Pages have checksums, footers have none.
private func someFile(_ folder: ScratchFolder, codec: ParquetCodec) throws -> (bytes: [UInt8], table: PlainTable) {
    var random = FormatRandom(seed: 3)
    var table = random.table(rows: 16)
    while table.columns.count != 4 { table = random.table(rows: 16) }
    try table.write(to: folder("good.parquet"), rowGroupRows: 9, codec: codec)
    return (try bytes(of: folder("good.parquet")), table)
}

/// One file with ever other bytes: a new file each time costs some file systems milliseconds.
final class RewrittenFile {
    let path: String
    private let handle: FileHandle

    init(_ path: String) throws {
        self.path = path
        _ = FileManager.default.createFile(atPath: path, contents: nil)
        handle = try FileHandle(forUpdating: URL(fileURLWithPath: path))
    }

    func write(_ bytes: [UInt8]) throws -> String {
        try handle.seek(toOffset: 0)
        try handle.write(contentsOf: Data(bytes))
        try handle.truncate(atOffset: UInt64(bytes.count))
        return path
    }

    /// The table in these bytes, or nil for an error of ours.
    func table(_ damaged: [UInt8]) throws -> PlainTable? {
        do { return try PlainTable(path: write(damaged)) } catch is MarketDataError { return nil }
    }
}

@Test(arguments: [ParquetCodec.uncompressed, .standard])
func aParquetFileCutAnywhereIsAnError(codec: ParquetCodec) throws {
    let folder = try ScratchFolder()
    let file = try RewrittenFile(folder("x.parquet"))
    let (whole, _) = try someFile(folder, codec: codec)
    for count in 0..<whole.count {
        #expect(try file.table(Array(whole[0..<count])) == nil, "cut to \(count) bytes")
    }
}

@Test(arguments: [ParquetCodec.uncompressed, .standard])
func aFlippedByteOfAPageIsAnErrorOrDoesNotMatter(codec: ParquetCodec) throws {
    let folder = try ScratchFolder()
    let file = try RewrittenFile(folder("x.parquet"))
    let (whole, good) = try someFile(folder, codec: codec)
    let footerStart = whole.count - 8 - Int(whole.u32(at: whole.count - 8))
    var random = FormatRandom(seed: 4)
    var errors = 0
    for place in whole.indices {
        var damaged = whole
        damaged[place] ^= UInt8.random(in: 1...255, using: &random)
        let found = try file.table(damaged)
        if found == nil { errors += 1 }
        // A page header has no checksum: a flip may turn off the page's, or name another encoding. What is
        // left to show is that values under an intact header do not change unnoticed; see the next test.
        if place >= footerStart { continue }
        if let found { #expect(found.columns == good.columns && found.rows.count == good.rows.count) }
    }
    #expect(errors > whole.count / 2)
}

@Test func aFlippedBitOfTheValuesIsAnError() throws {
    let folder = try ScratchFolder()
    let file = try RewrittenFile(folder("x.parquet"))
    let column = ParquetColumn("x", .double)
    // No dictionary: the values are distinct.
    try PlainTable(columns: [column], rows: (0..<100).map { [.double(Double($0) / 3)] }).write(to: folder("g.parquet"), codec: .uncompressed)
    let whole = try bytes(of: folder("g.parquet"))
    let footerStart = whole.count - 8 - Int(whole.u32(at: whole.count - 8))
    for place in (footerStart - 100)..<footerStart {
        var damaged = whole
        damaged[place] ^= 1
        let error = failure { try PlainTable(path: file.write(damaged)) }
        #expect(error?.reason == .corrupt("column x, row group 0: a page does not match its checksum; copy or write the file again"))
    }
}

@Test(arguments: [ParquetCodec.uncompressed, .standard])
func randomDamageOfParquetNeverCrashes(codec: ParquetCodec) throws {
    let folder = try ScratchFolder()
    let file = try RewrittenFile(folder("x.parquet"))
    let (whole, _) = try someFile(folder, codec: codec)
    try damageAtRandom(whole, rounds: 5000, seed: 12) { _ = try file.table($0) }
}

/// Calls `body` with copies that differ in a few bytes.
func damageAtRandom(_ whole: [UInt8], rounds: Int, seed: UInt64, _ body: ([UInt8]) throws -> Void) throws {
    var random = FormatRandom(seed: seed)
    for _ in 0..<rounds {
        var damaged = whole
        for _ in 0..<Int.random(in: 1...6, using: &random) {
            let place = Int.random(in: 0..<damaged.count, using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0: damaged[place] = UInt8.random(in: 0...255, using: &random)
            case 1 where damaged.count > 1: damaged.remove(at: place)
            case 2: damaged.insert(UInt8.random(in: 0...255, using: &random), at: place)
            case 3: damaged[place] = 0
            default: damaged[place] = 0xff
            }
        }
        try body(damaged)
    }
}

@Test(arguments: [
    ([], "is not a Parquet file; check the name or convert it first"),
    (Array("PK\u{3}\u{4} some zip archive".utf8), "is not a Parquet file; check the name or convert it first"),
    (Array("PAR1 and then the copy stopped".utf8), "it begins as a Parquet file but does not end as one; copy the file again"),
    (Array("PAR1".utf8) + [255, 255, 255, 127] + Array("PAR1".utf8), "is truncated: 2,147,483,659 bytes expected, 12 found"),
    (Array("PARE12345678".utf8), "unsupported encryption; write the file without"),
])
func whatIsNoParquetFileIsNamed(bytes: [UInt8], message: String) throws {
    let folder = try ScratchFolder()
    let path = try folder.write(bytes, to: "x.parquet")
    let error = failure { try ParquetReader(path: path) }
    #expect(error?.description.contains(message) == true, "\(error?.description ?? "no error")")
}
