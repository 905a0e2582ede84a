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
    /// Of an event, what it adds: the median of batches.
    var medianNs: Double
    /// The same in loops without a probe, all events.
    var meanNs: Double
    /// What an event costs without what is measured: handing over its inputs, or the book alone. Not contained.
    var withoutNs: Double
    /// Of single events, the probe included.
    var histogram: Histogram<UInt64>
    var allocations: Int64
    var bytes: Int
}

struct Measuring {
    let spec: AssetSpec
    let rows: [MarketEvent]
    let repeats: Int
    let probe: Probe

    func definition(_ text: String) throws -> FactorDefinition {
        let root = try SettingsFile.parse(text: text, file: "graph.toml")
        guard let definition = try FactorDefinition.read(root) else { throw EngineError("there is no graph in the case") }
        try root.finish()
        return definition
    }

    /// A node by itself: a pass with it less a pass of handing over its inputs.
    func node(_ node: NodeCase) throws -> Measurement {
        // The graph that was recorded from goes with `init`: what remains is the replayed one and its events.
        let replay = try FactorReplay(try definition(node.graph), node: "x", spec: spec, events: rows)
        let before = Probe.heapBytes
        // Fills the windows.
        for _ in 0..<3 {
            replay.play(0..<replay.count)
            replay.rewind()
        }
        let bytes = Probe.heapBytes - before
        // Of a short recording the least is taken over more passes.
        let timing = time(
            events: replay.count, batch: 64, passes: repeats * max(1, 200_000 / replay.count), rewind: replay.rewind, with: replay.play,
            without: replay.feed)
        var histogram = Probe.histogram()
        for _ in 0..<max(2, 400_000 / replay.count) {
            replay.rewind()
            for i in 0..<replay.count { Probe.time(&histogram) { replay.play(i) } }
        }
        return Measurement(
            name: node.name, goal: node.goal, events: replay.count, medianNs: timing.medianNs, meanNs: timing.withNs - timing.withoutNs,
            withoutNs: timing.withoutNs, histogram: histogram, allocations: timing.allocations, bytes: bytes)
    }

    /// A graph that needs the book: a pass with it less a pass of the book alone.
    func rows(_ text: String, name: String, goal: Double?, bare: FactorTrial, isWhole: Bool = false) throws -> Measurement {
        let definition = try definition(text)
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
        let timing = time(
            events: trial.rowCount, batch: 256, passes: repeats,
            rewind: {
                trial.rewind()
                bare.rewind()
            }, with: trial.play, without: isWhole ? nil : bare.play)
        return Measurement(
            name: name, goal: goal, events: trial.rowCount, medianNs: timing.medianNs, meanNs: timing.withNs - timing.withoutNs,
            withoutNs: timing.withoutNs, histogram: single(trial), allocations: timing.allocations, bytes: bytes)
    }

    private struct Timing {
        /// Of an event: over batches of events the median of what `with` takes longer than `without`.
        var medianNs: Double
        /// Of an event, over all of them.
        var withNs: Double
        var withoutNs = 0.0
        var allocations: Int64
    }

    /// Times ranges of events, `with` and `without` what is measured, pass by pass in turn.
    ///
    /// No probe is in the mean, which comes from whole passes; in the median there is one a batch, whose own
    /// median is taken off. Each batch counts with the least of all passes: others share the machine.
    private func time(
        events: Int, batch: Int, passes: Int, rewind: () -> Void, with: (Range<Int>) -> Void, without: ((Range<Int>) -> Void)?
    ) -> Timing {
        let starts = Array(stride(from: 0, to: events, by: batch))
        var batches = [UInt64](repeating: .max, count: starts.count), bare = batches
        var least = Double.infinity, leastBare = Double.infinity, allocations: Int64 = 0
        func pass(_ work: (Range<Int>) -> Void) -> Double {
            let start = Probe.clockNs()
            work(0..<events)
            return Double(Probe.clockNs() - start)
        }
        func each(_ work: (Range<Int>) -> Void, _ least: inout [UInt64]) {
            for i in starts.indices {
                let range = starts[i]..<min(starts[i] + batch, events)
                least[i] = min(least[i], Probe.ticks { work(range) })
            }
        }
        for _ in 0..<passes {
            for isBatched in [false, true] {
                rewind()
                let calls = Probe.allocations
                if isBatched { each(with, &batches) } else { least = min(least, pass(with)) }
                allocations += Probe.allocations - calls
                guard let without else { continue }
                if isBatched { each(without, &bare) } else { leastBare = min(leastBare, pass(without)) }
            }
        }
        // The probe is in both; without a second loop its own cost is what there is to take off.
        let cost = Int64(probe.cost.valueAtPercentile(50))
        let each = starts.indices.map { i in
            let length = Double(min(batch, events - starts[i]))
            return Double(Int64(batches[i]) - (without == nil ? cost : Int64(bare[i]))) * probe.nsPerTick / length
        }.sorted()
        return Timing(
            medianNs: each[each.count / 2], withNs: least / Double(events), withoutNs: without == nil ? 0 : leastBare / Double(events),
            allocations: allocations)
    }

    /// Each row by itself, the evaluation that ends a wave with its last row.
    private func single(_ trial: FactorTrial) -> Histogram<UInt64> {
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
}
