import Foundation
import HBTEngine

/// Runs the reference's vector files against this engine.
public final class ConformanceRunner {
    let data: ConformanceData
    private let replay: ReplayMode

    /// - Parameters:
    ///   - dataDirectory: where the data files of `backtest_real` vectors are looked for, at any depth,
    ///     by the SHA-256 of the file.
    ///   - replay: how market rows are replayed; row by row where they fit no tape.
    public init(dataDirectory: String? = nil, replay: ReplayMode = .rows) {
        self.replay = replay
        data = ConformanceData(directory: dataDirectory)
    }

    /// Runs files in the given order, and a directory's `.json` files in the order of their names;
    /// hands over each result as soon as it is known.
    public func run(_ paths: [String], each: (ConformanceResult) -> Void) -> ConformanceSummary {
        var summary = ConformanceSummary()
        for path in paths.flatMap(Self.files) {
            guard let result = run(file: path) else { continue }
            switch result.outcome {
            case .passed: summary.passed += 1
            case .skipped: summary.skipped += 1
            case .failed: summary.failed += 1
            case .malformed:
                summary.failed += 1
                summary.malformed += 1
            }
            each(result)
        }
        return summary
    }

    private static func files(_ path: String) -> [String] {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), isDirectory.boolValue else { return [path] }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return names.filter { $0.hasSuffix(".json") }.sorted().map { path + "/" + $0 }
    }

    /// Runs one file; nil when it is a list (an index of vectors), which holds nothing to run.
    public func run(file: String) -> ConformanceResult? {
        let base = (file as NSString).lastPathComponent
        var name = base.hasSuffix(".json") ? String(base.dropLast(5)) : base
        do {
            guard let bytes = FileManager.default.contents(atPath: file) else {
                throw VectorFault("cannot be read; name vector files or a directory of them")
            }
            let value = try VectorScanner.parse([UInt8](bytes))
            if case .array = value { return nil }
            guard case .object = value else { throw VectorFault("is JSON, but not a vector: an object is expected") }
            let vector = VectorPlace(value)
            if let own = vector.optional("name") { name = try own.string() }
            return ConformanceResult(name: name, file: file, outcome: try outcome(of: vector))
        } catch {
            return ConformanceResult(name: name, file: file, outcome: .malformed("\(error)"))
        }
    }

    private func outcome(of vector: VectorPlace) throws -> ConformanceResult.Outcome {
        let kind = try vector.string("kind")
        let difference: String?
        switch kind {
        case "backtest":
            if let reason = try unavailableQueue(vector) { return .skipped(reason) }
            difference = try BacktestVector(vector).firstDifference(replay: replay)
        case "backtest_real": return try RealBacktestVector(vector, replay: replay).outcome(data)
        case "correct_event_order": difference = try EventOrderVectors.correctEventOrder(vector)
        case "correct_local_timestamp": difference = try EventOrderVectors.correctLocalTimestamp(vector)
        case "validate_event_order": difference = try EventOrderVectors.validateEventOrder(vector)
        case "last_snapshot": difference = try SnapshotVectors.lastSnapshot(vector)
        case "diff_snapshot": difference = try SnapshotVectors.diffSnapshot(vector)
        case "binance_futures_convert": difference = try BinanceConvertVector.firstDifference(vector)
        case "stats": difference = try StatisticsVector.firstDifference(vector)
        default:
            return .skipped("kind \(kind) is not available in this version")
        }
        return difference.map { .failed($0) } ?? .passed
    }

    private func unavailableQueue(_ vector: VectorPlace) throws -> String? {
        for asset in try vector.list("assets") where try asset.member("queue_model").string("kind") == "l3_fifo" {
            return "kind backtest with queue model l3_fifo is not available in this version"
        }
        return nil
    }
}
