/// Reads the rows of one array front to back, straight into the caller's buffer.
final class NpyRowReader<Row: NpyRow> {
    private let stream: any ByteStream
    private let count: Int64
    private var next: Int64 = 0
    private var isFinished = false
    /// The first failure; given again by every later call.
    private var failure: MarketDataError?
    let warnings: [String]

    var rowsTotal: Int64 { count }

    static func npy(_ path: String) throws(MarketDataError) -> NpyRowReader {
        try NpyRowReader(FileByteStream(path: path))
    }

    static func npz(_ path: String, key: String) throws(MarketDataError) -> NpyRowReader {
        try NpyRowReader(ZipArchive(path: path).open("\(key).npy"))
    }

    /// Reads and checks the header, and that the bytes after it are as many as it says.
    init(_ stream: any ByteStream) throws(MarketDataError) {
        #if _endian(big)
        #error("rows are copied as they are; a big-endian machine would need to swap them")
        #endif
        let (header, headerBytes) = try NpyHeader.read(from: stream)
        count = try header.rowCount(of: Row.self, in: stream)
        let (arrayBytes, overflow) = count.multipliedReportingOverflow(by: Int64(Row.rowBytes))
        let (total, overflow2) = arrayBytes.addingReportingOverflow(headerBytes)
        guard !overflow, !overflow2 else { throw stream.error(.corrupt("its npy header claims \(count) rows")) }
        if total > stream.totalBytes {
            throw stream.error(.truncated(expectedBytes: total, foundBytes: stream.totalBytes))
        }
        if total < stream.totalBytes { throw stream.error(.trailingData(bytes: stream.totalBytes - total)) }
        self.stream = stream
        let place = stream.member.map { "\(stream.path): member \($0)" } ?? stream.path
        warnings = header.nameWarning(for: Row.self).map { ["\(place): \($0)"] } ?? []
    }

    func error(row: Int? = nil, _ reason: MarketDataError.Reason) -> MarketDataError { stream.error(row: row, reason) }

    /// Fills the front of `buffer`; 0 at the end. The last rows are only given out once lengths and
    /// checksum have proved right.
    func read(into buffer: UnsafeMutableBufferPointer<Row>) throws(MarketDataError) -> Int {
        if let failure { throw failure }
        do throws(MarketDataError) {
            let wanted = min(buffer.count, Int(clamping: count - next))
            if wanted > 0 {
                let bytes = UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: buffer[0..<wanted]))
                let got = try stream.read(into: bytes)
                guard got == bytes.count else {
                    let (row, rest) = got.quotientAndRemainder(dividingBy: Row.rowBytes)
                    let found = (next + Int64(row)) * Int64(Row.rowBytes) + Int64(rest)
                    throw stream.error(.truncated(expectedBytes: count * Int64(Row.rowBytes), foundBytes: found))
                }
                next += Int64(wanted)
            }
            if next == count, !isFinished {
                try stream.finish()
                isFinished = true
            }
            return wanted
        } catch {
            failure = error
            throw error
        }
    }

    func readAll() throws(MarketDataError) -> [Row] {
        var rows: [Row] = []
        let chunk = UnsafeMutableBufferPointer<Row>.allocate(capacity: 4096)
        defer { chunk.deallocate() }
        while true {
            let got = try read(into: chunk)
            if got == 0 { return rows }
            rows.append(contentsOf: chunk[0..<got])
        }
    }
}
