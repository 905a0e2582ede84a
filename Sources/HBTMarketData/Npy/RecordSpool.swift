import HBTTypes

/// Writes `records.npz` as HftBacktest's recorder does: one array per asset, keyed "0", "1", ….
///
/// Rows of all assets arrive interleaved, members of an archive one after the other: the first asset's
/// rows go straight into the archive, those of the others wait in nameless files in the same folder.
/// Memory stays flat. The file appears when `finish` has succeeded.
public final class RecordSpool {
    private let path: String
    private let level: Int
    private let npz: NpzWriter
    private var first: NpzWriter.Array<RecordRow>
    private var waiting: [ScratchFile] = []
    private var isClosed = false

    /// - Parameter level: 0 stores, 1 (fast) to 9 (small) deflate.
    public init(path: String, assetCount: Int, level: Int = 6) throws(MarketDataError) {
        precondition(assetCount > 0, "records are of assets")
        precondition((0...9).contains(level), "compression levels are 0 to 9")
        self.path = path
        self.level = level
        npz = try NpzWriter(path: path)
        first = try npz.array("0", of: RecordRow.self, level: level)
        for _ in 1..<assetCount { waiting.append(try ScratchFile(beside: path)) }
    }

    public func append(_ rows: UnsafeBufferPointer<RecordRow>, asset: Int) throws(MarketDataError) {
        guard !isClosed else { throw MarketDataError(path: path, .cannotWrite("it is closed")) }
        isClosed = true
        if asset == 0 {
            try first.append(rows)
        } else {
            try waiting[asset - 1].append(UnsafeRawBufferPointer(rows))
        }
        isClosed = false
    }

    public func append(_ rows: [RecordRow], asset: Int) throws(MarketDataError) {
        try rows.withUnsafeBufferPointer { (buffer) throws(MarketDataError) in try append(buffer, asset: asset) }
    }

    public func finish() throws(MarketDataError) {
        guard !isClosed else { throw MarketDataError(path: path, .cannotWrite("it is closed")) }
        isClosed = true
        try first.end()
        for (index, scratch) in waiting.enumerated() {
            var array = try npz.array(String(index + 1), of: RecordRow.self, level: level)
            try scratch.forEachChunk { (bytes) throws(MarketDataError) in
                try array.append(bytes.bindMemory(to: RecordRow.self))
            }
            try array.end()
        }
        waiting = []
        try npz.finish()
    }
}
