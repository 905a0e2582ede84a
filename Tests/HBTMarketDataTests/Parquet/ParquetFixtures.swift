@testable import HBTMarketData

/// A table in the plainest form: rows of values. The slow twin of columns, pages and encodings.
struct PlainTable {
    var columns: [ParquetColumn]
    var rows: [[ParquetValue]] = []

    func write(
        to path: String, rowGroupRows: Int = 1 << 20, rowGroupBytes: Int = 64 << 20, codec: ParquetCodec = .standard
    ) throws {
        let writer = try ParquetWriter(
            path: path, columns: columns, rowGroupRows: rowGroupRows, rowGroupBytes: rowGroupBytes, codec: codec)
        for row in rows { try writer.appendRow(row) }
        try writer.finish()
    }

    /// Appends `rows[range]` column by column.
    func append(_ range: Range<Int>, to writer: ParquetWriter) throws {
        for (index, column) in columns.enumerated() {
            let values = rows[range].map { $0[index] }
            switch column.type {
            case .bool: writer.append(values.map { if case .bool(let value) = $0 { value } else { nil } }, toColumn: index)
            case .int32: writer.append(values.map { if case .int32(let value) = $0 { value } else { nil } }, toColumn: index)
            case .double: writer.append(values.map { if case .double(let value) = $0 { value } else { nil } }, toColumn: index)
            case .string: writer.append(values.map { if case .string(let value) = $0 { value } else { nil } }, toColumn: index)
            default: writer.append(values.map { if case .int64(let value) = $0 { value } else { nil } }, toColumn: index)
            }
        }
        try writer.endRows()
    }

    init(columns: [ParquetColumn], rows: [[ParquetValue]] = []) {
        self.columns = columns
        self.rows = rows
    }

    /// All of a file.
    init(path: String) throws {
        let reader = try ParquetReader(path: path)
        columns = reader.columns
        for group in 0..<reader.rowGroupCount {
            let table = try reader.read(group: group)
            for row in 0..<table.rowCount { rows.append(table.columns.map { $0.value(at: row) }) }
        }
    }

    /// Equality by bits: NaN equals itself, 0 does not equal −0.
    func isSame(as other: PlainTable) -> Bool {
        columns == other.columns && rows.count == other.rows.count
            && zip(rows, other.rows).allSatisfy { $0.count == $1.count && zip($0, $1).allSatisfy(Self.isSame) }
    }

    static func isSame(_ a: ParquetValue, _ b: ParquetValue) -> Bool {
        if case .double(let x) = a, case .double(let y) = b { return x.bitPattern == y.bitPattern }
        return a == b
    }
}

extension ParquetColumnValues {
    func value(at row: Int) -> ParquetValue {
        if isValid?[row] == false { return .null }
        switch values {
        case .bools(let values): return .bool(values[row])
        case .int32s(let values): return .int32(values[row])
        case .int64s(let values): return .int64(values[row])
        case .uint32s(let values): return .int64(Int64(values[row]))
        case .uint64s(let values): return .string("\(values[row])")
        case .floats(let values): return .double(Double(values[row]))
        case .doubles(let values): return .double(values[row])
        case .strings(let values): return .string(values[row])
        case .binaries(let values): return .string("\(values[row])")
        }
    }
}

extension FormatRandom {
    private static let types: [ParquetType] = [
        .bool, .int32, .int64, .double, .string, .timestampNs, .timestamp(.milliseconds, isUTC: true),
        .timestamp(.microseconds, isUTC: false),
    ]

    /// Any schema, any rows: constant, of few values, of many, with runs, with nulls.
    mutating func table(rows: Int) -> PlainTable {
        var table = PlainTable(columns: [])
        var kinds: [Int] = []
        for index in 0..<Int.random(in: 1...6, using: &self) {
            let type = Self.types[Int.random(in: 0..<Self.types.count, using: &self)]
            table.columns.append(ParquetColumn("c\(index)", type, isOptional: Bool.random(using: &self)))
            kinds.append(Int.random(in: 0..<4, using: &self))
        }
        for row in 0..<rows {
            var values: [ParquetValue] = []
            for (column, kind) in zip(table.columns, kinds) {
                let isRepeated = row > 0 && kind == 3 && Int.random(in: 0..<20, using: &self) > 0
                let before = isRepeated ? table.rows[row - 1][values.count] : .null
                values.append(isRepeated ? before : value(column, distinct: [1, 5, 1 << 40, 30][kind]))
            }
            table.rows.append(values)
        }
        return table
    }

    mutating func value(_ column: ParquetColumn, distinct: Int) -> ParquetValue {
        if column.isOptional, Int.random(in: 0..<4, using: &self) == 0 { return .null }
        let number = Int.random(in: 0..<distinct, using: &self)
        switch column.type {
        case .bool: return .bool(number & 1 == 1)
        case .int32: return .int32(Int32(truncatingIfNeeded: number &* 0x9E37_79B9))
        case .double:
            let special: [Double] = [.nan, .infinity, -.infinity, 0, -0.0, .leastNonzeroMagnitude, -.greatestFiniteMagnitude]
            return .double(number % 9 < special.count ? special[number % 9] : Double(number) / 7)
        case .string: return .string(["", "a", "é", "日本語", "👩‍🚀"][number % 5] + (number > 20 ? "\(number)" : ""))
        default: return .int64(Int64(truncatingIfNeeded: number) &* 0x5E37_79B9_7F4A_7C15)
        }
    }
}
