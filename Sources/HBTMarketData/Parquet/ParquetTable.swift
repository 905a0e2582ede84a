/// Some columns of one row group.
public struct ParquetTable: Sendable {
    /// The file, for errors.
    public let path: String
    public let rowCount: Int
    /// In the order in which they were asked for.
    public let columns: [ParquetColumnValues]

    /// - Throws: `invalid` when there is no such column.
    public func column(_ name: String) throws(MarketDataError) -> ParquetColumnValues {
        guard let found = columns.first(where: { $0.column.name == name }) else {
            throw MarketDataError(path: path, .invalid(ParquetReader.noColumn(name, among: columns.map(\.column.name))))
        }
        return found
    }

    /// A column of doubles, floats or 32-bit integers, all of which doubles hold exactly; null is NaN.
    ///
    /// - Throws: `invalid` when there is no such column or it is of another type.
    public func doubles(_ name: String) throws(MarketDataError) -> [Double] {
        let column = try column(name)
        switch column.values {
        case .doubles(let values): return values
        case .floats(let values): return values.map(Double.init)
        case .int32s(let values): return column.map(values, null: .nan, Double.init)
        case .uint32s(let values): return column.map(values, null: .nan, Double.init)
        default: throw wrongType(column, wanted: "double")
        }
    }

    /// A column of integers without nulls.
    ///
    /// - Throws: `invalid` when there is no such column, it is of another type, a row is null or over 63 bits.
    public func int64s(_ name: String) throws(MarketDataError) -> [Int64] {
        let column = try column(name)
        try expectNoNulls(column)
        switch column.values {
        case .int64s(let values): return values
        case .int32s(let values): return values.map(Int64.init)
        case .uint32s(let values): return values.map(Int64.init)
        case .uint64s(let values):
            if let row = values.firstIndex(where: { $0 > Int64.max }) {
                throw MarketDataError(path: path, row: row, .invalid("column \(name) holds \(values[row]), over 63 bits; write smaller numbers"))
            }
            return values.map { Int64(truncatingIfNeeded: $0) }
        default: throw wrongType(column, wanted: "an integer")
        }
    }

    /// A column of timestamps without nulls, in nanoseconds since the Unix epoch. Integers are taken for nanoseconds.
    ///
    /// - Throws: `invalid` as `int64s`, or for a time that nanoseconds cannot hold (before 1677, after 2262).
    public func nanoseconds(_ name: String) throws(MarketDataError) -> [Int64] {
        let column = try column(name)
        guard case .timestamp(let unit, _) = column.column.type, unit != .nanoseconds else { return try int64s(name) }
        var values = try int64s(name)
        for row in values.indices {
            let (product, isTooLarge) = values[row].multipliedReportingOverflow(by: unit.nanoseconds)
            guard !isTooLarge else {
                throw MarketDataError(
                    path: path, row: row, .invalid("column \(name) holds \(values[row]) \(unit), which nanoseconds cannot hold; correct it"))
            }
            values[row] = product
        }
        return values
    }

    /// A column of strings; null is the empty string.
    ///
    /// - Throws: `invalid` when there is no such column or it is of another type.
    public func strings(_ name: String) throws(MarketDataError) -> [String] {
        let column = try column(name)
        guard case .strings(let values) = column.values else { throw wrongType(column, wanted: "string") }
        return values
    }

    /// - Throws: `invalid` when there is no such column, it is of another type, or a row is null.
    public func bools(_ name: String) throws(MarketDataError) -> [Bool] {
        let column = try column(name)
        try expectNoNulls(column)
        guard case .bools(let values) = column.values else { throw wrongType(column, wanted: "bool") }
        return values
    }

    private func expectNoNulls(_ column: ParquetColumnValues) throws(MarketDataError) {
        guard let row = column.isValid?.firstIndex(of: false) else { return }
        throw MarketDataError(path: path, row: row, .invalid("column \(column.column.name) is null; fill it or leave the row out"))
    }

    private func wrongType(_ column: ParquetColumnValues, wanted: String) -> MarketDataError {
        MarketDataError(path: path, .invalid("column \(column.column.name) is \(column.column.type), not \(wanted); convert it"))
    }
}

extension ParquetColumnValues {
    fileprivate func map<Value>(_ values: [Value], null: Double, _ convert: (Value) -> Double) -> [Double] {
        guard let isValid else { return values.map(convert) }
        return zip(values, isValid).map { $1 ? convert($0) : null }
    }
}
