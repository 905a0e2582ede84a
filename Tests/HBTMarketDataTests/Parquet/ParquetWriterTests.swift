import Testing

@testable import HBTMarketData

@Test func aFileAppearsOnlyWhenFinished() throws {
    let folder = try ScratchFolder()
    var writer: ParquetWriter? = try ParquetWriter(path: folder("x.parquet"), columns: [ParquetColumn("x", .double)])
    try writer?.appendRow([.double(1)])
    #expect(try folder.names().contains("x.parquet") == false)
    writer = nil
    #expect(try folder.names() == [])
}

@Test(arguments: [
    ([], "a table without columns; name at least one"),
    ([ParquetColumn("", .double)], "a column without a name; name it"),
    ([ParquetColumn("x", .double), ParquetColumn("x", .bool)], "two columns named x; rename one"),
    ([ParquetColumn("x", .float)], "unsupported type float of column x; write bool, int32, int64, double, string or timestamp"),
])
func aSchemaThatCannotBeWrittenIsAnError(columns: [ParquetColumn], message: String) throws {
    let folder = try ScratchFolder()
    let error = failure { try ParquetWriter(path: folder("x.parquet"), columns: columns) }
    #expect(error?.description == "\(folder("x.parquet")): \(message)")
    #expect(try folder.names() == [])
}

@Test func rowsThatDoNotFitAreErrorsAndLeaveNothingBehind() throws {
    let folder = try ScratchFolder()
    let columns = [ParquetColumn("x", .double), ParquetColumn("n", .int64, isOptional: true)]
    let writer = try ParquetWriter(path: folder("x.parquet"), columns: columns)
    try writer.appendRow([.double(1), .null])
    for row: [ParquetValue] in [[.double(1)], [.null, .int64(1)], [.double(1), .int32(1)], [.double(1), .string("")]] {
        #expect(failure { try writer.appendRow(row) }?.row == 1)
    }
    writer.append([2.0], toColumn: 0)
    #expect(failure { try writer.endRows() }?.description.contains("column x got 2 values, column n 1") == true)
    #expect(failure { try writer.finish() }?.description.contains("column x has 1 values after the last row") == true)
    writer.append([Int64(5)], toColumn: 1)
    try writer.endRows()
    try writer.finish()
    #expect(try PlainTable(path: folder("x.parquet")).rows == [[.double(1), .null], [.double(2), .int64(5)]])
}

@Test func repeatedValuesAreStoredOnce() throws {
    let folder = try ScratchFolder()
    let texts = (0..<10_000).map { "a rather long name of a symbol \($0 % 10)" }
    let writer = try ParquetWriter(
        path: folder("x.parquet"), columns: [ParquetColumn("s", .string), ParquetColumn("x", .double)], codec: .uncompressed)
    writer.append(texts, toColumn: 0)
    writer.append((0..<10_000).map { Double($0 % 100) }, toColumn: 1)
    try writer.endRows()
    try writer.finish()
    // 4 bits and 7 bits a row.
    #expect(try bytes(of: folder("x.parquet")).count < 5_000 + 8_750 + 3_000)
    #expect(try ParquetReader(path: folder("x.parquet")).read(group: 0).strings("s") == texts)
}

@Test func theSameTableHasTheSameBytesInEveryProcess() throws {
    let folder = try ScratchFolder()
    var random = FormatRandom(seed: 5)
    var sum: UInt32 = 0
    for _ in 0..<20 {
        try random.table(rows: 300).write(to: folder("x.parquet"), rowGroupRows: 128, codec: .uncompressed)
        sum = try bytes(of: folder("x.parquet")).withUnsafeBytes { crc32(sum, $0) }
    }
    // Changes when the format written does, and then on purpose.
    #expect(sum == 3_801_230_192)
}

/// The rules of `ColumnOrder` in `parquet.thrift`.
@Test func boundsLeaveOutNaNAndCoverBothZeros() throws {
    func statistics(_ values: [Double?]) throws -> ParquetStatistics {
        let buffer = try #require(ParquetColumnBuffer(ParquetColumn("x", .double, isOptional: true)))
        for value in values { if let value { buffer.append(value) } else { buffer.appendNull() } }
        return ParquetStatistics(of: buffer, rows: values.count)
    }
    func little(_ value: Double) -> [UInt8] { withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) } }

    let mixed = try statistics([.nan, 3, nil, -2, .infinity])
    #expect(mixed.nullCount == 1 && mixed.nanCount == 1)
    #expect(mixed.bounds?.least == little(-2) && mixed.bounds?.greatest == little(.infinity))
    let zeros = try statistics([0, -0.0])
    #expect(zeros.bounds?.least == little(-0.0) && zeros.bounds?.greatest == little(0.0))
    let nans = try statistics([.nan, nil])
    #expect(nans.bounds == nil && nans.nanCount == 1 && nans.nullCount == 1)
    let infinities = try statistics([.infinity, .infinity])
    #expect(infinities.bounds?.least == little(.infinity) && infinities.bounds?.greatest == little(.infinity))
    #expect(try statistics([nil]).bounds == nil)
}
