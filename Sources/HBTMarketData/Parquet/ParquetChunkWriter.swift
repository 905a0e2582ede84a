/// Writes one column of one row group: its dictionary, its pages, and its entry in the footer.
final class ParquetChunkWriter {
    private let output: OutputFile
    private let compressor: ZstdCompressor?
    private let payload = RawBuffer()
    private let compressed = RawBuffer()
    private var uncompressedBytes = 0

    /// Plain bytes of a page, as most writers choose; a page has at least one row.
    static let pageBytes = 1 << 20

    init(output: OutputFile, codec: ParquetCodec) {
        self.output = output
        if case .zstd(let level) = codec { compressor = ZstdCompressor(level: level) } else { compressor = nil }
    }

    /// What the footer needs to know of a chunk.
    struct Written {
        var metadata: [UInt8]
        var uncompressedBytes: Int
        var compressedBytes: Int64
    }

    /// Writes the first `rows` rows, of which there is at least one.
    func write(_ buffer: ParquetColumnBuffer, rows: Int) throws(MarketDataError) -> Written {
        let start = output.position
        uncompressedBytes = 0
        let dictionary = ParquetDictionary(of: buffer, rows: rows)
        if let dictionary {
            payload.removeAll()
            for row in dictionary.firstRows { payload.appendPlain(buffer, rows: row..<row + 1) }
            try page(payload.view, ParquetFormat.Page.dictionary) { thrift in
                thrift.structure(7) {
                    $0.i32(1, Int32(dictionary.firstRows.count))
                    $0.i32(2, ParquetFormat.Encoding.plain)
                }
            }
        }
        let dataStart = output.position
        let encoding = dictionary == nil ? ParquetFormat.Encoding.plain : ParquetFormat.Encoding.rleDictionary
        var row = 0
        while row < rows {
            let end = buffer.pageEnd(from: row, limit: rows, bytes: Self.pageBytes)
            try page(bytes(of: buffer, row..<end, dictionary), ParquetFormat.Page.data) { thrift in
                thrift.structure(5) {
                    $0.i32(1, Int32(end - row))
                    $0.i32(2, encoding)
                    $0.i32(3, ParquetFormat.Encoding.rle)
                    $0.i32(4, ParquetFormat.Encoding.rle)
                }
            }
            row = end
        }
        var entry = ThriftWriter()
        entry.i64(2, 0)
        entry.structure(3) { thrift in
            thrift.i32(1, buffer.physical.rawValue)
            let encodings = [encoding, ParquetFormat.Encoding.rle] + (dictionary == nil ? [] : [ParquetFormat.Encoding.plain])
            thrift.list(2, of: ThriftType.i32, count: encodings.count)
            for encoding in encodings { thrift.element(Int64(encoding)) }
            thrift.list(3, of: ThriftType.binary, count: 1)
            thrift.element(Array(buffer.column.name.utf8))
            thrift.i32(4, compressor == nil ? ParquetFormat.Codec.uncompressed : ParquetFormat.Codec.zstd)
            thrift.i64(5, Int64(rows))
            thrift.i64(6, Int64(uncompressedBytes))
            thrift.i64(7, output.position - start)
            thrift.i64(9, dataStart)
            if dictionary != nil { thrift.i64(11, start) }
            let statistics = ParquetStatistics(of: buffer, rows: rows)
            thrift.structure(12) { statistics.write(to: &$0) }
        }
        entry.stop()
        return Written(metadata: entry.bytes, uncompressedBytes: uncompressedBytes, compressedBytes: output.position - start)
    }

    /// The bytes of a data page: where values are, then the values.
    private func bytes(of buffer: ParquetColumnBuffer, _ rows: Range<Int>, _ dictionary: ParquetDictionary?) -> UnsafeRawBufferPointer {
        if dictionary == nil, !buffer.column.isOptional, !buffer.isText, buffer.physical != .boolean {
            return buffer.slots.view(rows.lowerBound * buffer.width..<rows.upperBound * buffer.width)
        }
        payload.removeAll()
        if buffer.column.isOptional {
            payload.append(UInt32(0))
            let levels = buffer.validity.view(rows).map { UInt32($0) }
            levels.withUnsafeBufferPointer { RunLengthEncoder.encode($0, bitWidth: 1, to: payload) }
            payload.store(UInt32(payload.count - 4), at: 0)
        }
        if let dictionary {
            payload.append(UInt8(dictionary.bitWidth))
            dictionary.indices(ofRows: rows) { RunLengthEncoder.encode($0, bitWidth: dictionary.bitWidth, to: payload) }
        } else {
            payload.appendPlain(buffer, rows: rows)
        }
        return payload.view
    }

    private func page(
        _ bytes: UnsafeRawBufferPointer, _ type: Int32, _ header: (inout ThriftWriter) -> Void
    ) throws(MarketDataError) {
        var stored = bytes
        if let compressor {
            compressed.removeAll()
            compressor.compress(bytes, to: compressed)
            stored = compressed.view
        }
        guard let plainSize = Int32(exactly: bytes.count), let storedSize = Int32(exactly: stored.count) else {
            throw MarketDataError(path: output.path, .unsupported("string of more than 2 GiB; shorten it"))
        }
        var thrift = ThriftWriter()
        thrift.i32(1, type)
        thrift.i32(2, plainSize)
        thrift.i32(3, storedSize)
        thrift.i32(4, Int32(bitPattern: crc32(0, stored)))
        header(&thrift)
        thrift.stop()
        try output.append(thrift.bytes)
        try output.append(stored)
        uncompressedBytes += thrift.bytes.count + bytes.count
    }
}

extension ParquetDictionary {
    /// The numbers of the values in `rows`.
    func indices(ofRows rows: Range<Int>, _ body: (UnsafeBufferPointer<UInt32>) -> Void) {
        let start = valuesBefore.isEmpty ? rows.lowerBound : valuesBefore[rows.lowerBound]
        let end = valuesBefore.isEmpty ? rows.upperBound
            : rows.upperBound < valuesBefore.count ? valuesBefore[rows.upperBound] : indices.count
        indices.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[start..<end])) }
    }
}
