import Foundation
import HBTDigest
import HBTMarketData
import HBTTypes

/// Data files of vectors, found by the SHA-256 of the file and converted once in a run.
final class ConformanceData {
    /// Where to look, at any depth; nil when the user named no place.
    let directory: String?
    private var digests: [String: String] = [:]
    private var converted: [String: Result<Rows, any Error>] = [:]

    struct Rows {
        let events: [MarketEvent]
        /// Of the rows' bytes, in HftBacktest's layout.
        let sha256: String
    }

    init(directory: String?) { self.directory = directory }

    /// Path of the file with this digest; files of the given name are tried first.
    func file(sha256: String, name: String) -> String? {
        guard let directory else { return nil }
        let all = (FileManager.default.enumerator(atPath: directory)?.compactMap { $0 as? String } ?? []).sorted()
        let named = all.filter { ($0 as NSString).lastPathComponent == name }
        for path in named + all.filter({ !named.contains($0) }) {
            let full = (directory as NSString).appendingPathComponent(path)
            if digest(full) == sha256 { return full }
        }
        return nil
    }

    private func digest(_ path: String) -> String? {
        if let known = digests[path] { return known }
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), !isDirectory.boolValue else { return nil }
        let made = SHA256.hex(file: path)
        digests[path] = made
        return made
    }

    /// The rows of a raw Binance USD-M futures file.
    func binanceFutures(_ path: String) throws -> Rows {
        if let known = converted[path] { return try known.get() }
        let made = Result { try Self.convert(path) }
        converted[path] = made
        return try made.get()
    }

    private static func convert(_ path: String) throws -> Rows {
        let events = try allRows(try CollectorEventSource(paths: [path], venue: .binanceFutures))
        return Rows(events: events, sha256: events.withUnsafeBytes { SHA256.hex($0) })
    }
}

/// Everything a source has left; for data of a size that fits in memory.
func allRows(_ source: any EventSource) throws -> [MarketEvent] {
    let block = UnsafeMutableBufferPointer<MarketEvent>.allocate(capacity: 16_384)
    defer { block.deallocate() }
    var rows: [MarketEvent] = []
    while true {
        let count = try source.read(into: block)
        if count == 0 { return rows }
        rows.append(contentsOf: block[..<count])
    }
}
