extension ParquetWriter {
    /// `FileMetaData`: schema, row groups, keys and values.
    static func footer(
        columns: [ParquetColumnBuffer], rows: Int, groups: [[UInt8]], metadata: [(key: String, value: String)]
    ) -> [UInt8] {
        var thrift = ThriftWriter()
        // 2 allows what readers of 1 would not know: nanoseconds, RLE_DICTIONARY.
        thrift.i32(1, 2)
        thrift.list(2, of: ThriftType.structure, count: columns.count + 1)
        thrift.element {
            $0.string(4, "schema")
            $0.i32(5, Int32(columns.count))
        }
        for buffer in columns { thrift.element { schema(of: buffer, to: &$0) } }
        thrift.i64(3, Int64(rows))
        thrift.list(4, of: ThriftType.structure, count: groups.count)
        for group in groups { thrift.element(serialised: group) }
        if !metadata.isEmpty {
            thrift.list(5, of: ThriftType.structure, count: metadata.count)
            for pair in metadata {
                thrift.element {
                    $0.string(1, pair.key)
                    $0.string(2, pair.value)
                }
            }
        }
        thrift.string(6, ParquetFormat.createdBy)
        // Without an order readers must not use the bounds.
        thrift.list(7, of: ThriftType.structure, count: columns.count)
        for _ in columns { thrift.element { $0.structure(1) { _ in } } }
        thrift.stop()
        return thrift.bytes
    }

    private static func schema(of buffer: ParquetColumnBuffer, to thrift: inout ThriftWriter) {
        let repetition: ParquetFormat.Repetition = buffer.column.isOptional ? .optional : .required
        thrift.i32(1, buffer.physical.rawValue)
        thrift.i32(3, repetition.rawValue)
        thrift.string(4, buffer.column.name)
        switch buffer.column.type {
        case .string:
            thrift.i32(6, ParquetFormat.Converted.utf8)
            thrift.structure(10) { $0.structure(ParquetFormat.Logical.string) { _ in } }
        case .timestamp(let unit, let isUTC):
            // Nanoseconds have no converted type.
            switch unit {
            case .milliseconds: thrift.i32(6, ParquetFormat.Converted.timestampMillis)
            case .microseconds: thrift.i32(6, ParquetFormat.Converted.timestampMicros)
            case .nanoseconds: break
            }
            thrift.structure(10) {
                $0.structure(ParquetFormat.Logical.timestamp) {
                    $0.bool(1, isUTC)
                    $0.structure(2) { $0.structure(unit.thriftId) { _ in } }
                }
            }
        default: break
        }
    }
}

extension ParquetTimeUnit {
    /// Member of the union `TimeUnit`.
    var thriftId: Int {
        switch self {
        case .milliseconds: 1
        case .microseconds: 2
        case .nanoseconds: 3
        }
    }
}
