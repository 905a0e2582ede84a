import Foundation
import HBTTypes

@testable import HBTMarketData

/// A gzip member of stored (uncompressed) deflate blocks.
func gzipMember(_ text: [UInt8]) -> [UInt8] {
    var out: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]
    var position = 0
    repeat {
        let count = min(65_535, text.count - position)
        out.append(position + count == text.count ? 1 : 0)
        out += [UInt8(count & 255), UInt8(count >> 8), UInt8(~count & 255), UInt8((~count >> 8) & 255)]
        out += text[position..<(position + count)]
        position += count
    } while position < text.count
    var crc: UInt32 = 0xFFFF_FFFF
    for byte in text {
        crc ^= UInt32(byte)
        for _ in 0..<8 { crc = (crc >> 1) ^ (crc & 1 == 1 ? 0xEDB8_8320 : 0) }
    }
    crc = ~crc
    for shift in [0, 8, 16, 24] { out.append(UInt8((crc >> UInt32(shift)) & 255)) }
    for shift in [0, 8, 16, 24] { out.append(UInt8((UInt32(text.count) >> UInt32(shift)) & 255)) }
    return out
}

/// All lines of a file, and the error that ended it.
func readLines(_ path: String, blockBytes: Int = 1 << 20) -> (lines: [String], error: MarketDataError?) {
    var lines: [String] = []
    do {
        let reader = try GzipLineReader(path: path, blockBytes: blockBytes)
        while let line = try reader.next() {
            lines.append(String(decoding: line, as: UTF8.self))
            if line.baseAddress?[line.count] != 10 { lines.append("NO NEWLINE BEHIND THE LINE") }
        }
        return (lines, nil)
    } catch { return (lines, error) }
}

/// Rows and report of collector lines.
func convert(
    _ lines: [String], _ venue: Venue = .binanceFutures, _ options: ConvertOptions = ConvertOptions()
) throws -> (rows: [MarketEvent], report: ConversionReport) {
    let folder = try ScratchFolder()
    let path = try folder.write([UInt8]((lines.joined(separator: "\n") + "\n").utf8), to: "lines.gz")
    let source = try CollectorEventSource(paths: [path], venue: venue, options: options)
    return (try drain(source), source.report)
}

/// The error of a conversion without the path, which differs from run to run.
func conversionFailure(_ lines: [String], _ venue: Venue = .binanceFutures, _ options: ConvertOptions = ConvertOptions()) -> String? {
    failure { try convert(lines, venue, options) }.map { error in
        var bare = error
        bare.path = ""
        return bare.description
    }
}

enum SharedData {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("../shared/data").standardized.path

    static let isPresent: Bool = {
        let present = FileManager.default.fileExists(atPath: folder + "/hftbacktest-raw")
        if !present { print("skipped: tests on recorded files, because ../shared/data/hftbacktest-raw is absent") }
        return present
    }()

    static func raw(_ name: String) -> String { "\(folder)/hftbacktest-raw/\(name).gz" }
}
