import HBTEngine
import HBTMarketData

/// The file of factor values: `local_ns`, `exchange_ns`, `mid`, then a column for each node. A node that is
/// the mid price by kind and by name is the column `mid`.
///
/// Written block by block; it appears under its name when `finish` has succeeded.
final class FactorTable {
    static let suffixes = [".parquet", ".npz", ".csv"]
    static let leading = ["local_ns", "exchange_ns", "mid"]

    private enum Target {
        case parquet(ParquetWriter)
        case npz(StructuredFileWriter)
        case csv(CSVFile, partial: String)
    }
    private let path: String
    private let target: Target
    /// Columns of the samples that get one of their own.
    private let kept: [Int]
    private var words: [UInt64] = []
    private(set) var rowCount: Int64 = 0
    private var isFinished = false

    init(path: String, definition: FactorDefinition) throws {
        self.path = path
        let graph = definition.name
        kept = definition.columns.indices.filter { definition.columns[$0] != Self.leading[2] || !definition.isOwnMidPrice(definition.columns[$0]) }
        let columns = kept.map { definition.columns[$0] }
        if let taken = columns.first(where: Self.leading.contains) {
            throw CommandError("\(graph): a node is named \(taken), as a column that every table has; rename the node")
        }
        if path.hasSuffix(".parquet") {
            let time = Self.leading.prefix(2).map { ParquetColumn($0, .int64) }
            target = .parquet(try ParquetWriter(
                path: path, columns: time + ([Self.leading[2]] + columns).map { ParquetColumn($0, .double) },
                rowGroupBytes: 32 << 20, metadata: [("hbt.graph", graph)]))
        } else if path.hasSuffix(".npz") {
            let time = Self.leading.prefix(2).map { NpyField($0, "<i8") }
            target = .npz(try StructuredFileWriter(path: path, fields: time + ([Self.leading[2]] + columns).map { NpyField($0, "<f8") }, level: 1))
        } else {
            let (folder, name) = FileTree.split(path)
            let partial = FileTree.join(folder, ".\(name).partial")
            FileTree.remove(partial)
            target = .csv(try CSVFile(path: partial, header: Self.leading + columns.map(CSVFile.field)), partial: partial)
        }
    }

    deinit { if !isFinished, case .csv(_, let partial) = target { FileTree.remove(partial) } }

    func append(_ samples: FactorSamples) throws {
        let count = samples.count
        guard count > 0 else { return }
        switch target {
        case .parquet(let writer):
            writer.append(UnsafeBufferPointer(rebasing: samples.localNs[..<count]), toColumn: 0)
            writer.append(UnsafeBufferPointer(rebasing: samples.exchangeNs[..<count]), toColumn: 1)
            writer.append(UnsafeBufferPointer(rebasing: samples.mid[..<count]), toColumn: 2)
            for (place, column) in kept.enumerated() { writer.append(samples.column(column), toColumn: 3 + place) }
            try writer.endRows()
        case .npz(let writer):
            let width = 3 + kept.count
            words.removeAll(keepingCapacity: true)
            words.reserveCapacity(count * width)
            let columns = kept.map { samples.column($0) }
            for row in 0..<count {
                words.append(UInt64(bitPattern: samples.localNs[row]).littleEndian)
                words.append(UInt64(bitPattern: samples.exchangeNs[row]).littleEndian)
                words.append(samples.mid[row].bitPattern.littleEndian)
                for column in columns { words.append(column[row].bitPattern.littleEndian) }
            }
            try words.withUnsafeBufferPointer { try writer.append($0) }
        case .csv(let file, _):
            let columns = kept.map { samples.column($0) }
            for row in 0..<count {
                file.add(samples.localNs[row])
                file.add(samples.exchangeNs[row])
                file.add(samples.mid[row])
                for column in columns { file.add(column[row]) }
                try file.endRow()
            }
        }
        rowCount += Int64(count)
    }

    func finish() throws {
        switch target {
        case .parquet(let writer): try writer.finish()
        case .npz(let writer): try writer.finish()
        case .csv(let file, let partial):
            try file.finish()
            try FileTree.rename(partial, to: path)
        }
        isFinished = true
    }
}
