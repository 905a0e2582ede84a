import HBTMarketData

/// The table of a sweep: a row a set with its parameters, its figures and its digest.
struct SweepTable {
    static let suffixes = [".csv", ".parquet"]
    let grid: SweepGrid
    /// In the order of the grid.
    let results: [SweepResult]

    private var figureNames: [String] { results.first?.columns.map(\.name) ?? [] }

    func write(to path: String) throws {
        if path.hasSuffix(".parquet") { try writeParquet(path) } else { try writeCSV(path) }
    }

    private func writeCSV(_ path: String) throws {
        let (folder, name) = FileTree.split(path)
        let partial = FileTree.join(folder, ".\(name).partial")
        FileTree.remove(partial)
        let file = try CSVFile(path: partial, header: (grid.axes.map(\.key) + figureNames).map(CSVFile.field) + ["steps", "fills", "digest"])
        for result in results {
            for parameter in result.parameters { file.add(CSVFile.field(parameter)) }
            for column in result.columns { file.add(column.value) }
            file.add(result.steps)
            file.add(result.fills)
            file.add(result.digest)
            try file.endRow()
        }
        try file.finish()
        try FileTree.rename(partial, to: path)
    }

    /// Columns of a table of numbers: parameters that are none become NaN, the digest its number.
    private func writeParquet(_ path: String) throws {
        let keys = grid.axes.map(\.key)
        let columns = (["set"].map { ParquetColumn($0, .int64) }) + (keys + figureNames).map { ParquetColumn($0, .double) }
            + ["steps", "fills", "digest"].map { ParquetColumn($0, .int64) }
        let writer = try ParquetWriter(path: path, columns: columns, rowGroupBytes: 1 << 20, metadata: [])
        func numbers(_ column: Int, _ values: [Double]) { values.withUnsafeBufferPointer { writer.append($0, toColumn: column) } }
        func integers(_ column: Int, _ values: [Int64]) { values.withUnsafeBufferPointer { writer.append($0, toColumn: column) } }
        integers(0, (0..<Int64(results.count)).map { $0 })
        for key in keys.indices { numbers(1 + key, results.map { Double($0.parameters[key]) ?? .nan }) }
        for figure in figureNames.indices { numbers(1 + keys.count + figure, results.map { $0.columns[figure].value }) }
        let last = 1 + keys.count + figureNames.count
        integers(last, results.map(\.steps))
        integers(last + 1, results.map(\.fills))
        integers(last + 2, results.map { Int64(bitPattern: UInt64($0.digest, radix: 16) ?? 0) })
        try writer.endRows()
        try writer.finish()
    }

    /// For a terminal: aligned columns.
    var text: String {
        let header = ["set"] + grid.axes.map(\.key) + figureNames + ["steps", "fills", "digest"]
        let rows = results.enumerated().map { number, result in
            ["\(number)"] + result.parameters + result.columns.map { Self.short($0.value) } + ["\(result.steps)", "\(result.fills)", result.digest]
        }
        let widths = header.indices.map { i in ([header] + rows).map { $0[i].count }.max() ?? 0 }
        return ([header] + rows).map { row in
            zip(row, widths).map { String(repeating: " ", count: $1 - $0.count) + $0 }.joined(separator: "  ")
        }.joined(separator: "\n")
    }

    private static func short(_ value: Double) -> String {
        guard value.isFinite, value != 0 else { return "\(value)" }
        var scale = 1.0
        while value.magnitude * scale < 10_000 && scale < 1e12 { scale *= 10 }
        return "\((value * scale).rounded() / scale)"
    }

    var json: String {
        get throws { try JSONFile.text(results.enumerated().map { Row(set: $0, result: $1, keys: grid.axes.map(\.key)) }) }
    }

    /// Numbers that JSON cannot hold are text.
    private struct Row: Encodable {
        let set: Int
        let parameters: [String: String]
        let figures: [String: String]
        let steps: Int64
        let fills: Int64
        let digest: String

        init(set: Int, result: SweepResult, keys: [String]) {
            self.set = set
            parameters = Dictionary(zip(keys, result.parameters)) { first, _ in first }
            figures = Dictionary(result.columns.map { ($0.name, $0.value.description) }) { first, _ in first }
            steps = result.steps
            fills = result.fills
            digest = result.digest
        }
    }
}
