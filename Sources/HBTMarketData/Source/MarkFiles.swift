import HBTTypes

/// Files of mark prices and funding, each loaded when asked for: `.npz` (key `data`) and `.npy` with the columns
/// `local_ts`, `mark`, `rate`; `.csv` with the same; recordings with `markPriceUpdate` messages.
public final class MarkFiles: MarkRowSource {
    private let paths: [String]

    public init(_ paths: [String]) { self.paths = paths }

    public var fileCount: Int { paths.count }

    public func rows(ofFile index: Int) throws -> [MarkRow] { try Self.readAll(paths[index]) }

    /// All rows of one file.
    ///
    /// - Throws: also when there are none, when time goes back, or when a row says nothing.
    public static func readAll(_ path: String) throws(MarketDataError) -> [MarkRow] {
        let rows: [MarkRow]
        switch EventFiles.suffix(of: path) {
        case "npz":
            let reader: NpyRowReader<MarkRow> = try .npz(path, key: "data")
            rows = try reader.readAll()
        case "npy":
            let reader: NpyRowReader<MarkRow> = try .npy(path)
            rows = try reader.readAll()
        case "csv": rows = try csv(path)
        default:
            guard EventFiles.isRecording(path) else {
                throw MarketDataError(path: path, .unsupported("file type; mark prices end in .npz, .npy or .csv, or are a recording (.gz, .zst)"))
            }
            rows = try MarkRecording.read(path)
        }
        guard !rows.isEmpty else { throw MarketDataError(path: path, .empty) }
        for (index, row) in rows.enumerated() {
            if index > 0, row.localNs < rows[index - 1].localNs {
                throw MarketDataError(
                    path: path, row: index,
                    .timeWentBackwards(clock: "local_ts", previousNs: rows[index - 1].localNs, currentNs: row.localNs))
            }
            let isPrice = row.markPrice.isFinite && row.markPrice > 0, isRate = row.fundingRate.isFinite && abs(row.fundingRate) < 1
            guard (isPrice || row.markPrice.isNaN) && (isRate || row.fundingRate.isNaN) && (isPrice || isRate) else {
                throw MarketDataError(
                    path: path, row: index,
                    .invalid("mark \(row.markPrice), rate \(row.fundingRate): a price above 0 or NaN, a rate between -1 and 1 or NaN, and not NaN both"))
            }
        }
        return rows
    }

    /// `local_ts,mark,rate`; an empty field is NaN, a first line of names is passed over.
    private static func csv(_ path: String) throws(MarketDataError) -> [MarkRow] {
        let reader = try GzipLineReader(path: path)
        var rows: [MarkRow] = []
        while let line = try reader.next() {
            var text = String(decoding: line, as: UTF8.self)
            if text.last == "\r" { text.removeLast() }
            if text.isEmpty || (reader.lineNumber == 1 && text.first.map { !$0.isNumber } ?? false) { continue }
            let fields = text.split(separator: ",", omittingEmptySubsequences: false)
            guard fields.count == 3, let ns = Int64(fields[0]), let mark = number(fields[1]), let rate = number(fields[2]) else {
                throw MarketDataError(path: path, line: reader.lineNumber, .invalid("local_ts (ns), mark, rate expected"))
            }
            rows.append(MarkRow(localNs: ns, markPrice: mark, fundingRate: rate))
        }
        return rows
    }

    private static func number(_ field: Substring) -> Double? { field.isEmpty ? .nan : Double(field) }
}

extension MarkRow: NpyRow {
    public static let npyFields = [NpyField("local_ts", "<i8"), NpyField("mark", "<f8"), NpyField("rate", "<f8")]
}
