import HBTTypes

/// Writes rows to a `.npz` (array `data`) or a `.npy`, by the end of the name, in flat memory.
///
/// The file appears under its name when `finish` has succeeded; without that, or after any error, nothing
/// is left behind. Equal rows give equal bytes, however they were cut into chunks.
public final class RowFileWriter<Row: NpyRow> {
    public static var defaultLevel: Int { 6 }

    private enum Target {
        case npz(NpzWriter, NpzWriter.Array<Row>)
        case npy(OutputFile)
        case closed
    }

    private let path: String
    private var target: Target
    /// Rows appended so far.
    public private(set) var rowCount: Int64 = 0

    /// - Parameter level: of `.npz`: 0 stores, 1 (fast) to 9 (small) deflate.
    public init(path: String, level: Int = RowFileWriter.defaultLevel) throws(MarketDataError) {
        precondition((0...9).contains(level), "compression levels are 0 to 9")
        self.path = path
        switch EventFiles.suffix(of: path) {
        case "npz":
            let npz = try NpzWriter(path: path)
            target = .npz(npz, try npz.array("data", of: Row.self, level: level))
        case "npy":
            let file = try OutputFile(path: path)
            try file.append(NpyHeader.bytes(for: Row.self, rows: 0))
            target = .npy(file)
        default:
            throw MarketDataError(path: path, .unsupported("file type to write; end the name in .npz or .npy"))
        }
    }

    public func append(_ rows: UnsafeBufferPointer<Row>) throws(MarketDataError) {
        switch target {
        case .npz(let npz, var array):
            // A failed writer has removed its file; further calls must not touch it.
            target = .closed
            try array.append(rows)
            target = .npz(npz, array)
        case .npy(let file):
            target = .closed
            try file.append(UnsafeRawBufferPointer(rows))
            target = .npy(file)
        case .closed:
            throw MarketDataError(path: path, .cannotWrite("it is closed"))
        }
        rowCount += Int64(rows.count)
    }

    public func append(_ rows: [Row]) throws(MarketDataError) {
        try rows.withUnsafeBufferPointer { (buffer) throws(MarketDataError) in try append(buffer) }
    }

    /// Completes the file and gives it its name, replacing an older one.
    public func finish() throws(MarketDataError) {
        let finished = target
        target = .closed
        switch finished {
        case .npz(let npz, let array):
            try array.end()
            try npz.finish()
        case .npy(let file):
            try file.patch(NpyHeader.bytes(for: Row.self, rows: rowCount), at: 0)
            try file.commit()
        case .closed:
            throw MarketDataError(path: path, .cannotWrite("it is closed"))
        }
    }
}

public typealias EventFileWriter = RowFileWriter<MarketEvent>
public typealias LatencyFileWriter = RowFileWriter<LatencyRow>
public typealias MarkFileWriter = RowFileWriter<MarkRow>
