import HBTConfig
@_spi(Measuring) import HBTEngine
import HBTTypes
import Histogram

/// What a case has cost.
struct Measurement {
    var name: String
    var goal: Double?
    /// Of one pass.
    var events: Int
    /// Of an event in loops without a probe, the least of the repetitions.
    var meanNs: Double
    /// Of single events, the probe included.
    var histogram: Histogram<UInt64>
    var allocations: Int64
    var bytes: Int
    /// What handing over the recorded inputs costs an event, not contained in `meanNs`.
    var feedNs = 0.0
}

struct Measuring {
    let spec: AssetSpec
    let rows: [MarketEvent]
    let repeats: Int

    func definition(_ text: String) throws -> FactorDefinition {
        let root = try SettingsFile.parse(text: text, file: "graph.toml")
        guard let definition = try FactorDefinition.read(root) else { throw EngineError("there is no graph in the case") }
        try root.finish()
        return definition
    }

    func node(_ node: NodeCase) throws -> Measurement {
        let definition = try definition(node.graph)
        // The graph that was recorded from goes with `init`: what remains is the replayed one and its events.
        let replay = try FactorReplay(definition, node: "x", spec: spec, events: rows)
        let before = Probe.heapBytes
        // Fills the windows.
        for _ in 0..<3 {
            replay.playAll()
            replay.rewind()
        }
        let bytes = Probe.heapBytes - before
        // Short recordings are repeated within one timing.
        let rounds = max(1, 200_000 / replay.count)
        var least = Double.infinity, feed = Double.infinity, allocations: Int64 = 0
        for _ in 0..<repeats {
            var ns: Int64 = 0, feedNs: Int64 = 0
            for _ in 0..<rounds {
                replay.rewind()
                let calls = Probe.allocations, start = Probe.clockNs()
                replay.playAll()
                let end = Probe.clockNs()
                replay.playNothing()
                feedNs += Probe.clockNs() - end
                ns += end - start
                allocations += Probe.allocations - calls
            }
            least = min(least, Double(ns) / Double(rounds * replay.count))
            feed = min(feed, Double(feedNs) / Double(rounds * replay.count))
        }
        var histogram = Probe.histogram()
        for _ in 0..<max(2, 400_000 / replay.count) {
            replay.rewind()
            for i in 0..<replay.count { Probe.time(&histogram) { replay.play(i) } }
        }
        return Measurement(
            name: node.name, goal: node.goal, events: replay.count, meanNs: least - feed, histogram: histogram,
            allocations: allocations, bytes: bytes, feedNs: feed)
    }

    /// A node that needs the book: a pass with it less a pass of the book alone, taken in turn.
    func node(_ node: NodeCase, bare: FactorTrial) throws -> Measurement {
        let definition = try definition(node.graph)
        let before = Probe.heapBytes
        let graph = try FactorGraph(definition, assets: [spec])
        let own = Probe.heapBytes - before
        let trial = try FactorTrial(graph, spec: spec, events: rows)
        let made = Probe.heapBytes
        for _ in 0..<2 {
            trial.playAll()
            trial.rewind()
        }
        let bytes = own + Probe.heapBytes - made
        var alone = Double.infinity, with = Double.infinity, allocations: Int64 = 0
        for _ in 0..<repeats {
            alone = min(alone, passesOnce(bare))
            let calls = Probe.allocations
            with = min(with, passesOnce(trial))
            allocations += Probe.allocations - calls
        }
        return Measurement(
            name: node.name, goal: node.goal, events: trial.rowCount, meanNs: (with - alone) / Double(trial.rowCount),
            histogram: single(trial), allocations: allocations, bytes: bytes)
    }

    private func passesOnce(_ trial: FactorTrial) -> Double {
        trial.rewind()
        let start = Probe.clockNs()
        trial.playAll()
        return Double(Probe.clockNs() - start)
    }

    /// Each row by itself, the evaluation that ends a wave with its last row.
    func single(_ trial: FactorTrial) -> Histogram<UInt64> {
        var histogram = Probe.histogram()
        trial.rewind()
        for wave in 0..<trial.waveCount {
            let range = trial.wave(wave)
            for row in range.dropLast() { Probe.time(&histogram) { trial.play(row) } }
            Probe.time(&histogram) {
                trial.play(range.upperBound - 1)
                trial.evaluate()
            }
        }
        return histogram
    }

    /// A whole graph: time of a pass, book included.
    func whole(_ text: String, name: String, goal: Double?, bare: FactorTrial) throws -> (graph: Measurement, alone: Double) {
        let before = Probe.heapBytes
        let graph = try FactorGraph(try definition(text), assets: [spec])
        let own = Probe.heapBytes - before
        let trial = try FactorTrial(graph, spec: spec, events: rows)
        let made = Probe.heapBytes
        for _ in 0..<2 {
            trial.playAll()
            trial.rewind()
        }
        let bytes = own + Probe.heapBytes - made
        var alone = Double.infinity, with = Double.infinity, allocations: Int64 = 0
        for _ in 0..<repeats {
            alone = min(alone, passesOnce(bare))
            let calls = Probe.allocations
            with = min(with, passesOnce(trial))
            allocations += Probe.allocations - calls
        }
        let events = Double(trial.rowCount)
        return (
            Measurement(
                name: name, goal: goal, events: trial.rowCount, meanNs: with / events, histogram: single(trial), allocations: allocations, bytes: bytes),
            alone / events
        )
    }
}
