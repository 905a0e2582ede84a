import Foundation
import Testing

@testable import HBTMarketData

/// Against pyarrow, pandas and polars; only where a Python with pyarrow is found.
@Suite(.enabled(if: ParquetPython.isPresent)) struct ParquetPythonTests {
    private let rows = 1000

    private func text(_ value: ParquetValue) -> String {
        switch value {
        case .null: "null"
        case .bool(let value): "\(value)"
        case .int32(let value): "\(value)"
        case .int64(let value): "\(value)"
        case .double(let value): value.isNaN ? "nan" : "\(value.bitPattern)"
        case .string(let value): value
        }
    }

    @Test func filesOfOtherWritersAreRead() throws {
        let folder = try ScratchFolder()
        let made = try ParquetPython.run(ParquetPython.make, [folder.path])
        try #require(made.status == 0, "\(made.output)")
        let names = try folder.names().filter { $0.hasSuffix(".parquet") }
        #expect(names.count >= 21)
        for name in names {
            let table = try PlainTable(path: folder(name))
            #expect(table.rows.count == rows && table.columns.count >= 15, "\(name)")
            for (index, column) in table.columns.enumerated() {
                let wrong = table.rows.indices.first { row in
                    let found = text(table.rows[row][index]), expected = ParquetPython.expectedValue(column.name, row)
                    // pandas writes NaN as null.
                    return found != expected && !(name.hasPrefix("pandas") && found == "null" && expected == "nan")
                }
                #expect(wrong == nil, "\(name), column \(column.name), row \(wrong ?? 0): \(text(table.rows[wrong ?? 0][index]))")
            }
        }
        try units(folder("arrow-defaults.parquet"))
        try nested(folder("other/nested.parquet"))
        let lz4 = failure { try PlainTable(path: folder("other/lz4.parquet")) }
        #expect(lz4?.reason == .unsupported("column i64, row group 0: compression LZ4_RAW; write with zstd, snappy, gzip or none"))
        for name in ["arrow-snappy-2.0-True.parquet", "arrow-gzip-1.0-False.parquet", "arrow-delta-2.0.parquet"] {
            let file = try RewrittenFile(folder("damaged.parquet"))
            try damageAtRandom(bytes(of: folder(name)), rounds: 100, seed: 9) { _ = try file.table($0) }
        }
    }

    private func units(_ path: String) throws {
        let table = try ParquetReader(path: path).read(group: 0, columns: ["ns", "us", "ms", "oi32", "f32", "u64"])
        #expect(try table.nanoseconds("ns")[7] == 1_721_347_200_007_000_021)
        #expect(try table.nanoseconds("us")[7] == 1_721_347_200_007_021_000)
        #expect(try table.nanoseconds("ms")[7] == 1_721_347_200_091_000_000)
        #expect(try table.int64s("u64")[7] == .max - 7)
        #expect(try table.doubles("f32")[7] == 1.75)
        let doubles = try table.doubles("oi32")
        #expect(doubles[6] == -2 && doubles[7].isNaN)
    }

    private func nested(_ path: String) throws {
        let reader = try ParquetReader(path: path)
        #expect(reader.columns.map(\.name) == ["x", "y"])
        let table = try reader.read(group: 0, columns: ["y", "x"])
        #expect(try table.doubles("y") == [3, 4])
        #expect(try table.doubles("x") == [1, 2])
        for (columns, why) in [
            (["list"], "column list: it is nested, and only flat columns are read"),
            (["struct"], "column struct: it is nested, and only flat columns are read"),
            (["decimal"], "column decimal: it is a decimal; write it as double"), (nil, "column list: it is nested, and only flat columns are read"),
        ] {
            let error = failure { try reader.read(group: 0, columns: columns) }
            #expect(error?.reason == .unsupported(why + "; read the other columns by name"))
        }
    }

    @Test func otherReadersReadOurFiles() throws {
        let folder = try ScratchFolder()
        let types: [(String, ParquetType)] = [
            ("i64", .int64), ("i32", .int32), ("f64", .double), ("s", .string), ("long", .string), ("b", .bool), ("ns", .timestampNs),
            ("us", .timestamp(.microseconds, isUTC: true)), ("ms", .timestamp(.milliseconds, isUTC: false)),
        ]
        var table = PlainTable(columns: types.map { ParquetColumn($0.0, $0.1) } + types.map { ParquetColumn("o" + $0.0, $0.1, isOptional: true) })
        for row in 0..<rows {
            table.rows.append(table.columns.map { column in
                let text = ParquetPython.expectedValue(column.name, row)
                if text == "null" { return .null }
                switch column.type {
                case .bool: return .bool(text == "true")
                case .int32: return .int32(Int32(text) ?? 0)
                case .double: return .double(ParquetPython.double(row))
                case .string: return .string(text)
                default: return .int64(Int64(text) ?? 0)
                }
            })
        }
        for (index, groupRows) in [1 << 20, 300, 1].enumerated() {
            try table.write(to: folder("ours-\(index)-zstd.parquet"), rowGroupRows: groupRows)
            try table.write(to: folder("ours-\(index).parquet"), rowGroupRows: groupRows, codec: .uncompressed)
        }
        let judged = try ParquetPython.run(ParquetPython.judge, [folder.path])
        #expect(judged.status == 0 && judged.output.contains("6 judged"), "\(judged.output)")
    }

    @Test func otherReadersReadOurEmptyTable() throws {
        let folder = try ScratchFolder()
        try PlainTable(columns: [ParquetColumn("x", .double), ParquetColumn("s", .string, isOptional: true)]).write(to: folder("x.parquet"))
        let script = """
            import sys, pyarrow.parquet as pq
            table = pq.read_table(sys.argv[1])
            print(table.num_rows, table.column_names)
            """
        #expect(try ParquetPython.run(script, [folder("x.parquet")]).output == "0 ['x', 's']\n")
    }
}
