import BenchKit
import Foundation
import HBTReport

/// Results as one table and as JSON.
struct ResultTable {
    let results: [Harness.Result]
    let latencies: [Harness.LatencyResult]
    let children: [ChildBench.Line]

    // MARK: text

    func print() {
        var data = ""
        var table = Self.newTable()
        for result in results {
            let work = result.work
            if work.data != data {
                flush(&table, data)
                data = work.data
            }
            if let refusal = result.refusal {
                table.add([work.group, work.name, "—", "", "", "", refusal])
                continue
            }
            table.add([
                work.group, work.name, String(format: "%.2f", result.median), "ns/\(work.unit.rawValue)", String(format: "±%.1f %%", result.spread * 100),
                result.allocationsPerUnit < 0 ? "—" : String(format: "%.4f", result.allocationsPerUnit),
                (result.outcome?.digest ?? "") + (result.isUnsteady ? " DIFFERS BETWEEN ROUNDS" : ""),
            ])
        }
        flush(&table, data)
        printLatencies()
        var program = ""
        for line in children {
            if line.program != program {
                program = line.program
                Swift.print("\n\(program)")
            }
            Swift.print(line.text)
        }
    }

    private static func newTable() -> TextTable {
        TextTable(
            header: ["group", "case", "median", "", "spread", "allocations", "digest of the answer"],
            alignments: [.left, .left, .right, .left, .right, .right, .left])
    }

    private func flush(_ table: inout TextTable, _ data: String) {
        guard !data.isEmpty else { return }
        Swift.print("\n\(data)\n\(table.text)")
        table = Self.newTable()
    }

    private func printLatencies() {
        guard !latencies.isEmpty else { return }
        var table = TextTable(
            header: ["latency, ns", "p50", "p90", "p99", "p99.9", "max", "count", "digest of the answer"],
            alignments: [.left, .right, .right, .right, .right, .right, .right, .left])
        var data = ""
        for latency in latencies {
            if latency.work.data != data {
                data = latency.work.data
                table.add(["[\(data)]", "", "", "", "", "", "", ""])
            }
            if let refusal = latency.refusal {
                table.add([latency.work.name, "—", "", "", "", "", "", refusal])
                continue
            }
            let values = Self.percentiles(latency).map { "\($0.value)" }
            let answer = latency.digest + (latency.isUnsteady ? " DIFFERS BETWEEN ROUNDS" : "")
            table.add([latency.work.name] + values + ["\(latency.histogram.totalCount)", answer])
        }
        Swift.print("\n\(table.text)")
    }

    private static func percentiles(_ latency: Harness.LatencyResult) -> [(name: String, value: UInt64)] {
        [("p50", 50.0), ("p90", 90.0), ("p99", 99.0), ("p99.9", 99.9), ("max", 100.0)].map { ($0.0, latency.histogram.valueAtPercentile($0.1)) }
    }

    // MARK: JSON

    func json(_ options: BenchOptions) throws -> Data {
        var root: [String: Any] = ["rounds": options.rounds, "machine": Machine.description]
        root["cases"] = results.map { result -> [String: Any] in
            var entry: [String: Any] = [
                "group": result.work.group, "name": result.work.name, "unit": result.work.unit.rawValue, "data": result.work.data,
                "digest": result.outcome?.digest ?? "", "units": result.outcome?.units ?? 0, "is_steady": !result.isUnsteady,
            ]
            if let refusal = result.refusal {
                entry["refusal"] = refusal
            } else {
                entry["ns_per_unit"] = result.ns
                entry["median"] = result.median
                entry["spread"] = result.spread
                entry["allocations_per_unit"] = result.allocationsPerUnit
            }
            return entry
        }
        root["latencies"] = latencies.map { latency -> [String: Any] in
            var entry: [String: Any] = ["name": latency.work.name, "data": latency.work.data, "digest": latency.digest, "is_steady": !latency.isUnsteady]
            if let refusal = latency.refusal { entry["refusal"] = refusal }
            for (name, value) in Self.percentiles(latency) { entry[name] = value }
            entry["count"] = latency.histogram.totalCount
            return entry
        }
        root["children"] = children.map { ["program": $0.program, "line": $0.text] }
        return try JSONSerialization.data(withJSONObject: root, options: [.prettyPrinted, .sortedKeys])
    }
}

enum Machine {
    /// Processor and cores, as far as the system tells.
    static var description: String {
        let lines = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8))?.split(separator: "\n") ?? []
        let model = lines.first { $0.hasPrefix("model name") }?.split(separator: ":").last?.trimmingCharacters(in: .whitespaces)
        return "\(model ?? "unknown processor"), \(ProcessInfo.processInfo.activeProcessorCount) cores"
    }
}
