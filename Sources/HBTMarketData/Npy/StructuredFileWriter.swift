/// Writes an `.npz` with one structured array, `data`, whose columns are known at run time only.
///
/// Rows are 8-byte words, little endian, in the order of the fields. Memory is flat; the file appears
/// under its name when `finish` has succeeded, and equal rows give equal bytes.
public final class StructuredFileWriter {
    private let path: String
    private let zip: ZipWriter
    private let fields: [NpyField]
    private var isClosed = false
    public private(set) var rowCount: Int64 = 0

    /// - Parameters:
    ///   - fields: each of 8 bytes (`<i8`, `<u8`, `<f8`).
    ///   - level: 0 stores, 1 (fast) to 9 (small) deflate.
    /// - Throws: `invalid` for names that a header cannot hold, `cannotWrite`.
    public init(path: String, fields: [NpyField], level: Int = 6) throws(MarketDataError) {
        precondition(fields.allSatisfy { $0.type.hasSuffix("8") }, "columns are 8 bytes wide")
        for field in fields where !field.name.unicodeScalars.allSatisfy({ $0.isASCII && $0.value >= 0x20 && $0 != "'" && $0 != "\\" && $0.value != 0x7F }) {
            throw MarketDataError(path: path, .invalid("column name \(field.name); numpy's header takes plain ASCII without quotes"))
        }
        guard fields.reduce(0, { $0 + $1.name.utf8.count + 16 }) < 60_000 else {
            throw MarketDataError(path: path, .invalid("\(fields.count) columns are too many for one array; write .parquet"))
        }
        self.path = path
        self.fields = fields
        zip = try ZipWriter(path: path)
        try zip.beginMember("data.npy", level: level, prefixBytes: NpyHeader.bytes(for: fields, rows: 0).count)
    }

    /// - Parameter words: row after row, one word a column.
    public func append(_ words: UnsafeBufferPointer<UInt64>) throws(MarketDataError) {
        guard !isClosed else { throw MarketDataError(path: path, .cannotWrite("it is closed")) }
        precondition(words.count % fields.count == 0, "rows are whole")
        isClosed = true
        try zip.append(UnsafeRawBufferPointer(words))
        isClosed = false
        rowCount += Int64(words.count / fields.count)
    }

    /// Completes the file and gives it its name, replacing an older one.
    public func finish() throws(MarketDataError) {
        guard !isClosed else { throw MarketDataError(path: path, .cannotWrite("it is closed")) }
        isClosed = true
        try zip.endMember(prefix: NpyHeader.bytes(for: fields, rows: rowCount))
        try zip.finish()
    }
}
