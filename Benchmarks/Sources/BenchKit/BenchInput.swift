import CBench
import HBTEngine
import HBTMarketData
import HBTTypes

/// One market to measure on, in every form that a case may want.
public struct BenchInput {
    /// Where it comes from, in words that suffice to make it again.
    public let name: String
    /// With a dense book.
    public let spec: AssetSpec
    public let rows: [MarketEvent]
    /// `.npz` of the rows.
    public let npz: String
    /// Collector lines of the same market, gzip and plain; nil for none.
    public var collectorGz: String?
    public var collectorText: String?
    /// For what is made of it.
    public let folder: String

    public static let spec = AssetSpec(
        symbol: "BTCUSDT", tickSize: 0.1, lotSize: 0.001, book: .roi(lower: 40_000, upper: 80_000),
        latency: .constant(entryNs: 10_000_000, responseNs: 10_000_000), queue: .logProb2,
        fee: FeeSpec(maker: -0.00005, taker: 0.0007))

    /// The generator's market: the same seed and duration give the same bytes on any machine.
    public static func generate(seed: UInt64, seconds: Int64, into folder: String) throws {
        var parameters = MarketParameters()
        parameters.seed = seed
        parameters.durationNs = seconds * 1_000_000_000
        let source = try MarketGenerator(parameters)
        let npy = try RowFileWriter<MarketEvent>(path: "\(folder)/market.npy")
        let npz = try RowFileWriter<MarketEvent>(path: "\(folder)/market.npz")
        let buffer = UnsafeMutableBufferPointer<MarketEvent>.allocate(capacity: 16_384)
        defer { buffer.deallocate() }
        while true {
            let count = try source.read(into: buffer)
            if count == 0 { break }
            let block = UnsafeBufferPointer(rebasing: buffer[..<count])
            try npy.append(block)
            try npz.append(block)
        }
        try npy.finish()
        try npz.finish()
        let rows = try EventFileReader.readAll("\(folder)/market.npy")
        let text = CollectorText(rows, spec: spec)
        try Files.write(text.bytes, to: "\(folder)/market.txt")
        guard hbt_bench_gzip("\(folder)/market.gz", text.bytes, text.bytes.count) == 0 else {
            throw BenchError("\(folder)/market.gz: cannot be written")
        }
    }

    /// What `generate` left in `folder`.
    public static func generated(seed: UInt64, seconds: Int64, in folder: String) throws -> BenchInput {
        let rows = try EventFileReader.readAll("\(folder)/market.npy")
        return BenchInput(
            name: "generated, seed \(seed), \(seconds) s, \(rows.count) rows", spec: spec, rows: rows, npz: "\(folder)/market.npz",
            collectorGz: "\(folder)/market.gz", collectorText: "\(folder)/market.txt", folder: folder)
    }

    /// Without a market: to name cases.
    public static var nothing: BenchInput { BenchInput(name: "", spec: spec, rows: [], npz: "", folder: "") }

    /// A recorded market.
    public static func recorded(npz: String, collectorGz: String?, into folder: String) throws -> BenchInput {
        let rows = try EventFileReader.readAll(npz)
        let name = npz.split(separator: "/").last.map(String.init) ?? npz
        return BenchInput(
            name: "\(name), \(rows.count) rows", spec: spec, rows: rows, npz: npz, collectorGz: collectorGz, collectorText: nil, folder: folder)
    }

    /// The same instrument with its levels in sparse pages.
    var pagedSpec: AssetSpec {
        var spec = spec
        spec.book = .hash
        return spec
    }

    func source() -> any EventSource { BlockSource(rows) }

    /// The compiled tape, made when it is not there yet.
    func tape(_ compatibility: Compatibility) throws -> TapeFile {
        let path = "\(folder)/\(compatibility.rawValue).tape"
        if !Files.exists(path) { try makeTape(compatibility, path) }
        return try TapeFile(path: path)
    }

    public func makeTape(_ compatibility: Compatibility, _ path: String) throws {
        let input = AssetInput(spec: spec, events: source())
        try TapeCompiler.compile(input, compatibility: compatibility, into: try TapeFileWriter(path: path))
    }

    /// Makes what cases would make at their first repetition.
    public func warmFiles() throws {
        for compatibility in [Compatibility.none, .hftbacktest24] { _ = try tape(compatibility) }
    }
}

/// Rows in memory, copied a block at a time.
final class BlockSource: EventSource {
    private let rows: [MarketEvent]
    private var next = 0

    init(_ rows: [MarketEvent]) { self.rows = rows }

    func read(into buffer: UnsafeMutableBufferPointer<MarketEvent>) throws -> Int {
        let count = min(buffer.count, rows.count - next)
        guard count > 0 else { return 0 }
        rows.withUnsafeBufferPointer { rows in
            guard let from = rows.baseAddress, let to = buffer.baseAddress else { return }
            to.update(from: from + next, count: count)
        }
        next += count
        return count
    }

    func skip(_ rows: Int64) throws -> Int64 {
        let count = min(Int(clamping: rows), self.rows.count - next)
        next += count
        return Int64(count)
    }
}
