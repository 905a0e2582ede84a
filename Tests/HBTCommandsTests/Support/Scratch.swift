import Foundation
import HBTMarketData
import HBTTypes

@testable import HBTCommands

/// A folder of its own for one test, gone with the test.
final class Scratch {
    let path: String

    init() throws {
        let base = FileManager.default.temporaryDirectory.path + "/hbt-tests-XXXXXX"
        var template = Array(base.utf8CString)
        guard mkdtemp(&template) != nil else { throw CommandError("no temporary folder") }
        // macOS and some Linux systems reach the folder through a link; settings name files without links.
        let made = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        path = URL(fileURLWithPath: made).resolvingSymlinksInPath().path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { "\(path)/\(name)" }

    @discardableResult
    func write(_ text: String, to name: String) throws -> String {
        try text.write(toFile: file(name), atomically: true, encoding: .utf8)
        return file(name)
    }

    func bytes(_ name: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(fileURLWithPath: file(name)))) }

    func names(_ folder: String = ".") throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: file(folder)).sorted() }

    /// A synthetic market of `seconds`, seed 7.
    @discardableResult
    func market(_ name: String = "market.npz", seconds: Int64 = 20, startNs: Int64? = nil) throws -> String {
        var parameters = MarketParameters()
        parameters.seed = 7
        parameters.durationNs = seconds * 1_000_000_000
        if let startNs { parameters.startNs = startNs }
        let generator = try MarketGenerator(parameters)
        let writer = try EventFileWriter(path: file(name))
        let block = UnsafeMutableBufferPointer<MarketEvent>.allocate(capacity: 4096)
        defer { block.deallocate() }
        while case let count = try generator.read(into: block), count > 0 {
            try writer.append(UnsafeBufferPointer(rebasing: block[..<count]))
        }
        try writer.finish()
        return file(name)
    }

    func rows(_ rows: [MarketEvent], to name: String) throws {
        let writer = try EventFileWriter(path: file(name))
        try writer.append(rows)
        try writer.finish()
    }

    /// Settings of a grid market maker on `data`; the line numbers of messages count from here.
    @discardableResult
    func settings(_ name: String = "run.toml", data: [String] = ["market.npz"], extra: String = "") throws -> String {
        let list = data.map { "\"\($0)\"" }.joined(separator: ", ")
        return try write("""
            name = "test"
            [[asset]]
            symbol = "TEST"
            data = [\(list)]
            tick_size = 0.1
            lot_size = 0.001
            latency = { kind = "constant", entry = "10ms", response = "10ms" }
            queue = { kind = "log_prob2" }
            exchange = "partial_fill"
            fee = { kind = "trading_value", maker = -0.00005, taker = 0.0007 }
            [strategy]
            type = "grid_market_making"
            interval = "100ms"
            half_spread = 0.5
            skew = 0.1
            order_qty_value = 600.0
            max_position_value = 12_000.0
            grid_num = 3
            grid_interval = 0.5
            \(extra)
            """, to: name)
    }
}
