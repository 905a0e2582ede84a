import HBTMarketData
import HBTTypes

/// One asset's data files as one stream: event files one after the other, neighbouring collector
/// files (`.gz`) as one conversion.
final class AssetEventSource: EventFileSource {
    enum Part {
        case events(String)
        /// Collector files of one symbol, in order.
        case collector([String])
    }

    private let parts: [Part]
    private let log: ReadLog
    private var next = 0
    private var current: (any EventSource)?

    init(_ paths: [String], log: ReadLog) {
        parts = Self.parts(paths)
        self.log = log
    }

    static func parts(_ paths: [String]) -> [Part] {
        var parts: [Part] = []
        for path in paths {
            if !EventFiles.isRecording(path) {
                parts.append(.events(path))
            } else if case .collector(let before)? = parts.last {
                parts[parts.count - 1] = .collector(before + [path])
            } else {
                parts.append(.collector([path]))
            }
        }
        return parts
    }

    /// Opens one part from its first row; reads collector files to their end first.
    static func open(_ part: Part) throws -> (source: any EventSource, path: String, warnings: [String]) {
        switch part {
        case .events(let path):
            let source = try EventFiles.open(path)
            return (source, path, source.warnings)
        case .collector(let paths):
            let source = try CollectorEventSource(paths: paths)
            return (source, paths.joined(separator: ", "), Self.warnings(source.report))
        }
    }

    private static func warnings(_ report: ConversionReport) -> [String] {
        guard report.updateGapCount > 0 else { return [] }
        let first = report.updateGaps.first.map { "; the first at \($0.file):\($0.line)" } ?? ""
        return ["\(report.updateGapCount) breaks in the chain of depth updates\(first); hbt validate lists them"]
    }

    var rowsTotal: Int64? {
        var total: Int64 = 0
        for part in parts {
            guard case .events(let path) = part, let rows = (try? EventFiles.open(path))?.rowsTotal else { return nil }
            total &+= rows
        }
        return total
    }

    var warnings: [String] { log.warnings }

    func read(into buffer: UnsafeMutableBufferPointer<MarketEvent>) throws -> Int {
        let started = ContinuousClock.now
        var count = 0
        defer { log.read(rows: count, in: started.duration(to: .now)) }
        while true {
            if let current {
                count = try current.read(into: buffer)
                if count > 0 { return count }
            }
            current = nil
            guard next < parts.count else { return 0 }
            let opened = try Self.open(parts[next])
            next += 1
            log.open(opened.path, warnings: opened.warnings)
            current = opened.source
        }
    }
}
