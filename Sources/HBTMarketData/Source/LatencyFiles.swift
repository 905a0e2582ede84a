import HBTTypes

/// Order-latency files (`.npz` with key `data`, or `.npy`), each loaded when asked for.
public final class LatencyFiles: LatencyRowSource {
    private let paths: [String]

    public init(_ paths: [String]) { self.paths = paths }

    public var fileCount: Int { paths.count }

    public func rows(ofFile index: Int) throws -> [LatencyRow] { try Self.readAll(paths[index]) }

    /// All rows of one file.
    ///
    /// - Throws: also when there are none, or when `req_ts` decreases: interpolation needs both.
    public static func readAll(_ path: String) throws(MarketDataError) -> [LatencyRow] {
        let reader: NpyRowReader<LatencyRow>
        switch EventFiles.suffix(of: path) {
        case "npz": reader = try .npz(path, key: "data")
        case "npy": reader = try .npy(path)
        default: throw MarketDataError(path: path, .unsupported("file type; latency files end in .npz or .npy"))
        }
        let rows = try reader.readAll()
        guard !rows.isEmpty else { throw reader.error(.empty) }
        for row in 1..<max(rows.count, 1) where rows[row].requestNs < rows[row - 1].requestNs {
            throw reader.error(
                row: row,
                .timeWentBackwards(
                    clock: "req_ts", previousNs: rows[row - 1].requestNs, currentNs: rows[row].requestNs))
        }
        return rows
    }
}
