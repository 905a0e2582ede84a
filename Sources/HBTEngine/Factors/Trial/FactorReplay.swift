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
    }
    private let graph: FactorGraph
    /// The node, and before it those that it was compiled into beside itself.
    private let chain: UnsafeMutablePointer<Int32>
    private let chainCount: Int
    private let inputs: UnsafeMutablePointer<Int32>
    private let inputCount: Int
    private let needsTop: Bool
    private let needsTrades: Bool
    private let events: UnsafeMutableBufferPointer<Event>
    private let values: UnsafeMutableBufferPointer<Double>
    /// Best prices at each event, and how many trades had come by its end.
    private let tops: UnsafeMutableBufferPointer<AssetProbe.Top>
    private let tradeEnds: UnsafeMutableBufferPointer<Int>
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
        let (nodes, sources) = Self.parts(recorded, node)
        (chain, chainCount, inputs, inputCount) = (copied(nodes), nodes.count, copied(sources), sources.count)
        let steps = recorded.plan.steps
        needsTop = nodes.contains { steps[Int($0)].op.isOfBestPrices }
        needsTrades = nodes.contains { [.volume, .tradeImbalance, .tradePrice].contains(steps[Int($0)].op) }
        // Trades reach every node that takes some, but only the measured one is evaluated and lets them go.
        guard !needsTrades || recorded.plan.assets[0].takers.count == 1 else { throw EngineError("\(id) must be the only node on trades") }
        let record = try Record(recorded, spec, rows, nodes, sources)
        events = Self.buffer(record.events)
        values = Self.buffer(record.values)
        tops = Self.buffer(record.tops)
        tradeEnds = Self.buffer(record.tradeEnds)
        trades = Self.buffer(record.trades)
        lengthNs = record.lengthNs
        graph.core.pointee.hasWave = true
        graph.core.pointee.firstWaveNs = 0
    }

    deinit {
        events.deallocate()
        values.deallocate()
        tops.deallocate()
        tradeEnds.deallocate()
        trades.deallocate()
        chain.deallocate()
        inputs.deallocate()
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

    /// What a node was given while data was played.
    private struct Record {
        var events: [Event] = []
        var values: [Double] = []
        var tops: [AssetProbe.Top] = []
        var tradeEnds: [Int] = []
        var trades: [LocalRow] = []
        var lengthNs: Int64 = 0

        init(_ graph: FactorGraph, _ spec: AssetSpec, _ rows: [MarketEvent], _ chain: [Int32], _ inputs: [Int32]) throws {
            let trial = try FactorTrial(graph, spec: spec, events: rows)
            let core = graph.core
            var mask: UInt64 = 0, own: UInt64 = 0
            for input in inputs { mask |= 1 << UInt64(input) }
            for node in chain { own |= 1 << UInt64(node) }
            for wave in 0..<trial.waveCount {
                for row in trial.wave(wave) {
                    trial.play(row)
                    if FactorReplay.isTrade(trial.rows[row].kind) { trades.append(trial.rows[row]) }
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
                events.append(Event(ns: ns, updated: updated))
                tops.append(core.pointee.probes.pointee.top)
                tradeEnds.append(trades.count)
                for input in inputs { values.append(core.pointee.values[Int(input)]) }
            }
            guard let first = events.first else { throw EngineError("the data never has this node evaluated") }
            lengthNs = core.pointee.lastNs - first.ns + 1_000_000
        }
    }

    private static func isTrade(_ kind: FeedKind) -> Bool { kind == .buyTrade || kind == .sellTrade || kind == .sidelessTrade }

    private static func buffer<Element>(_ list: [Element]) -> UnsafeMutableBufferPointer<Element> {
        let memory = UnsafeMutableBufferPointer<Element>.allocate(capacity: max(list.count, 1))
        _ = memory.initialize(from: list)
        return UnsafeMutableBufferPointer(rebasing: memory[..<list.count])
    }

    /// One evaluation; `feedsOnly` leaves the node out.
    @inline(__always) private func step(_ index: Int, _ core: UnsafeMutablePointer<FactorCore>, feedsOnly: Bool) {
        let event = events.baseAddress.unsafelyUnwrapped + index
        if needsTrades && !feedsOnly {
            var i = index == 0 ? 0 : tradeEnds[index - 1]
            while i < tradeEnds[index] {
                core.pointee.trade(core.pointee.probes, trades.baseAddress.unsafelyUnwrapped + i)
                i += 1
            }
        }
        if needsTop { core.pointee.probes.pointee.top = tops[index] }
        let first = values.baseAddress.unsafelyUnwrapped + index * inputCount
        for i in 0..<inputCount { core.pointee.values[Int(inputs[i])] = first[i] }
        core.pointee.updated.words[0] = event.pointee.updated
        if feedsOnly { return }
        for i in 0..<chainCount where core.pointee.evaluate(Int(chain[i]), event.pointee.ns) {
            core.pointee.updated.words[0] |= 1 << UInt64(chain[i])
        }
    }

    /// Evaluations of a range, one after the other.
    @inline(never) public func play(_ range: Range<Int>) {
        let core = graph.core
        for i in range { step(i, core, feedsOnly: false) }
    }

    /// The same range, handing over the inputs alone.
    @inline(never) public func feed(_ range: Range<Int>) {
        let core = graph.core
        for i in range { step(i, core, feedsOnly: true) }
    }

    @inline(never) public func play(_ index: Int) { step(index, graph.core, feedsOnly: false) }

    public func rewind() {
        for i in events.indices { events[i].ns += lengthNs }
        for i in trades.indices { trades[i].localNs += lengthNs }
    }
}

extension FactorOp {
    /// Computed from the best prices and their sizes.
    var isOfBestPrices: Bool { self <= .spreadBps || self == .orderFlow }
}
