/// Walks over the pages of one column chunk, one in memory at a time.
final class ParquetChunkReader {
    private let file: InputFile
    private let decompressor: ParquetDecompressor
    private let plain = RawBuffer()

    init(file: InputFile, decompressor: ParquetDecompressor) {
        self.file = file
        self.decompressor = decompressor
    }

    /// Decodes all rows of `chunk`, whose place in the file was checked.
    ///
    /// - Parameter place: For errors: which column of which row group.
    func read<Value: ParquetDecodable>(
        _ chunk: ParquetFooter.Chunk, as type: Value.Type, isOptional: Bool, place: String
    ) throws(MarketDataError) -> (values: [Value], isValid: [Bool]?) {
        var decoder = ParquetChunkDecoder<Value>(isOptional: isOptional)
        var position = chunk.start
        let end = chunk.start + chunk.bytes
        while decoder.values.count < chunk.values {
            guard position < end else { throw ParquetFault.ended.error(path: file.path, place: place) }
            let (header, length) = try header(at: position, end: end, place: place)
            let payload = position + Int64(length)
            position = payload + Int64(header.storedBytes)
            guard position <= end else { throw ParquetFault.ended.error(path: file.path, place: place) }
            let stored = try file.bytes(at: payload, count: Int(header.storedBytes))
            do throws(ParquetFault) {
                try stored.withRawBytes { (stored) throws(ParquetFault) in
                    try page(header, stored, chunk, &decoder)
                }
            } catch { throw error.error(path: file.path, place: place) }
        }
        return (decoder.values, decoder.isValid)
    }

    private func page<Value: ParquetDecodable>(
        _ header: ParquetPageHeader, _ stored: UnsafeRawBufferPointer, _ chunk: ParquetFooter.Chunk,
        _ decoder: inout ParquetChunkDecoder<Value>
    ) throws(ParquetFault) {
        if let checksum = header.checksum, checksum != crc32(0, stored) { throw .corrupt("a page does not match its checksum") }
        plain.removeAll()
        let plainBytes = Int(header.plainBytes)
        switch header.type {
        case ParquetFormat.Page.dictionary:
            try decompressor.decompress(stored, codec: chunk.codec, expected: plainBytes, to: plain)
            try decoder.dictionaryPage(header, plain.view)
        case ParquetFormat.Page.data:
            try checkRows(header, chunk, decoder.values.count)
            try decompressor.decompress(stored, codec: chunk.codec, expected: plainBytes, to: plain)
            var cursor = ByteCursor(plain.view)
            var levels: UnsafeRawBufferPointer?
            if decoder.isOptional {
                guard header.levelEncoding == ParquetFormat.Encoding.rle else { throw .unsupported("definition levels of the deprecated kind") }
                levels = try cursor.take(Int(try cursor.u32()))
            }
            try decoder.dataPage(header, levels: levels, try cursor.take(cursor.remaining))
        case ParquetFormat.Page.dataV2:
            try checkRows(header, chunk, decoder.values.count)
            // Levels are never compressed; a flat column has no repetition levels.
            var cursor = ByteCursor(stored)
            _ = try cursor.take(Int(header.repetitionBytes))
            let levels = try cursor.take(Int(header.definitionBytes))
            let compressed = try cursor.take(cursor.remaining)
            let expected = plainBytes - Int(header.repetitionBytes) - Int(header.definitionBytes)
            guard expected >= 0 else { throw .corrupt("a page smaller than its levels") }
            let codec = header.isCompressed ? chunk.codec : ParquetFormat.Codec.uncompressed
            try decompressor.decompress(compressed, codec: codec, expected: expected, to: plain)
            try decoder.dataPage(header, levels: decoder.isOptional ? levels : nil, plain.view)
        // Index pages, and what later versions may add: no rows in them.
        default: break
        }
    }

    /// Before memory is taken for the rows.
    private func checkRows(_ header: ParquetPageHeader, _ chunk: ParquetFooter.Chunk, _ before: Int) throws(ParquetFault) {
        guard Int64(header.values) <= chunk.values - Int64(before) else { throw .corrupt("more rows than its row group has") }
    }

    /// Headers tell their length only when they are read; most have some thirty bytes, those with bounds of long strings more.
    private func header(at position: Int64, end: Int64, place: String) throws(MarketDataError) -> (header: ParquetPageHeader, length: Int) {
        var window = 256
        while true {
            let count = Int(min(Int64(window), end - position))
            let bytes = try file.bytes(at: position, count: count)
            do throws(ParquetFault) {
                return try bytes.withRawBytes { (bytes) throws(ParquetFault) in try ParquetPageHeader.parse(bytes) }
            } catch {
                guard error == .ended, Int64(count) < end - position, window < 1 << 24 else { throw error.error(path: file.path, place: place) }
            }
            window *= 16
        }
    }
}
