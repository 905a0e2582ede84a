import BenchKit
import CBench
import Foundation

/// The program that the gate runs under callgrind.
///
///     gate-probe prepare DIR     makes the input
///     gate-probe CASE DIR        does one case once; prints units and digest of its answer
///     gate-probe list            names the cases

let seed: UInt64 = 7
let seconds: Int64 = 300

func cases(_ input: BenchInput) -> [(key: String, work: BenchCase)] {
    let engine = EngineCases(input), data = DataCases(input)
    return [
        ("rows-dense", engine.bare(.dense)),
        ("rows-paged", engine.bare(.paged)),
        ("rows-obi-1s", engine.imbalance(.dense, .none)),
        ("rows-grid-1s", engine.grid("log_prob2") { _ in }),
        ("rows-partial-fills", engine.grid("partial_fill") { $0.exchange = .partialFill }),
        ("tape", engine.bare(.tape)),
        ("tape-every-feed", engine.everyFeed(.tape)),
        ("tape-obi-1s-reference", engine.imbalance(.tape, .hftbacktest24)),
        ("tape-obi-1s", engine.imbalance(.tape, .none)),
        ("tape-obi-1s-scan", engine.imbalance(.scan, .none)),
        ("tape-obi-1s-full", engine.imbalance(.full, .none)),
        ("sweep-of-16", engine.sweep(16)),
        ("rows-factors-every-feed", engine.everyFeedWithFactors(.dense)),
        ("tape-factors-every-feed", engine.everyFeedWithFactors(.tape)),
        ("tape-build", data.tapeBuild(.none, toFile: false)),
        ("npz-read", data.readNpz),
        ("collector-parse", data.collector(input.collectorText ?? "", "plain", per: .row)),
    ]
}

final class Measured {
    let work: () throws -> Outcome
    var result: Result<Outcome, any Error>?
    init(_ work: @escaping () throws -> Outcome) { self.work = work }
}

func run(_ arguments: [String]) throws {
    if arguments == ["list"] {
        for (key, _) in cases(.nothing) { print(key) }
        return
    }
    guard arguments.count == 2 else { throw BenchError("usage: gate-probe list | prepare DIR | CASE DIR") }
    let folder = arguments[1]
    if arguments[0] == "prepare" {
        try BenchInput.generate(seed: seed, seconds: seconds, into: folder)
        let input = try BenchInput.generated(seed: seed, seconds: seconds, in: folder)
        try input.warmFiles()
        print("{\"data\": \"\(input.name)\"}")
        return
    }
    let input = try BenchInput.generated(seed: seed, seconds: seconds, in: folder)
    guard let (_, chosen) = cases(input).first(where: { $0.key == arguments[0] }) else { throw BenchError("\(arguments[0]): no such case") }
    let measured = Measured(try chosen.make())
    hbt_gate_measured(
        { context in
            guard let context else { return }
            let measured = Unmanaged<Measured>.fromOpaque(context).takeUnretainedValue()
            measured.result = Result { try measured.work() }
        }, Unmanaged.passUnretained(measured).toOpaque())
    guard let outcome = try measured.result?.get() else { throw BenchError("\(arguments[0]): did nothing") }
    print("{\"units\": \(outcome.units), \"unit\": \"\(chosen.unit.rawValue)\", \"digest\": \"\(outcome.digest)\"}")
}

do {
    try run(Array(CommandLine.arguments.dropFirst()))
} catch {
    FileHandle.standardError.write(Data("gate-probe: \(error)\n".utf8))
    exit(1)
}
