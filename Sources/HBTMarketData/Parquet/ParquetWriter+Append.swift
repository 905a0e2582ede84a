/// Appending. Columns are filled one by one, `endRows` makes rows of them; `appendRow` does both for one row.
///
/// The column's type decides which function fits it (`append(_: [Int64])` for timestamps, too); another one is a
/// mistake in the program and traps.
extension ParquetWriter {
    public func append(_ values: UnsafeBufferPointer<Double>, toColumn index: Int) { buffer(index, .double).append(values) }
    public func append(_ values: UnsafeBufferPointer<Int64>, toColumn index: Int) { buffer(index, .int64).append(values) }
    public func append(_ values: UnsafeBufferPointer<Int32>, toColumn index: Int) { buffer(index, .int32).append(values) }
    public func append(_ values: UnsafeBufferPointer<Bool>, toColumn index: Int) { buffer(index, .boolean).append(values) }

    public func append(_ values: [Double], toColumn index: Int) { values.withUnsafeBufferPointer { append($0, toColumn: index) } }
    public func append(_ values: [Int64], toColumn index: Int) { values.withUnsafeBufferPointer { append($0, toColumn: index) } }
    public func append(_ values: [Int32], toColumn index: Int) { values.withUnsafeBufferPointer { append($0, toColumn: index) } }
    public func append(_ values: [Bool], toColumn index: Int) { values.withUnsafeBufferPointer { append($0, toColumn: index) } }
    public func append(_ values: [String], toColumn index: Int) {
        let buffer = buffer(index, .byteArray)
        for value in values { buffer.append(text: value) }
    }

    public func append(_ values: [Double?], toColumn index: Int) { append(optional: values, to: buffer(index, .double)) }
    public func append(_ values: [Int64?], toColumn index: Int) { append(optional: values, to: buffer(index, .int64)) }
    public func append(_ values: [Int32?], toColumn index: Int) { append(optional: values, to: buffer(index, .int32)) }
    public func append(_ values: [Bool?], toColumn index: Int) { append(optional: values, to: buffer(index, .boolean)) }
    public func append(_ values: [String?], toColumn index: Int) {
        let buffer = buffer(index, .byteArray)
        for value in values {
            if let value { buffer.append(text: value) } else { buffer.appendNull() }
        }
    }

    /// Makes rows of what was appended to the columns since the last row; writes row groups that are full.
    ///
    /// - Throws: `invalid` when the columns differ in length, `cannotWrite`.
    public func endRows() throws(MarketDataError) {
        let pending = buffers[0].count
        for buffer in buffers where buffer.count != pending {
            let (first, other) = (columns[0].name, buffer.column.name)
            throw MarketDataError(
                path: path, .invalid("column \(first) got \(pending) values, column \(other) \(buffer.count); append equally many"))
        }
        try complete(pending - completeRows)
    }

    /// - Throws: `invalid` when the values do not fit the columns, `cannotWrite`.
    public func appendRow(_ row: [ParquetValue]) throws(MarketDataError) {
        precondition(buffers.allSatisfy { $0.count == completeRows }, "endRows comes before a single row")
        guard row.count == buffers.count else {
            throw MarketDataError(path: path, row: rowCount, .invalid("\(row.count) values for \(buffers.count) columns; give one each"))
        }
        // Nothing is appended unless all of it fits.
        for (value, buffer) in zip(row, buffers) where !buffer.takes(value) {
            let wanted = "\(buffer.column.type)\(buffer.column.isOptional ? " or null" : "")"
            throw MarketDataError(path: path, row: rowCount, .invalid("column \(buffer.column.name) is \(wanted), not \(value)"))
        }
        for (value, buffer) in zip(row, buffers) { buffer.append(value) }
        try complete(1)
    }

    private func buffer(_ index: Int, _ physical: ParquetFormat.Physical) -> ParquetColumnBuffer {
        precondition(buffers.indices.contains(index), "columns are numbered from 0")
        precondition(buffers[index].physical == physical, "column \(columns[index].name) is \(columns[index].type)")
        return buffers[index]
    }

    private func append<Value: BitwiseCopyable>(optional values: [Value?], to buffer: ParquetColumnBuffer) {
        for value in values {
            if let value { buffer.append(value) } else { buffer.appendNull() }
        }
    }
}

extension ParquetColumnBuffer {
    func takes(_ value: ParquetValue) -> Bool {
        switch value {
        case .null: column.isOptional
        case .bool: physical == .boolean
        case .int32: physical == .int32
        case .int64: physical == .int64
        case .double: physical == .double
        case .string: physical == .byteArray
        }
    }

    func append(_ value: ParquetValue) {
        switch value {
        case .null: appendNull()
        case .bool(let value): append(value)
        case .int32(let value): append(value)
        case .int64(let value): append(value)
        case .double(let value): append(value)
        case .string(let value): append(text: value)
        }
    }
}
