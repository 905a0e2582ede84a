/// Writes a flat table to a Parquet file, row group by row group, in memory that does not grow with the table.
///
/// The file appears under its name when `finish` returns; until then, and after an error, there is none. The same
/// rows give the same bytes, in whatever batches they come. Types: bool, int32, int64, double, string, timestamp.
public final class ParquetWriter {
    public let columns: [ParquetColumn]
    public var path: String { output.path }
    /// Rows in the file and in memory.
    public private(set) var rowCount = 0

    let output: OutputFile
    let buffers: [ParquetColumnBuffer]
    private let chunks: ParquetChunkWriter
    private let rowGroupRows: Int
    private let rowGroupBytes: Int
    private let metadata: [(key: String, value: String)]
    private let texts: [ParquetColumnBuffer]
    private let bytesPerRow: Int
    private var groups: [[UInt8]] = []
    /// Rows of `buffers` that are complete.
    private(set) var completeRows = 0
    private var isFinished = false

    /// - Parameters:
    ///   - rowGroupRows: A row group has at most this many rows.
    ///   - rowGroupBytes: And at most this many bytes before compression, unless its only row is larger. Memory is
    ///     this and the largest batch.
    ///   - metadata: Keys and values for the footer, in this order.
    /// - Throws: `invalid` for a schema that cannot be written, `cannotWrite`.
    public init(
        path: String, columns: [ParquetColumn], rowGroupRows: Int = 1 << 20, rowGroupBytes: Int = 64 << 20,
        codec: ParquetCodec = .standard, metadata: [(key: String, value: String)] = []
    ) throws(MarketDataError) {
        precondition(rowGroupRows > 0 && rowGroupBytes > 0, "a row group has rows")
        precondition(rowGroupRows <= Int(Int32.max), "pages count rows in 32 bits")
        self.buffers = try Self.buffers(for: columns, path)
        self.columns = columns
        self.rowGroupRows = rowGroupRows
        self.rowGroupBytes = rowGroupBytes
        self.metadata = metadata
        texts = buffers.filter(\.isText)
        bytesPerRow = buffers.reduce(0) { $0 + $1.bytesPerRow }
        output = try OutputFile(path: path)
        chunks = ParquetChunkWriter(output: output, codec: codec)
        try output.append(ParquetFormat.magic)
    }

    private static func buffers(for columns: [ParquetColumn], _ path: String) throws(MarketDataError) -> [ParquetColumnBuffer] {
        guard !columns.isEmpty else { throw MarketDataError(path: path, .invalid("a table without columns; name at least one")) }
        var names: Set<String> = []
        var buffers: [ParquetColumnBuffer] = []
        for column in columns {
            guard !column.name.isEmpty else { throw MarketDataError(path: path, .invalid("a column without a name; name it")) }
            guard names.insert(column.name).inserted else {
                throw MarketDataError(path: path, .invalid("two columns named \(column.name); rename one"))
            }
            guard let buffer = ParquetColumnBuffer(column) else {
                throw MarketDataError(
                    path: path,
                    .unsupported("type \(column.type) of column \(column.name); write bool, int32, int64, double, string or timestamp"))
            }
            buffers.append(buffer)
        }
        return buffers
    }

    /// Counts `rows` more complete rows and writes the row groups that are full.
    func complete(_ rows: Int) throws(MarketDataError) {
        precondition(!isFinished, "nothing is appended after finish")
        completeRows += rows
        rowCount += rows
        while true {
            let fitting = rowsThatFit()
            guard completeRows > fitting || fitting == rowGroupRows else { return }
            try writeGroup(fitting)
        }
    }

    /// The largest first part of the pending rows within both bounds; a function of the rows alone, not of the batches.
    private func rowsThatFit() -> Int {
        let most = min(completeRows, rowGroupRows)
        func isWithin(_ rows: Int) -> Bool {
            texts.reduce(rows * bytesPerRow) { $0 + $1.textBytes(rows) } <= rowGroupBytes
        }
        guard !isWithin(most) else { return most }
        var low = 1, high = most
        while high - low > 1 {
            let middle = (low + high) / 2
            if isWithin(middle) { low = middle } else { high = middle }
        }
        return low
    }

    private func writeGroup(_ rows: Int) throws(MarketDataError) {
        let start = output.position
        var written: [ParquetChunkWriter.Written] = []
        for buffer in buffers {
            written.append(try chunks.write(buffer, rows: rows))
            buffer.removeFirst(rows)
        }
        var group = ThriftWriter()
        group.list(1, of: ThriftType.structure, count: written.count)
        for chunk in written { group.element(serialised: chunk.metadata) }
        group.i64(2, written.reduce(0) { $0 + Int64($1.uncompressedBytes) })
        group.i64(3, Int64(rows))
        group.i64(5, start)
        group.i64(6, written.reduce(0) { $0 + $1.compressedBytes })
        group.stop()
        groups.append(group.bytes)
        completeRows -= rows
    }

    /// Writes what is in memory and the footer, and gives the file its name.
    ///
    /// - Throws: `invalid` when values were appended of which `endRows` made no rows, `cannotWrite`.
    public func finish() throws(MarketDataError) {
        guard !isFinished else { return }
        for buffer in buffers where buffer.count != completeRows {
            throw MarketDataError(
                path: path, .invalid("column \(buffer.column.name) has \(buffer.count - completeRows) values after the last row; end the rows"))
        }
        if completeRows > 0 { try writeGroup(completeRows) }
        isFinished = true
        let footer = Self.footer(columns: buffers, rows: rowCount, groups: groups, metadata: metadata)
        guard let size = UInt32(exactly: footer.count) else {
            throw MarketDataError(path: path, .unsupported("footer of more than 4 GiB; use larger row groups"))
        }
        try output.append(footer)
        var tail: [UInt8] = []
        tail.append32(size)
        try output.append(tail + ParquetFormat.magic)
        try output.commit()
    }
}
