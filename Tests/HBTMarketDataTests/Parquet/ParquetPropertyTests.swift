import Testing

@testable import HBTMarketData

@Test(arguments: 1...60)
func anyTableComesBack(seed: UInt64) throws {
    let folder = try ScratchFolder()
    var random = FormatRandom(seed: seed)
    let table = random.table(rows: [0, 1, 63, 500, 3000][Int.random(in: 0..<5, using: &random)])
    let codec: ParquetCodec = Bool.random(using: &random) ? .uncompressed : .standard
    let groupRows = Int.random(in: 1...1000, using: &random)
    try table.write(to: folder("x.parquet"), rowGroupRows: groupRows, codec: codec)
    #expect(try PlainTable(path: folder("x.parquet")).isSame(as: table))
}

@Test(arguments: 1...20)
func batchesDoNotReachTheBytes(seed: UInt64) throws {
    let folder = try ScratchFolder()
    var random = FormatRandom(seed: 1000 + seed)
    var table = random.table(rows: 700)
    // Column by column, nulls need optional columns.
    table.columns = table.columns.map { ParquetColumn($0.name, $0.type, isOptional: true) }
    let groupRows = Int.random(in: 1...900, using: &random), groupBytes = Int.random(in: 1000...20_000, using: &random)
    try table.write(to: folder("rows.parquet"), rowGroupRows: groupRows, rowGroupBytes: groupBytes)
    let writer = try ParquetWriter(
        path: folder("batches.parquet"), columns: table.columns, rowGroupRows: groupRows, rowGroupBytes: groupBytes)
    var start = 0
    while start < table.rows.count {
        let end = min(table.rows.count, start + Int.random(in: 0...400, using: &random))
        try table.append(start..<end, to: writer)
        start = end
    }
    try writer.finish()
    #expect(try bytes(of: folder("rows.parquet")) == bytes(of: folder("batches.parquet")))
}
