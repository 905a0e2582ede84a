/// A compiled graph and its state, laid out in raw memory: nodes by kind in flat arrays, dispatched
/// by one switch. No reference counting, no existential and no allocation per event.
///
/// A wave: rows of one local time are applied (each asset's probe watches), then `evaluate` runs
/// the touched nodes once, in topological order; a node that did not change stops its branch.
///
/// Methods are mutating even where they only write through pointers: others would be called on a copy
/// of the whole value (measured: 8 ns a trade).
struct FactorCore {
    let nodeCount: Int
    let wordCount: Int
    let assetCount: Int
    let steps: UnsafeMutablePointer<FactorStep>
    let inputs: UnsafeMutablePointer<Int32>
    let probes: UnsafeMutablePointer<AssetProbe>

    let squares: UnsafeMutablePointer<RollingSums<SquareLanes>>
    let cubes: UnsafeMutablePointer<RollingSums<CubeLanes>>
    let pairs: UnsafeMutablePointer<RollingSums<PairLanes>>
    let extremes: UnsafeMutablePointer<ExtremeWindow>
    let quantiles: UnsafeMutablePointer<QuantileWindow>
    let sums: UnsafeMutablePointer<SumWindow>
    let averages: UnsafeMutablePointer<MovingAverage>
    let lags: UnsafeMutablePointer<LagWindow>
    let returns: UnsafeMutablePointer<ReturnSampler>
    let flows: UnsafeMutablePointer<FlowWindow>
    let prices: UnsafeMutablePointer<PriceWindow>
    let orderFlows: UnsafeMutablePointer<OrderFlowWindow>
    let serials: UnsafeMutablePointer<SerialScore>
    let combines: UnsafeMutablePointer<CombineNode>
    /// Clamped and normalised.
    let weights: UnsafeMutablePointer<Double>
    let interactions: UnsafeMutablePointer<Interaction>

    /// Values as of the last evaluation, and as read at some time.
    let values: UnsafeMutablePointer<Double>
    let scratch: UnsafeMutablePointer<Double>
    /// Time alone changes what a read gives.
    let dependsOnTime: UnsafeMutablePointer<Bool>
    /// When time alone changes a node.
    let due: UnsafeMutablePointer<Int64>
    let samples: UnsafeMutablePointer<Int64>
    /// Time of the first sample; `.max` before it.
    let startNs: UnsafeMutablePointer<Int64>
    let hasValue: UnsafeMutablePointer<Bool>
    let warm: UnsafeMutablePointer<Bool>

    let dirty: NodeMask
    let updated: NodeMask
    /// Row `n` holds the nodes that an update of node n touches.
    let dependents: UnsafeMutablePointer<UInt64>
    let depthNodes: UnsafeMutablePointer<UInt64>
    let bestNodes: UnsafeMutablePointer<UInt64>
    let tradeNodes: UnsafeMutablePointer<UInt64>
    let waveNodes: NodeMask
    let stepNodes: NodeMask
    let timed: UnsafeMutablePointer<Int32>
    let timedCount: Int
    let tickers: UnsafeMutablePointer<Int32>
    let tickerCount: Int

    /// Local time of the rows being applied.
    var waveNs = Int64.min
    /// Rows of `waveNs` have been applied and not evaluated.
    var isPending = false
    var hasWave = false
    var firstWaveNs = Int64.max
    /// Time of the last evaluation of any kind.
    var lastNs = Int64.min
    var minDueNs = Int64.max
    var nextTickNs = Int64.max
    /// Local time of the newest exchange time, over all assets.
    var exchangeNs: Int64 = 0
    /// Waves evaluated so far.
    var waves: Int64 = 0
    /// False while nodes without history are evaluated when they are read, and no rows come in.
    var followsRows = true

    init(_ plan: FactorPlan) {
        nodeCount = plan.steps.count
        wordCount = max((nodeCount + 63) / 64, 1)
        assetCount = plan.assets.count
        steps = copied(plan.steps)
        inputs = copied(plan.inputs)
        probes = copied(plan.assets.map { AssetProbe(scale: $0.scale, windows: $0.windows, pairs: $0.pairs, takers: $0.takers) })
        squares = copied(plan.squares)
        cubes = copied(plan.cubes)
        pairs = copied(plan.pairs)
        extremes = copied(plan.extremes)
        quantiles = copied(plan.quantiles)
        sums = copied(plan.sums)
        averages = copied(plan.averages)
        lags = copied(plan.lags)
        returns = copied(plan.returns)
        flows = copied(plan.flows)
        prices = copied(plan.prices)
        orderFlows = copied(plan.orderFlows)
        serials = copied(plan.serials)
        combines = copied(plan.combines)
        weights = copied(plan.weights)
        interactions = copied(plan.interactions)

        values = copied([Double](repeating: .nan, count: nodeCount))
        scratch = copied([Double](repeating: .nan, count: nodeCount))
        due = copied([Int64](repeating: .max, count: nodeCount))
        samples = copied([Int64](repeating: 0, count: nodeCount))
        startNs = copied([Int64](repeating: .max, count: nodeCount))
        hasValue = copied([Bool](repeating: false, count: nodeCount))
        warm = copied([Bool](repeating: false, count: nodeCount))

        dirty = NodeMask(wordCount: wordCount)
        updated = NodeMask(wordCount: wordCount)
        waveNodes = NodeMask(wordCount: wordCount)
        stepNodes = NodeMask(wordCount: wordCount)
        let words = wordCount
        func masks(_ rows: [[Int]]) -> UnsafeMutablePointer<UInt64> {
            var bits = [UInt64](repeating: 0, count: rows.count * words)
            for (row, nodes) in rows.enumerated() { for node in nodes { bits[row * words + node >> 6] |= 1 << UInt64(node & 63) } }
            return copied(bits)
        }
        var rows = [[Int]](repeating: [], count: nodeCount)
        var times: [Int32] = [], ticking: [Int32] = []
        var isMoving = [Bool](repeating: false, count: nodeCount)
        var ticks = isMoving
        for (node, step) in plan.steps.enumerated() {
            let ins = plan.inputs[Int(step.inputs)..<Int(step.inputs + step.inputCount)].map(Int.init)
            if step.isTimed { times.append(Int32(node)) }
            steps[node].isPlain = step.clock == .update && !step.isTimed && step.inputCount == 1
            if step.op == .combine { steps[node].secondIndex = plan.combines[Int(step.index)].weights }
            ticks[node] = step.clock == .step || step.clock == .every || (step.clock == .update && ins.contains { ticks[$0] })
            // Evaluated between waves with inputs as read then, it must be looked at again when the wave has them.
            if step.op.isArithmetic && ticks[node] && ins.contains(where: { isMoving[$0] }) { waveNodes.insert(node) }
            isMoving[node] = step.op.isArithmetic
                ? step.op == .combine || step.op == .nonlinear || ins.contains { isMoving[$0] }
                : step.isTimed && step.op != .returns
            switch step.clock {
            case .update: if step.op != .returns { for input in ins { rows[input].append(node) } }
            case .wave: waveNodes.insert(node)
            case .step: stepNodes.insert(node)
            case .every: ticking.append(Int32(node))
            }
        }
        for node in 0..<nodeCount { steps[node].isLeaf = !plan.inputs.contains(Int32(node)) }
        dependsOnTime = copied(isMoving)
        dependents = masks(rows)
        depthNodes = masks(plan.depthNodes)
        bestNodes = masks(plan.bestNodes)
        tradeNodes = masks(plan.tradeNodes)
        timed = copied(times)
        timedCount = times.count
        tickers = copied(ticking)
        tickerCount = ticking.count
    }

    /// Frees everything; the pools' own memory first. `plan` says how many of each there are.
    func deallocate(_ plan: FactorPlan) {
        for i in plan.squares.indices { squares[i].deallocate() }
        for i in plan.cubes.indices { cubes[i].deallocate() }
        for i in plan.pairs.indices { pairs[i].deallocate() }
        for i in plan.extremes.indices { extremes[i].deallocate() }
        for i in plan.quantiles.indices { quantiles[i].deallocate() }
        for i in plan.sums.indices { sums[i].deallocate() }
        for i in plan.lags.indices { lags[i].deallocate() }
        for i in plan.flows.indices { flows[i].deallocate() }
        for i in plan.prices.indices { prices[i].deallocate() }
        for i in plan.orderFlows.indices { orderFlows[i].deallocate() }
        for i in plan.serials.indices { serials[i].deallocate() }
        for i in 0..<assetCount { probes[i].deallocate() }
        steps.deallocate()
        inputs.deallocate()
        probes.deallocate()
        squares.deallocate()
        cubes.deallocate()
        pairs.deallocate()
        extremes.deallocate()
        quantiles.deallocate()
        sums.deallocate()
        averages.deallocate()
        lags.deallocate()
        returns.deallocate()
        flows.deallocate()
        prices.deallocate()
        orderFlows.deallocate()
        serials.deallocate()
        combines.deallocate()
        weights.deallocate()
        interactions.deallocate()
        values.deallocate()
        scratch.deallocate()
        dependsOnTime.deallocate()
        due.deallocate()
        samples.deallocate()
        startNs.deallocate()
        hasValue.deallocate()
        warm.deallocate()
        dirty.deallocate()
        updated.deallocate()
        dependents.deallocate()
        depthNodes.deallocate()
        bestNodes.deallocate()
        tradeNodes.deallocate()
        waveNodes.deallocate()
        stepNodes.deallocate()
        timed.deallocate()
        tickers.deallocate()
    }
}
