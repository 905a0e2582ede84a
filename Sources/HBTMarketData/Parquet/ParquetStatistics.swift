/// What a footer says about one column of one row group, so that readers can skip it.
struct ParquetStatistics {
    var nullCount = 0
    /// For floating point alone.
    var nanCount: Int?
    /// PLAIN bytes; nil when no value can stand for a bound.
    var bounds: (least: [UInt8], greatest: [UInt8])?

    /// Longer strings get no bounds: they would only make the footer large.
    static let longestBound = 256

    init(of buffer: ParquetColumnBuffer, rows: Int) {
        if buffer.column.isOptional { nullCount = buffer.validity.view(0..<rows).count { $0 == 0 } }
        guard nullCount < rows else {
            if buffer.physical == .double { nanCount = 0 }
            return
        }
        switch buffer.physical {
        case .boolean: ordered(UInt8.self, buffer, rows)
        case .int32: ordered(Int32.self, buffer, rows)
        case .int64: ordered(Int64.self, buffer, rows)
        case .double: doubles(buffer, rows)
        default: texts(buffer, rows)
        }
    }

    private mutating func ordered<Value: FixedWidthInteger & BitwiseCopyable>(_ type: Value.Type, _ buffer: ParquetColumnBuffer, _ rows: Int) {
        let values = buffer.slots.values(of: type)
        var least = Value.max, greatest = Value.min
        for row in 0..<rows where nullCount == 0 || !buffer.isNull(row) {
            least = min(least, values[row])
            greatest = max(greatest, values[row])
        }
        bounds = (Self.bytes(least), Self.bytes(greatest))
    }

    /// NaNs are counted, not compared; a zero bound covers both zeros (rules of `ColumnOrder` in `parquet.thrift`).
    private mutating func doubles(_ buffer: ParquetColumnBuffer, _ rows: Int) {
        let values = buffer.slots.values(of: Double.self)
        var least = Double.infinity, greatest = -Double.infinity, nans = 0
        for row in 0..<rows where nullCount == 0 || !buffer.isNull(row) {
            let value = values[row]
            nans += value.isNaN ? 1 : 0
            least = value < least ? value : least
            greatest = value > greatest ? value : greatest
        }
        nanCount = nans
        guard nans + nullCount < rows else { return }
        bounds = (Self.bytes(least == 0 ? -0.0 : least), Self.bytes(greatest == 0 ? 0.0 : greatest))
    }

    private mutating func texts(_ buffer: ParquetColumnBuffer, _ rows: Int) {
        var least: UnsafeRawBufferPointer?, greatest: UnsafeRawBufferPointer?
        for row in 0..<rows where nullCount == 0 || !buffer.isNull(row) {
            let text = buffer.text(row)
            if least.map({ text.lexicographicallyPrecedes($0) }) ?? true { least = text }
            if greatest.map({ $0.lexicographicallyPrecedes(text) }) ?? true { greatest = text }
        }
        guard let least, let greatest, max(least.count, greatest.count) <= Self.longestBound else { return }
        bounds = (Array(least), Array(greatest))
    }

    private static func bytes<Value: BitwiseCopyable>(_ value: Value) -> [UInt8] { withUnsafeBytes(of: value) { Array($0) } }

    func write(to thrift: inout ThriftWriter) {
        thrift.i64(3, Int64(nullCount))
        if let bounds {
            thrift.binary(5, bounds.greatest)
            thrift.binary(6, bounds.least)
            thrift.bool(7, true)
            thrift.bool(8, true)
        }
        if let nanCount { thrift.i64(9, Int64(nanCount)) }
    }
}
