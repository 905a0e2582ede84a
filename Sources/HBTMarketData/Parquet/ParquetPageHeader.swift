/// The header before every page, of all page types in one.
struct ParquetPageHeader {
    var type: Int32 = -1
    /// Bytes after decompression, levels included.
    var plainBytes: Int32 = -1
    var storedBytes: Int32 = -1
    var checksum: UInt32?
    /// Nulls included; of a dictionary, its entries.
    var values: Int32 = -1
    var encoding: Int32 = -1
    var levelEncoding: Int32 = ParquetFormat.Encoding.rle
    // Version 2 alone.
    var nulls: Int32 = -1
    var definitionBytes: Int32 = 0
    var repetitionBytes: Int32 = 0
    var isCompressed = true

    /// - Returns: the header and its length, in bytes.
    static func parse(_ bytes: UnsafeRawBufferPointer) throws(ParquetFault) -> (header: ParquetPageHeader, length: Int) {
        var reader = ThriftReader(bytes)
        var header = ParquetPageHeader()
        try reader.structure { (reader, field) throws(ParquetFault) in
            switch field.id {
            case 1: header.type = try reader.i32(field)
            case 2: header.plainBytes = try reader.i32(field)
            case 3: header.storedBytes = try reader.i32(field)
            case 4: header.checksum = UInt32(bitPattern: try reader.i32(field))
            case 5, 7, 8: try header.details(&reader, field)
            default: try reader.skip(field)
            }
        }
        guard header.type >= 0, header.plainBytes >= 0, header.storedBytes >= 0 else { throw .corrupt("a page header without sizes") }
        if header.type != ParquetFormat.Page.index {
            guard header.values >= 0, header.encoding >= 0, header.definitionBytes >= 0, header.repetitionBytes >= 0 else {
                throw .corrupt("a page header without counts")
            }
        }
        return (header, reader.cursor.position)
    }

    private mutating func details(_ reader: inout ThriftReader, _ field: ThriftReader.Field) throws(ParquetFault) {
        let isVersion2 = field.id == 8
        try reader.structure(field) { (reader, detail) throws(ParquetFault) in
            switch (detail.id, isVersion2) {
            case (1, _): values = try reader.i32(detail)
            case (2, false), (4, true): encoding = try reader.i32(detail)
            case (3, false) where field.id == 5: levelEncoding = try reader.i32(detail)
            case (2, true): nulls = try reader.i32(detail)
            case (5, true): definitionBytes = try reader.i32(detail)
            case (6, true): repetitionBytes = try reader.i32(detail)
            case (7, true): isCompressed = try reader.bool(detail)
            default: try reader.skip(detail)
            }
        }
    }
}
