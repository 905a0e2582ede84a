import Foundation
import HBTTypes

@testable import HBTMarketData

/// A folder that goes away with the test.
final class ScratchFolder {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "hbt-formats-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func callAsFunction(_ name: String) -> String { path + "/" + name }

    func write(_ bytes: [UInt8], to name: String) throws -> String {
        try Data(bytes).write(to: URL(fileURLWithPath: self(name)))
        return self(name)
    }

    /// Names of all files, hidden ones included.
    func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
}

func bytes(of path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))) }

/// splitmix64: the same numbers in every process.
struct FormatRandom: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}

/// Rows whose every field varies, like a market's: compressible, not constant.
func someEvents(_ count: Int, seed: UInt64 = 1) -> [MarketEvent] {
    var random = FormatRandom(seed: seed)
    var time: Int64 = 1_721_347_200_000_000_000
    return (0..<count).map { index in
        time += Int64.random(in: 0...5_000_000, using: &random)
        return MarketEvent(
            ev: EventFlags.exchange | EventFlags.local | EventFlags.buy | UInt64.random(in: 1...4, using: &random),
            exchangeNs: time, localNs: time + 4_000_000, price: 64_000 + Double(Int.random(in: -500...500, using: &random)) / 10,
            quantity: Double(Int.random(in: 0...9_999, using: &random)) / 1000, orderId: UInt64(index), ival: -Int64(index),
            fval: index == 3 ? .nan : Double(index) / 7)
    }
}

/// Equality that holds for NaN as well: rows are bytes.
func sameBytes<Row: NpyRow>(_ a: [Row], _ b: [Row]) -> Bool {
    a.count == b.count && a.withUnsafeBytes { x in b.withUnsafeBytes { y in x.elementsEqual(y) } }
}

/// All rows of a source, asked for in chunks of the sizes that `chunk` gives.
func drain(_ source: any EventSource, chunk: () -> Int = { 1000 }) throws -> [MarketEvent] {
    var rows: [MarketEvent] = []
    while true {
        let buffer = UnsafeMutableBufferPointer<MarketEvent>.allocate(capacity: chunk())
        defer { buffer.deallocate() }
        let count = try source.read(into: buffer)
        if count == 0 { return rows }
        rows.append(contentsOf: buffer[0..<count])
    }
}

/// The error `body` throws; nil when it throws none.
func failure<Value>(_ body: () throws -> Value) -> MarketDataError? {
    do {
        _ = try body()
        return nil
    } catch { return error as? MarketDataError }
}

/// An npy file of any header.
func handmadeNpy(
    descr: String = NpyHeader.eventDescr, fortran: Bool = false, shape: String, version: UInt8 = 1, rows: [MarketEvent] = []
) -> [UInt8] {
    var text = [UInt8]("{'descr': \(descr), 'fortran_order': \(fortran ? "True" : "False"), 'shape': \(shape), }".utf8)
    let preamble = version == 1 ? 10 : 12
    while (preamble + text.count + 1) % 64 != 0 { text.append(0x20) }
    text.append(0x0a)
    var bytes = NpyHeader.magic + [version, 0]
    if version == 1 { bytes.append16(UInt16(text.count)) } else { bytes.append32(UInt32(text.count)) }
    return bytes + text + rows.withUnsafeBytes { [UInt8]($0) }
}

extension NpyHeader {
    static let eventDescr =
        "[('ev', '<u8'), ('exch_ts', '<i8'), ('local_ts', '<i8'), ('px', '<f8'), ('qty', '<f8'), "
        + "('order_id', '<u8'), ('ival', '<i8'), ('fval', '<f8')]"
}

/// Files kept beside the repository, not in it: `../shared/data/npz`.
enum SharedNpz {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("../shared/data/npz").standardized.path

    static let isPresent: Bool = {
        let present = FileManager.default.fileExists(atPath: folder)
        if !present { print("skipped: tests against numpy-made files, because ../shared/data/npz is absent") }
        return present
    }()

    static func path(_ name: String) -> String { folder + "/" + name + ".npz" }
}
