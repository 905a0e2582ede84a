extension ParquetReader {
    /// The footer's bytes and where they start: the file ends in footer, its length (4 bytes), `PAR1`.
    static func footer(of file: InputFile) throws(MarketDataError) -> (bytes: [UInt8], start: Int64) {
        guard file.size >= 12, try file.bytes(at: 0, count: 4) == ParquetFormat.magic else {
            if file.size >= 4, try file.bytes(at: 0, count: 4) == ParquetFormat.encryptedMagic {
                throw MarketDataError(path: file.path, .unsupported("encryption; write the file without"))
            }
            throw MarketDataError(path: file.path, .notThisFormat(expected: "a Parquet file"))
        }
        let tail = try file.bytes(at: file.size - 8, count: 8)
        guard Array(tail[4...]) == ParquetFormat.magic else {
            throw MarketDataError(path: file.path, .corrupt("it begins as a Parquet file but does not end as one; copy the file again"))
        }
        let size = Int64(tail.u32(at: 0))
        guard size <= file.size - 12 else {
            throw MarketDataError(path: file.path, .truncated(expectedBytes: size + 12, foundBytes: file.size))
        }
        let start = file.size - 8 - size
        return (try file.bytes(at: start, count: Int(size)), start)
    }

    /// What later code relies on: counts that agree.
    static func check(_ footer: ParquetFooter, leafCount: Int) throws(ParquetFault) {
        var rows: Int64 = 0
        for (index, group) in footer.groups.enumerated() {
            guard group.rows >= 0 else { throw .corrupt("row group \(index) without a count of rows") }
            guard group.rows <= largestGroup else {
                throw .unsupported("row group of \(group.rows) rows; write at most \(largestGroup) rows in each")
            }
            guard group.chunks.count == leafCount else {
                throw .corrupt("row group \(index) has \(group.chunks.count) columns, the schema \(leafCount)")
            }
            rows += group.rows
        }
        guard rows == footer.rows else { throw .corrupt("\(footer.rows) rows, but \(rows) in the row groups") }
    }
}
