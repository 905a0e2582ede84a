import HBTTypes

/// Turns a definition into a plan: nodes in topological order, sources resolved to what touches
/// them, composite types (OBI, Volatility) taken apart.
struct FactorCompiler {
    private let definition: FactorDefinition
    private let assets: [AssetSpec]
    var plan: FactorPlan
    /// Step number of each node of the definition; nil for sources.
    private(set) var stepOf: [Int?]
    /// Imbalances summed one by one by the engine at each step.
    private(set) var serialSums: [SerialSum] = []

    struct SerialSum {
        var step: Int
        var asset: Int
        var lookingDepth: Double
    }

    init(_ definition: FactorDefinition, assets: [AssetSpec]) throws(SettingsError) {
        self.definition = definition
        self.assets = assets
        let scales = assets.map { FactorPlan.Asset(scale: LotScale(tickSize: $0.tickSize, lotSize: $0.lotSize)) }
        plan = FactorPlan(assets: scales)
        stepOf = Array(repeating: nil, count: definition.nodes.count)
        for index in try FactorOrder.sorted(definition.nodes) where definition.nodes[index].source == nil { try compile(index) }
        sortWindows()
    }

    // MARK: looking up

    private func position(_ id: String) -> Int? { definition.nodes.firstIndex { $0.id == id } }

    private func step(_ dependency: FactorNode.Dependency) throws(SettingsError) -> Int32 {
        guard let index = position(dependency.id), let step = stepOf[index] else {
            throw SettingsError(dependency.location, "\(dependency.id) has no value that could be used here")
        }
        return Int32(step)
    }

    private func assetIndex(_ symbol: String, _ location: SourceLocation) throws(SettingsError) -> Int {
        if let index = assets.firstIndex(where: { $0.symbol == symbol }) { return index }
        let near = Suggestion.nearest(to: symbol, among: assets.map(\.symbol)).map { "; did you mean \($0)?" } ?? ""
        throw SettingsError(location, "\(symbol) is not an asset of this run (\(assets.map(\.symbol).joined(separator: ", ")))\(near)")
    }

    /// Asset of the source a node hangs on.
    private func asset(of node: FactorNode) throws(SettingsError) -> Int {
        guard let dependency = node.dependencies.first, let index = position(dependency.id), definition.nodes[index].source != nil else {
            throw SettingsError(node.location, "\(node.id) needs a source")
        }
        let source = definition.nodes[index]
        return try assetIndex(source.asset ?? definition.symbol, source.asset == nil ? definition.location : source.location)
    }

    // MARK: adding

    enum Touch { case nothing, depth, best, trades }

    @discardableResult
    mutating func add(_ step: FactorStep, inputs: [Int32] = [], touch: Touch = .nothing) -> Int {
        var step = step
        step.inputs = Int32(plan.inputs.count)
        step.inputCount = Int32(inputs.count)
        if inputs.count > 0 { step.a = inputs[0] }
        if inputs.count > 1 { step.b = inputs[1] }
        plan.inputs += inputs
        let number = plan.steps.count
        plan.steps.append(step)
        let asset = Int(step.asset)
        switch touch {
        case .nothing: break
        case .depth: plan.depthNodes[asset].append(number)
        case .best: plan.bestNodes[asset].append(number)
        case .trades: plan.tradeNodes[asset].append(number)
        }
        return number
    }

    private mutating func window(_ isBid: Bool, _ range: DepthRange, asset: Int, needsMoment: Bool = false) -> Int32 {
        let scale = plan.assets[asset].scale
        plan.assets[asset].windows.append(DepthWindow(isBid: isBid, range: range, needsMoment: needsMoment, scale: scale))
        return Int32(plan.assets[asset].windows.count - 1)
    }

    /// Bid windows first, as a probe wants them; steps follow their windows.
    private mutating func sortWindows() {
        for asset in plan.assets.indices {
            let windows = plan.assets[asset].windows
            let order = windows.indices.filter { windows[$0].isBid } + windows.indices.filter { !windows[$0].isBid }
            var place = [Int32](repeating: 0, count: windows.count)
            for (new, old) in order.enumerated() { place[old] = Int32(new) }
            plan.assets[asset].windows = order.map { windows[$0] }
            for i in plan.steps.indices where plan.steps[i].asset == asset {
                switch plan.steps[i].op {
                case .depthSum:
                    plan.steps[i].index = place[Int(plan.steps[i].index)]
                case .depthDifference, .depthImbalance, .depthPrice, .effectivePrice:
                    plan.steps[i].index = place[Int(plan.steps[i].index)]
                    plan.steps[i].secondIndex = place[Int(plan.steps[i].secondIndex)]
                default: break
                }
            }
        }
    }

    private mutating func bookStep(_ op: FactorOp, asset: Int, touch: Touch) -> Int {
        var step = FactorStep(op: op)
        step.asset = Int32(asset)
        return add(step, touch: touch)
    }

    private mutating func rangeStep(_ op: FactorOp, _ range: DepthRange, asset: Int, needsMoment: Bool) -> Int {
        var step = FactorStep(op: op)
        step.asset = Int32(asset)
        step.index = window(true, range, asset: asset, needsMoment: needsMoment)
        step.secondIndex = window(false, range, asset: asset, needsMoment: needsMoment)
        return add(step, touch: .depth)
    }

    // MARK: nodes

    private mutating func compile(_ index: Int) throws(SettingsError) {
        let node = definition.nodes[index]
        stepOf[index] = switch node.kind {
        case .source: nil
        case .midPrice: bookStep(.mid, asset: try asset(of: node), touch: .best)
        case .microPrice, .pairedPrice(nil): bookStep(.micro, asset: try asset(of: node), touch: .best)
        case .spread(let unit):
            bookStep(unit == .price ? .spreadPrice : unit == .ticks ? .spreadTicks : .spreadBps, asset: try asset(of: node), touch: .best)
        case .depthSum(let isBid, let range): depthSum(isBid, range, asset: try asset(of: node))
        case .staticImbalance(let range): rangeStep(.depthImbalance, range, asset: try asset(of: node), needsMoment: false)
        case .weightedDepthPrice(let range): rangeStep(.depthPrice, range, asset: try asset(of: node), needsMoment: true)
        case .effectivePrice(let range): rangeStep(.effectivePrice, range, asset: try asset(of: node), needsMoment: true)
        case .pairedPrice(let range?): paired(range, asset: try asset(of: node))
        case .imbalance(let depth, let score, let isSerial):
            imbalance(depth, score, isSerial: isSerial, asset: try asset(of: node))
        case .tradeVolume, .tradeImbalance, .tradePrice: trades(node.kind, asset: try asset(of: node))
        case .orderFlow(let span, let clock): orderFlow(span, clock, asset: try asset(of: node))
        case .difference: difference(try steps(node))
        case .ratio, .sum, .product, .log, .clip: add(arithmetic(node.kind), inputs: try steps(node))
        case .combine(let combination): combine(combination, node, inputs: try steps(node))
        case .statistic(let statistic, let span, let sampling): self.statistic(statistic, span, sampling, inputs: try steps(node))
        case .windowSum, .average, .lag: sampled(node.kind, inputs: try steps(node))
        case .returns(let intervalNs): returns(intervalNs, input: try price(node))
        case .volatility(let intervalNs, let window, let ddof): volatility(intervalNs, window, ddof, input: try price(node))
        }
    }

    private func steps(_ node: FactorNode) throws(SettingsError) -> [Int32] {
        var all: [Int32] = []
        for dependency in node.dependencies { all.append(try step(dependency)) }
        return all
    }

    /// The price node a return is taken of; a source of the book stands for its mid price.
    private mutating func price(_ node: FactorNode) throws(SettingsError) -> Int32 {
        guard let dependency = node.dependencies.first, let index = position(dependency.id) else {
            throw SettingsError(node.location, "\(node.id) needs a price")
        }
        if definition.nodes[index].source == nil { return try step(dependency) }
        return Int32(bookStep(.mid, asset: try asset(of: node), touch: .best))
    }

    private mutating func depthSum(_ isBid: Bool, _ range: DepthRange, asset: Int) -> Int {
        var step = FactorStep(op: .depthSum)
        step.asset = Int32(asset)
        step.index = window(isBid, range, asset: asset)
        return add(step, touch: .depth)
    }

    private mutating func paired(_ range: DepthRange, asset: Int) -> Int {
        var step = FactorStep(op: .pairedPrice)
        step.asset = Int32(asset)
        plan.assets[asset].pairs.append(PairedLevels(range: range))
        step.index = Int32(plan.assets[asset].pairs.count - 1)
        return add(step, touch: .depth)
    }

    private mutating func imbalance(_ depth: Double, _ score: ScoreWindow?, isSerial: Bool, asset: Int) -> Int {
        if isSerial, let score, case .count(let window) = score.span {
            let raw = bookStep(.serialDifference, asset: asset, touch: .nothing)
            serialSums.append(SerialSum(step: raw, asset: asset, lookingDepth: depth))
            var step = FactorStep(op: .serialScore, clock: .step)
            plan.serials.append(SerialScore(window: window))
            step.index = Int32(plan.serials.count - 1)
            step.warmCount = Int64(window)
            return add(step, inputs: [Int32(raw)])
        }
        let raw = rangeStep(.depthDifference, .share(depth), asset: asset, needsMoment: false)
        guard let score else { return raw }
        return statistic(.zscore(ddof: score.ddof, guardBand: score.guardBand), score.span, score.sampling, inputs: [Int32(raw)])
    }

    private mutating func trades(_ kind: FactorKind, asset: Int) -> Int {
        var step = FactorStep(op: .volume)
        step.asset = Int32(asset)
        var taker = TradeTaker(kind: .all, index: 0, node: Int32(plan.steps.count))
        switch kind {
        case .tradeVolume(let side, let ns):
            taker.kind = side == .buy ? .buys : side == .sell ? .sells : .all
            time(&step, .time(ns: ns))
            plan.flows.append(FlowWindow(.time(ns: ns)))
            step.index = Int32(plan.flows.count - 1)
        case .tradeImbalance(let ns):
            step.op = .tradeImbalance
            taker.kind = .both
            time(&step, .time(ns: ns))
            plan.flows.append(FlowWindow(.time(ns: ns)))
            step.index = Int32(plan.flows.count - 1)
        case .tradePrice(let span):
            step.op = .tradePrice
            taker.kind = .prices
            time(&step, span)
            plan.prices.append(PriceWindow(span))
            step.index = Int32(plan.prices.count - 1)
        default: preconditionFailure("not a node on trades")
        }
        taker.index = step.index
        plan.assets[asset].takers.append(taker)
        return add(step, touch: .trades)
    }

    private mutating func orderFlow(_ span: WindowSpan, _ clock: FactorClock, asset: Int) -> Int {
        var step = FactorStep(op: .orderFlow, clock: clock)
        step.asset = Int32(asset)
        time(&step, span)
        plan.orderFlows.append(OrderFlowWindow(span))
        step.index = Int32(plan.orderFlows.count - 1)
        return add(step, touch: clock == .update ? .best : .nothing)
    }

    /// Two sums of one asset are subtracted in lots: 0.3 − 0.1 and 0.4 − 0.2 are then the same, and
    /// no change is seen where there is none.
    private mutating func difference(_ inputs: [Int32]) -> Int {
        let a = plan.steps[Int(inputs[0])], b = plan.steps[Int(inputs[1])]
        guard a.op == b.op, a.asset == b.asset, a.op == .depthSum || a.op == .volume else { return add(FactorStep(op: .difference), inputs: inputs) }
        var step = FactorStep(op: a.op == .depthSum ? .depthDifference : .volumeDifference)
        step.asset = a.asset
        step.index = a.index
        step.secondIndex = b.index
        return add(step, inputs: inputs)
    }

    private func arithmetic(_ kind: FactorKind) -> FactorStep {
        switch kind {
        case .ratio: FactorStep(op: .ratio)
        case .sum: FactorStep(op: .sum)
        case .product: FactorStep(op: .product)
        case .log: FactorStep(op: .log)
        case .clip(let low, let high): FactorStep(op: .clip, low: low, high: high)
        default: preconditionFailure("not an arithmetic node")
        }
    }

    private mutating func combine(_ combination: Combination, _ node: FactorNode, inputs: [Int32]) -> Int {
        var made = CombineNode(weights: Int32(plan.weights.count))
        made.normalizes = combination.normalizes
        made.activation = combination.activation ?? .linear
        made.bias = combination.bias
        made.gain = combination.gain
        made.interactions = Int32(plan.interactions.count)
        made.interactionCount = Int32(combination.products.count)
        for product in combination.products {
            let ids = node.dependencies.map(\.id)
            guard let a = ids.firstIndex(of: product.a), let b = ids.firstIndex(of: product.b) else {
                preconditionFailure("an interaction of nodes that are not combined")
            }
            plan.interactions.append(Interaction(a: inputs[a], b: inputs[b], weight: product.weight))
        }
        plan.weights += combination.weights
        plan.minimums += combination.bounds.map(\.minimum)
        plan.maximums += combination.bounds.map(\.maximum)
        plan.combines.append(made)
        var step = FactorStep(op: combination.activation == nil ? .combine : .nonlinear)
        step.index = Int32(plan.combines.count - 1)
        return add(step, inputs: inputs)
    }
}
