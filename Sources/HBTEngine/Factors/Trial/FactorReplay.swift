import HBTTypes

/// One node by itself, given again and again what it was given while real data was played: its inputs each
/// time it was evaluated, or its trades, or the best prices.
///
/// Nodes over ranges of levels need the book (`FactorTrial`).
@_spi(Measuring) public final class FactorReplay {
    private struct Event {
        var ns: Int64
        /// Which of the inputs had changed.
        var updated: UInt64
        var firstTrade: Int32
        var tradeCount: Int32
        var top: AssetProbe.Top
    }
    private let graph: FactorGraph
    /// The node, and before it those that it was compiled into beside itself.
    private let chain: [Int32]
    private let inputs: [Int32]
    private let needsTop: Bool
    private let events: UnsafeMutableBufferPointer<Event>
    private let values: UnsafeMutableBufferPointer<Double>
    private let trades: UnsafeMutableBufferPointer<LocalRow>
    private let lengthNs: Int64

    /// Evaluations of one pass.
    public var count: Int { events.count }
    public var tradeCount: Int { trades.count }

    /// - Parameter definition: at most 64 nodes of one asset, without ticks.
    /// - Throws: when the graph or the rows cannot be used.
    public init(_ definition: FactorDefinition, node id: String, spec: AssetSpec, events rows: [MarketEvent]) throws {
        let recorded = try FactorGraph(definition, assets: [spec])
        graph = try FactorGraph(definition, assets: [spec])
        guard let node = recorded.handle(id)?.node, recorded.plan.steps.count <= 64 else { throw EngineError("\(id) cannot be measured") }
        (chain, inputs) = Self.parts(recorded, node)
        let steps = recorded.plan.steps
        needsTop = chain.contains { steps[Int($0)].op.isOfBestPrices }
        (events, values, trades, lengthNs) = try Self.record(recorded, spec, rows, chain, inputs)
        graph.core.pointee.hasWave = true
        graph.core.pointee.firstWaveNs = 0
    }

    deinit {
        events.deallocate()
        values.deallocate()
        trades.deallocate()
    }

    private static func parts(_ graph: FactorGraph, _ node: Int32) -> (chain: [Int32], inputs: [Int32]) {
        let named = graph.nodeIds.compactMap { graph.handle($0)?.node }
        var chain = [node], inputs: [Int32] = []
        var at = 0
        while at < chain.count {
            let step = graph.plan.steps[Int(chain[at])]
            for input in graph.plan.inputs[Int(step.inputs)..<Int(step.inputs + step.inputCount)] {
                if named.contains(input) {
                    if !inputs.contains(input) { inputs.append(input) }
                } else if !chain.contains(input) {
                    chain.append(input)
                }
            }
            at += 1
        }
        return (chain.sorted(), inputs)
    }

    private static func record(
        _ graph: FactorGraph, _ spec: AssetSpec, _ rows: [MarketEvent], _ chain: [Int32], _ inputs: [Int32]
    ) throws -> (UnsafeMutableBufferPointer<Event>, UnsafeMutableBufferPointer<Double>, UnsafeMutableBufferPointer<LocalRow>, Int64) {
        let trial = try FactorTrial(graph, spec: spec, events: rows)
        let core = graph.core
        var events: [Event] = [], values: [Double] = [], trades: [LocalRow] = []
        var mask: UInt64 = 0, own: UInt64 = 0
        for input in inputs { mask |= 1 << UInt64(input) }
        for node in chain { own |= 1 << UInt64(node) }
        var firstTrade = 0
        for wave in 0..<trial.waveCount {
            for row in trial.wave(wave) {
                trial.play(row)
                if isTrade(trial.rows[row].kind) { trades.append(trial.rows[row]) }
            }
            let ns = core.pointee.waveNs
            trial.settle()
            let touched = core.pointee.probes.pointee.touched
            var struck = core.pointee.waveNodes.words[0]
            if touched.contains(.trade) { struck |= core.pointee.tradeNodes[0] }
            if touched.contains(.best) { struck |= core.pointee.bestNodes[0] }
            for node in chain where core.pointee.due[Int(node)] <= ns { struck |= 1 << UInt64(node) }
            core.pointee.evaluateWave()
            let updated = core.pointee.updated.words[0] & mask
            guard struck & own != 0 || updated != 0 else { continue }
            events.append(Event(
                ns: ns, updated: updated, firstTrade: Int32(firstTrade), tradeCount: Int32(trades.count - firstTrade), top: core.pointee.probes.pointee.top))
            firstTrade = trades.count
            for input in inputs { values.append(core.pointee.values[Int(input)]) }
        }
        guard !events.isEmpty else { throw EngineError("the data never has this node evaluated") }
        return (buffer(events), buffer(values), buffer(trades), core.pointee.lastNs - events[0].ns + 1_000_000)
    }

    private static func isTrade(_ kind: FeedKind) -> Bool { kind == .buyTrade || kind == .sellTrade || kind == .sidelessTrade }

    private static func buffer<Element>(_ list: [Element]) -> UnsafeMutableBufferPointer<Element> {
        let memory = UnsafeMutableBufferPointer<Element>.allocate(capacity: max(list.count, 1))
        _ = memory.initialize(from: list)
        return UnsafeMutableBufferPointer(rebasing: memory[..<list.count])
    }

    @inline(__always) private func step(_ index: Int) {
        let core = graph.core
        let event = events.baseAddress.unsafelyUnwrapped + index
        var i = Int(event.pointee.firstTrade)
        let end = i + Int(event.pointee.tradeCount)
        while i < end {
            core.pointee.trade(core.pointee.probes, trades.baseAddress.unsafelyUnwrapped + i)
            i += 1
        }
        if needsTop { core.pointee.probes.pointee.top = event.pointee.top }
        inputs.withUnsafeBufferPointer { inputs in
            var at = index * inputs.count
            for input in inputs {
                core.pointee.values[Int(input)] = values[at]
                at += 1
            }
        }
        var updated = event.pointee.updated
        core.pointee.updated.words[0] = updated
        chain.withUnsafeBufferPointer { chain in
            for node in chain where core.pointee.evaluate(Int(node), event.pointee.ns, .wave) {
                updated |= 1 << UInt64(node)
                core.pointee.updated.words[0] = updated
            }
        }
    }

    /// One pass.
    public func playAll() { for i in 0..<count { step(i) } }

    @inline(never) public func play(_ index: Int) { step(index) }

    /// What handing over the inputs costs, the node left out.
    public func playNothing() {
        for i in 0..<count {
            let core = graph.core
            inputs.withUnsafeBufferPointer { inputs in
                var at = i * inputs.count
                for input in inputs {
                    core.pointee.values[Int(input)] = values[at]
                    at += 1
                }
            }
            core.pointee.updated.words[0] = events[i].updated
        }
    }

    public func rewind() {
        for i in events.indices { events[i].ns += lengthNs }
        for i in trades.indices { trades[i].localNs += lengthNs }
    }
}

extension FactorOp {
    /// Computed from the best prices and their sizes.
    var isOfBestPrices: Bool { self <= .spreadBps || self == .orderFlow }
}
