import BenchKit
import Foundation

/// The suite: one table of what everything costs. `make bench`, or with arguments of `BenchOptions`:
///
///     hbt-bench rounds=9 group=engine only=OBI data=generated json=results.json

func say(_ text: String) { FileHandle.standardError.write(Data("hbt-bench: \(text)\n".utf8)) }

/// Recorded markets: in `HBT_BENCH_DATA`, or beside the repository; nil when there are none.
func recordedFolder() -> String? {
    if let path = ProcessInfo.processInfo.environment["HBT_BENCH_DATA"] { return path }
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let path = root.appendingPathComponent("../shared/data").standardizedFileURL.path
    return Files.exists(path) ? path : nil
}

func inputs(_ options: BenchOptions, _ folder: String) throws -> [BenchInput] {
    var inputs: [BenchInput] = []
    if options.data != "recorded" {
        let place = "\(folder)/generated"
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        try BenchInput.generate(seed: options.seed, seconds: options.seconds, into: place)
        inputs.append(try .generated(seed: options.seed, seconds: options.seconds, in: place))
    }
    if options.data != "generated" {
        let npz = recordedFolder().map { "\($0)/npz/usdm_btcusdt_20240808.npz" }
        if let npz, let root = recordedFolder(), Files.exists(npz) {
            let place = "\(folder)/recorded", gz = "\(root)/hftbacktest-raw/usdm/btcusdt_20240808.gz"
            try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
            inputs.append(try .recorded(npz: npz, collectorGz: Files.exists(gz) ? gz : nil, into: place))
        } else {
            say("no recorded market (npz/usdm_btcusdt_20240808.npz in HBT_BENCH_DATA); the generated one alone is measured")
        }
    }
    return inputs
}

func run() throws {
    let options = try BenchOptions(Array(CommandLine.arguments.dropFirst()))
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("hbt-bench-\(ProcessInfo.processInfo.processIdentifier)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }

    var cases: [BenchCase] = [], latencies: [LatencyCase] = []
    for input in try inputs(options, folder) {
        try input.warmFiles()
        cases += EngineCases(input).all + DataCases(input).all
        latencies += LatencyCases(input).all
    }
    if options.wants("report") { cases += ReportCases(count: options.records, folder: folder).all }
    let harness = Harness(rounds: options.rounds)
    let results = harness.run(cases.filter { options.wants($0.group, $0.name) })
    let latencyResults = harness.run(latencies.filter { options.wants("latency", $0.name) })
    let children = options.wants("children") && options.only == nil ? try ChildBench.run() : []
    let table = ResultTable(results: results, latencies: latencyResults, children: children)
    print("\(Machine.description); medians of \(options.rounds) interleaved rounds; spread: half the distance of the quartiles")
    table.print()
    if let path = options.json { try table.json(options).write(to: URL(fileURLWithPath: path)) }
    let unsteady = results.filter(\.isUnsteady).map(\.work.name) + latencyResults.filter(\.isUnsteady).map(\.work.name)
    if !unsteady.isEmpty { throw BenchError("other answers in other rounds: \(unsteady.joined(separator: ", "))") }
}

do {
    try run()
} catch {
    say("\(error)")
    exit(1)
}
