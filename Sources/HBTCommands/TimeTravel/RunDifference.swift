import Foundation
import HBTReport

/// `hbt diff`: where two runs part, and how far they end apart.
struct RunDifference {
    let a: String
    let b: String
    /// First differences, in the order in which a cause shows: settings, orders, fills, records.
    private(set) var places: [FileDifference] = []
    private(set) var metrics: [Metric] = []

    /// One figure of both runs.
    struct Metric: Equatable {
        var asset: String
        var name: String
        var a: String
        var b: String
    }

    init(_ a: String, _ b: String) throws {
        self.a = a
        self.b = b
        for folder in [a, b] where FileTree.kind(FileTree.join(folder, RunFiles.manifest)) != .file {
            throw CommandError("\(folder): this is not the folder of a run: it has no \(RunFiles.manifest)")
        }
        for name in [RunFiles.config, RunFiles.orders, RunFiles.fills, RunFiles.records, RunFiles.summary] {
            if let difference = try FileComparison.firstDifference(a, b, names: [name]) { places.append(difference) }
        }
        metrics = try Self.metrics(a, b)
    }

    var areEqual: Bool { places.isEmpty }

    /// Figures of the whole period that differ, asset by asset.
    private static func metrics(_ a: String, _ b: String) throws -> [Metric] {
        let x = try summaries(a), y = try summaries(b)
        var metrics: [Metric] = []
        for (first, second) in zip(x, y) {
            for name in Set(first.metrics.keys).union(second.metrics.keys).sorted() {
                let p = first.metrics[name] ?? "–", q = second.metrics[name] ?? "–"
                if p != q { metrics.append(Metric(asset: first.symbol, name: name, a: p, b: q)) }
            }
        }
        return metrics
    }

    /// Symbol and whole-period figures of each asset in `summary.json`.
    private static func summaries(_ folder: String) throws -> [(symbol: String, metrics: [String: String])] {
        let path = FileTree.join(folder, RunFiles.summary)
        let parsed = try? JSONSerialization.jsonObject(with: Data(try WholeFile.read(path)))
        guard let root = parsed as? [String: Any], let assets = root["assets"] as? [[String: Any]] else {
            throw CommandError("\(path): damaged: not the summary that hbt writes")
        }
        return assets.map { asset in
            let whole = (asset["summary"] as? [[String: Any]])?.last?["metrics"] as? [String: Any] ?? [:]
            return ("\(asset["symbol"] ?? "")", whole.mapValues { "\($0)" })
        }
    }

    var text: String {
        guard !areEqual else { return "equal: \(a) and \(b)" }
        var lines = ["first difference: \(places[0].file), \(places[0].place)"]
        for place in places.dropFirst() { lines.append("also: \(place.file), \(place.place)") }
        guard !metrics.isEmpty else { return lines.joined(separator: "\n") }
        var table = TextTable(header: ["asset", "figure", "first run", "second run"], alignments: [.left, .left, .right, .right])
        for metric in metrics { table.add([metric.asset, metric.name, metric.a, metric.b]) }
        return lines.joined(separator: "\n") + "\n\n" + table.text
    }
}
