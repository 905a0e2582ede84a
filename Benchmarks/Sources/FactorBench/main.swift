import Foundation
import HBTMarketData
@_spi(Measuring) import HBTEngine
import HBTTypes

/// What each node of a factor graph costs on real data, one thread:
///
///     swift run -c release --package-path Benchmarks factor-bench [data=FILE] [tick=0.1 lot=0.001 lower=40000 upper=80000]
///         [repeats=15] [only=NAME] [drift=1000000000]
///
/// Without `data` it takes the repository's sample. `drift` runs so many updates through rolling sums instead.

func readOptions() -> [String: String] {
    var options = [
        "data": "data/btcusdt-sample.npz", "tick": "0.1", "lot": "0.001", "lower": "40000", "upper": "80000", "repeats": "15", "only": "", "drift": "",
    ]
    for argument in CommandLine.arguments.dropFirst() {
        let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2, options[parts[0]] != nil else {
            FileHandle.standardError.write(Data("factor-bench: \(argument): write one of \(options.keys.sorted().joined(separator: ", ")) with =value\n".utf8))
            exit(2)
        }
        options[parts[0]] = parts[1]
    }
    return options
}

let options = readOptions()

func text(_ value: Double) -> String { String(format: value < 9.95 ? "%.1f" : "%.0f", value) }

func drift(_ updates: Int) {
    let start = Probe.clockNs()
    let found = FactorDrift(updates: updates, window: 600, every: updates / 100_000 + 7)
    print("\(updates) updates, window 600, \(found.comparisons) comparisons, \((Probe.clockNs() - start) / 1_000_000_000) s; largest errors:")
    print("deviation \(found.deviation), mean \(found.mean), skewness \(found.skewness), sum of a time window \(found.sum)")
}

func line(_ m: Measurement, _ probe: Probe) -> String {
    let percentiles = [50.0, 99, 99.9].map { text(probe.ns(m.histogram, $0)) }.joined(separator: " | ")
    let goal = m.goal.map { "≤ \(text($0))" } ?? ""
    return "| \(m.name) | \(text(m.medianNs)) | \(goal) | \(text(m.meanNs)) | \(percentiles) | \(m.allocations) | \(max(m.bytes, 0) / 1024) | \(m.events) |"
}

func run(_ options: [String: String]) throws {
    func number(_ key: String) -> Double { Double(options[key] ?? "") ?? 0 }
    let path = options["data"] ?? ""
    let rows = try EventFileReader.readAll(path)
    let spec = AssetSpec(symbol: "A", tickSize: number("tick"), lotSize: number("lot"), book: .roi(lower: number("lower"), upper: number("upper")))
    let probe = Probe()
    let measuring = Measuring(spec: spec, rows: rows, repeats: max(Int(number("repeats")), 1), probe: probe)
    let bare = try FactorTrial(nil, spec: spec, events: rows)
    let only = options["only"] ?? ""
    func isWanted(_ name: String) -> Bool { only.isEmpty || name.contains(only) }
    print("\(path): \(rows.count) rows, \(bare.rowCount) of the local side, \(bare.waveCount) waves; least of \(measuring.repeats) passes and more")
    print("probe: median \(text(probe.ns(probe.cost, 50))) ns, p99 \(text(probe.ns(probe.cost, 99))) ns, contained in the percentiles of single events")
    let head = "median ns | goal | mean ns | p50 | p99 | p99.9 | allocations | KiB | events"
    let rule = "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|"
    print("\nNodes by themselves, an evaluation with the inputs, trades or best prices recorded from the data:\n\n| node | \(head) |\n\(rule)")
    var feed = 0.0
    for node in NodeCase.all where node.method == .replay && isWanted(node.name) {
        let m = try measuring.node(node)
        feed = max(feed, m.withoutNs)
        print(line(m, probe))
    }
    print("\nHanding over the inputs, at most \(text(feed)) ns, has been taken off median and mean; it and the probe are in the percentiles.")
    print("\nNodes over the book, a row of the data: median and mean are what they cost above the book alone; percentiles are of book and node:\n")
    print("| node | \(head) |\n\(rule)")
    for node in NodeCase.all where node.method == .rows && isWanted(node.name) {
        print(line(try measuring.rows(node.graph, name: node.name, goal: node.goal, bare: bare), probe))
    }
    for (name, goal, graph) in SeedGraphs.all where isWanted(name) {
        print(line(try measuring.rows(graph, name: "\(name), book included", goal: goal, bare: bare, isWhole: true), probe))
        print(line(try measuring.rows(graph, name: "\(name), above the book", goal: nil, bare: bare), probe))
    }
}

if let updates = Int(options["drift"] ?? "") {
    drift(updates)
} else {
    do {
        try run(options)
    } catch {
        FileHandle.standardError.write(Data("factor-bench: \(error)\n".utf8))
        exit(2)
    }
}
