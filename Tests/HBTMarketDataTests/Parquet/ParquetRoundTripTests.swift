import Testing

@testable import HBTMarketData

private let everyType: [ParquetColumn] = [
    ParquetColumn("time", .timestampNs), ParquetColumn("bool", .bool), ParquetColumn("int32", .int32), ParquetColumn("int64", .int64),
    ParquetColumn("double", .double), ParquetColumn("string", .string), ParquetColumn("maybe bool", .bool, isOptional: true),
    ParquetColumn("maybe int32", .int32, isOptional: true), ParquetColumn("maybe double", .double, isOptional: true),
    ParquetColumn("maybe string", .string, isOptional: true),
]

private func row(_ index: Int) -> [ParquetValue] {
    [
        .int64(1_721_347_200_000_000_000 + Int64(index)), .bool(index % 3 == 0), .int32(Int32(index % 7) - 3), .int64(.min + Int64(index)),
        .double([.nan, .infinity, -.infinity, -0.0, 1.5][index % 5]), .string(["", "BTCUSDT", "日本", "\0"][index % 4]),
        index % 2 == 0 ? .null : .bool(true), index % 3 == 0 ? .null : .int32(.max), index % 5 == 0 ? .null : .double(Double(index) / 3),
        index % 4 == 0 ? .null : .string("text \(index)"),
    ]
}

@Test(arguments: [0, 1, 7, 8, 9, 1000], [ParquetCodec.uncompressed, .zstd(level: 1), .zstd(level: 19)])
func everyTypeComesBack(rows: Int, codec: ParquetCodec) throws {
    let folder = try ScratchFolder()
    let table = PlainTable(columns: everyType, rows: (0..<rows).map(row))
    for groupRows in [1 << 20, 100, 8] {
        try table.write(to: folder("x.parquet"), rowGroupRows: groupRows, codec: codec)
        let reader = try ParquetReader(path: folder("x.parquet"))
        #expect(reader.rowCount == rows && reader.rowGroupCount == (rows + groupRows - 1) / groupRows)
        #expect(try PlainTable(path: folder("x.parquet")).isSame(as: table))
    }
    #expect(try folder.names() == ["x.parquet"])
}

@Test func aColumnOfNullsAloneComesBack() throws {
    let folder = try ScratchFolder()
    for type in [ParquetType.bool, .int32, .int64, .double, .string] {
        let table = PlainTable(columns: [ParquetColumn("x", type, isOptional: true)], rows: Array(repeating: [.null], count: 100))
        try table.write(to: folder("x.parquet"))
        #expect(try PlainTable(path: folder("x.parquet")).isSame(as: table))
    }
}

@Test func chosenColumnsComeInTheOrderAskedFor() throws {
    let folder = try ScratchFolder()
    try PlainTable(columns: everyType, rows: (0..<50).map(row)).write(to: folder("x.parquet"), rowGroupRows: 20)
    let reader = try ParquetReader(path: folder("x.parquet"))
    let table = try reader.read(group: 2, columns: ["maybe double", "time"])
    #expect(table.columns.map(\.column.name) == ["maybe double", "time"])
    #expect(try table.nanoseconds("time") == (40..<50).map { 1_721_347_200_000_000_000 + $0 })
    let doubles = try table.doubles("maybe double")
    #expect(doubles[0].isNaN && doubles[1] == 41 / 3.0)
    #expect(failure { try reader.read(group: 0, columns: ["price"]) }?.description.contains("no column price; there are time, bool") == true)
    #expect(failure { try table.strings("time") }?.description.hasSuffix("not string; convert it") == true)
    #expect(failure { try reader.read(group: 0, columns: ["maybe int32"]).int64s("maybe int32") }?.row == 0)
}

@Test func keysAndValuesComeBackInOrder() throws {
    let folder = try ScratchFolder()
    let pairs = [(key: "z", value: "1"), (key: "a", value: "ü"), (key: "", value: "")]
    let writer = try ParquetWriter(path: folder("x.parquet"), columns: [ParquetColumn("x", .double)], metadata: pairs)
    try writer.finish()
    let reader = try ParquetReader(path: folder("x.parquet"))
    #expect(reader.metadata.elementsEqual(pairs, by: ==) && reader.createdBy == "hbt")
}

@Test func manyRowsMakeManyPages() throws {
    let folder = try ScratchFolder()
    let count = 400_000
    let writer = try ParquetWriter(
        path: folder("x.parquet"), columns: [ParquetColumn("x", .double), ParquetColumn("y", .int64, isOptional: true), ParquetColumn("b", .bool)])
    let x = (0..<count).map { Double($0) / 7 }
    let y = (0..<count).map { $0 % 1000 < 400 ? nil : Int64($0 / 4) }
    let b = (0..<count).map { $0 % 3 == 1 }
    x.withUnsafeBufferPointer { writer.append($0, toColumn: 0) }
    writer.append(y, toColumn: 1)
    writer.append(b, toColumn: 2)
    try writer.endRows()
    try writer.finish()
    let table = try ParquetReader(path: folder("x.parquet")).read(group: 0)
    #expect(try table.doubles("x") == x)
    #expect(try table.bools("b") == b)
    let column = try table.column("y")
    #expect((0..<count).allSatisfy { column.value(at: $0) == (y[$0].map { .int64($0) } ?? .null) })
}

@Test func aRowGroupIsBoundByBytesToo() throws {
    let folder = try ScratchFolder()
    // A row needs 8 bytes, 4 for the length of the text, and the text.
    let texts = [10, 10, 100, 1, 1, 500, 500, 1].map { String(repeating: "x", count: $0) }
    let table = PlainTable(
        columns: [ParquetColumn("x", .double), ParquetColumn("s", .string)], rows: texts.map { [.double(1), .string($0)] })
    try table.write(to: folder("x.parquet"), rowGroupBytes: 140)
    let reader = try ParquetReader(path: folder("x.parquet"))
    #expect((0..<reader.rowGroupCount).map { reader.rowCount(ofGroup: $0) } == [2, 3, 1, 1, 1])
    #expect(try PlainTable(path: folder("x.parquet")).isSame(as: table))
}
