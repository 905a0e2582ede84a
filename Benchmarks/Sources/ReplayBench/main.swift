import Dispatch
import Foundation
import HBTEngine
import HBTMarketData
import HBTTypes

/// Replays one data file and prints a JSON line a repetition: nanoseconds a row (elapsed, and of this thread's processor time), rows, steps, digest.

let options: ReplayOptions
do {
    options = try ReplayOptions(Array(CommandLine.arguments.dropFirst()))
} catch {
    FileHandle.standardError.write(Data("replay-bench: \(error)\n".utf8))
    exit(2)
}

/// Processor time of this thread alone, since the program began: what the second thread takes over shows.
func threadSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}
nonisolated(unsafe) var threadTaken = 0.0

func seconds(_ body: () throws -> Void) rethrows -> Double {
    let start = threadSeconds()
    defer { threadTaken = threadSeconds() - start }
    let duration = try ContinuousClock().measure(body)
    return Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
}

/// Rows of an event file or of a recording (several with commas), read in a thread of their own.
func rows() throws -> any EventSource {
    guard EventFiles.isRecording(options.data) else { return PrefetchingEventSource(try EventFiles.open(options.data)) }
    return PrefetchingEventSource(try CollectorEventSource(paths: options.data.split(separator: ",").map(String.init)))
}

/// Reads everything and forgets it.
func drain() throws -> Int64 {
    let block = UnsafeMutableBufferPointer<MarketEvent>.allocate(capacity: 16_384)
    defer { block.deallocate() }
    let source = try rows()
    var count: Int64 = 0
    while case let read = try source.read(into: block), read > 0 { count += Int64(read) }
    return count
}

/// The tape of the data: from the cache, or made now (always, when making it is what is measured).
func tape() throws -> any TapeSource {
    let cache = TapeCache(folder: options.cache)
    let path = cache.path(
        sourceDigest: TapeCache.fileIdentity([options.data]) ?? "none",
        settingsDigest: TapeCompiler.settingsDigest(options.spec, compatibility: options.compatibility, snapshot: []))
    if options.mode != .build, let found = cache.open(path) { return found }
    return try cache.make(path) { writer in
        try TapeCompiler.compile(AssetInput(spec: options.spec, events: try rows()), compatibility: options.compatibility, into: writer)
    }
}

func report(_ seconds: Double, rows: Int64, steps: Int64, digest: String) {
    let ns = seconds * 1e9 / Double(max(rows, 1))
    print("{\"mode\": \"\(options.mode.rawValue)\", \"seconds\": \(seconds), \"rows\": \(rows), \"steps\": \(steps), ", terminator: "")
    print("\"ns_per_row\": \(ns), \"thread_ns_per_row\": \(threadTaken * 1e9 / Double(max(rows, 1))), \"digest\": \"\(digest)\"}")
}

func play() throws {
    var input = AssetInput(spec: options.spec, events: ArrayEventSource([]))
    // Opening and checking a tape is part of the time; making it is measured by `mode=build`.
    let isTape = options.mode.isTape
    if isTape { _ = try tape() }
    var steps: Int64 = 0
    var records: [RecordRow] = []
    var finished: Backtest?
    var waker: WakeStrategy?
    let taken = try seconds {
        if isTape { input.tape = try tape() } else { input.events = try rows() }
        let backtest = try Backtest(assets: [input], compatibility: options.compatibility, replay: options.replay)
        finished = backtest
        if options.mode == .bare || options.mode == .bareTape {
            while backtest.elapse(options.intervalNs) == .ok { steps += 1 }
            return
        }
        let run: StrategyRun
        if options.mode == .wake || options.mode == .wakeTape {
            let wake = try WakeStrategy(settings: options.strategySettings, assets: [options.spec])
            try backtest.attachFactors(try WakeGraph.definition(), for: wake)
            run = StrategyRun(backtest, strategy: wake, record: .every(ns: 1_000_000_000))
            waker = wake
        } else {
            let strategy = try ObiMarketMaking(settings: options.strategySettings, assets: [options.spec])
            run = StrategyRun(backtest, strategy: strategy, record: .step)
        }
        while run.advance(maxSteps: 1024) {
            run.drainRecords { records += $1 }
            _ = run.takeFeedLatencies()
        }
        run.drainRecords { records += $1 }
        steps = run.steps
    }
    guard let backtest = finished else { return }
    if let error = backtest.dataError { throw error }
    report(taken, rows: backtest.rowsRead, steps: steps, digest: backtest.digest.hex + (waker.map { " " + $0.seen.hex } ?? ""))
    if !options.records.isEmpty {
        try records.withUnsafeBytes { try Data($0).write(to: URL(fileURLWithPath: options.records)) }
    }
}

/// `options.sets` runs in one pass, in slices of equal size over the threads; each slice has its own tape.
func sweep() throws {
    _ = try tape()
    let count = options.threads
    var digests = [Digest?](repeating: nil, count: count)
    var played = [(rows: Int64, steps: Int64)](repeating: (0, 0), count: count)
    let taken = try seconds {
        let slices = try (0..<count).map { slice in
            let shared = SharedTape(try tape())
            return SweepRun(try stride(from: slice, to: options.sets, by: count).map { set in
                let backtest = try Backtest(
                    assets: [AssetInput(spec: options.spec, events: ArrayEventSource([]), tape: shared)],
                    compatibility: options.compatibility, replay: options.replay)
                let strategy = try ObiMarketMaking(settings: options.strategySettings(set: set), assets: [options.spec])
                return StrategyRun(backtest, strategy: strategy, record: .step)
            })
        }
        nonisolated(unsafe) let unsafeSlices = slices
        DispatchQueue.concurrentPerform(iterations: count) { slice in
            while unsafeSlices[slice].advance(maxSteps: 256) {
                for run in unsafeSlices[slice].runs { run.drainRecords { _, _ in } }
            }
        }
        for (slice, sweep) in slices.enumerated() {
            var digest = Digest()
            for run in sweep.runs {
                digest.add(run.backtest.digest.value)
                played[slice].steps += run.steps
            }
            digests[slice] = digest
            played[slice].rows = sweep.runs[0].backtest.rowsRead
        }
        for run in slices.flatMap(\.runs) { if let error = run.backtest.dataError { throw error } }
    }
    let text = digests.compactMap { $0?.hex }.joined(separator: " ")
    report(taken, rows: played[0].rows, steps: played.reduce(0) { $0 + $1.steps }, digest: text)
}

do {
    if options.mode == .snapshot || options.mode == .snapshotTape {
        try SnapshotCase(options: options).measure()
        exit(0)
    }
    for _ in 0..<options.repeats {
        if options.mode == .sweep {
            try sweep()
            continue
        }
        if options.mode == .read {
            var count: Int64 = 0
            let taken = try seconds { count = try drain() }
            report(taken, rows: count, steps: 0, digest: "")
            continue
        }
        if options.mode == .build {
            var made: (any TapeSource)?
            let taken = try seconds { made = try tape() }
            let backtest = try Backtest(
                assets: [AssetInput(spec: options.spec, events: ArrayEventSource([]), tape: made)], compatibility: options.compatibility)
            backtest.goToEnd()
            report(taken, rows: backtest.rowsRead, steps: 0, digest: "")
        } else {
            try play()
        }
    }
} catch {
    FileHandle.standardError.write(Data("replay-bench: \(error)\n".utf8))
    exit(1)
}
