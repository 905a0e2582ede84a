/// Writes arrays of rows into an `.npz`, whose lengths need not be known beforehand.
final class NpzWriter {
    private let zip: ZipWriter

    init(path: String, zip64From: UInt64 = ZipFormat.max32) throws(MarketDataError) {
        zip = try ZipWriter(path: path, zip64From: zip64From)
    }

    func array<Row: NpyRow>(_ key: String, of _: Row.Type, level: Int) throws(MarketDataError) -> Array<Row> {
        try Array(zip, key: key, level: level)
    }

    func finish() throws(MarketDataError) { try zip.finish() }

    /// One array; `end` it before the next one starts.
    struct Array<Row: NpyRow> {
        private let zip: ZipWriter
        private var rows: Int64 = 0

        fileprivate init(_ zip: ZipWriter, key: String, level: Int) throws(MarketDataError) {
            self.zip = zip
            try zip.beginMember("\(key).npy", level: level, prefixBytes: NpyHeader.bytes(for: Row.self, rows: 0).count)
        }

        mutating func append(_ chunk: UnsafeBufferPointer<Row>) throws(MarketDataError) {
            try zip.append(UnsafeRawBufferPointer(chunk))
            rows += Int64(chunk.count)
        }

        func end() throws(MarketDataError) { try zip.endMember(prefix: NpyHeader.bytes(for: Row.self, rows: rows)) }
    }
}
