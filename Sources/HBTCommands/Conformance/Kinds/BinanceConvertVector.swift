import Foundation
import HBTMarketData

/// Raw collector lines to rows, once for each case of options.
enum BinanceConvertVector {
    static func firstDifference(_ vector: VectorPlace) throws -> String? {
        let comparison = try VectorComparison(vector)
        for place in try vector.list("cases") {
            var text = ""
            for line in try vector.list("raw_lines") {
                text += try shifted(line, byNs: try place.optional("local_shift_ns")?.int64() ?? 0) + "\n"
            }
            // The converter reads files; this one lives as long as the case.
            let file = FileManager.default.temporaryDirectory.appendingPathComponent("hbt-conformance-\(UUID().uuidString)")
            try Data(text.utf8).write(to: file)
            defer { try? FileManager.default.removeItem(at: file) }
            let options = ConvertOptions(options: try place.string("opt"), baseLatencyNs: try place.int64("base_latency"))
            let rows = try allRows(try CollectorEventSource(paths: [file.path], venue: .binanceFutures, options: options))
            let wanted = try place.member("expected")
            if let found = comparison.difference(wanted.value, vectorRows(rows), at: wanted.path) { return found }
        }
        return nil
    }

    /// The line with its receipt time moved.
    private static func shifted(_ place: VectorPlace, byNs shift: Int64) throws -> String {
        let line = try place.string()
        guard shift != 0 else { return line }
        let digits = line.prefix { $0 != " " }
        guard let ns = Int64(digits) else { throw place.fault("does not start with a receipt time") }
        return String(ns &+ shift) + line.dropFirst(digits.count)
    }
}
