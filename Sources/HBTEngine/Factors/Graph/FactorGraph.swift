import HBTTypes

/// One node of a graph, looked up once by its id.
public struct FactorHandle: Equatable, Sendable {
    let node: Int32
    init(node: Int) { self.node = Int32(node) }
}

/// A factor graph at work: one instance serves one run, whether research, backtest or live.
///
/// Attached to a `Backtest` it is fed by the local side; a `FactorRun` feeds it without a venue.
/// Values are as of the last wave: all rows of one local time applied, then evaluated once.
public final class FactorGraph {
    public let definition: FactorDefinition
    /// Instruments in the order of the run; sources refer to them by symbol.
    public let assets: [AssetSpec]
    /// Tells definitions apart: types, parameters, ids, dependencies, tick and lot sizes.
    public let fingerprint: UInt64
    /// Ids of the nodes with a column, in file order.
    public let columns: [String]
    let columnSteps: [Int32]
    let core: UnsafeMutablePointer<FactorCore>
    let plan: FactorPlan
    let serialSums: [FactorCompiler.SerialSum]
    private let ids: [(id: String, step: Int)]
    /// Weights as asked for, before bounds and normalisation.
    private(set) var askedWeights: [Double]
    /// False when every node waits for strategy steps and is summed by the engine: then rows need
    /// not be watched.
    let watchesRows: Bool
    /// Some node takes its samples at strategy steps.
    public let hasStepNodes: Bool
    /// Nodes can be evaluated as they are read; see `FactorCore.refresh`.
    let isPureOnRead: Bool
    /// Brings what the graph sees of the books up to date; set by whoever feeds it.
    var settleRows: (() -> Void)?
    /// The run that it was made for.
    weak var owner: Backtest?
    /// Where the assets' rows come from; nil for those that are no tapes.
    var tapes: [TapeCore?] = []
    /// Several runs of a sweep read it: a step counts once.
    var isShared = false
    var steppedNs = Int64.min

    /// - Parameter assets: the instruments of the run; every source must find its own among them.
    public init(_ definition: FactorDefinition, assets: [AssetSpec]) throws(SettingsError) {
        if let asset = assets.first(where: { $0.symbol == definition.symbol }) {
            try Self.check(definition.tickSize, asset.tickSize, "tick_size", definition)
            try Self.check(definition.lotSize, asset.lotSize, "lot_size", definition)
        }
        for asset in assets where !(asset.tickSize > 0 && asset.lotSize > 0 && asset.tickSize.isFinite && asset.lotSize.isFinite) {
            throw SettingsError(definition.location, "\(asset.symbol) needs a tick size and a lot size above 0")
        }
        let compiler = try FactorCompiler(definition, assets: assets)
        self.definition = definition
        self.assets = assets
        plan = compiler.plan
        serialSums = compiler.serialSums
        var ids: [(id: String, step: Int)] = []
        var columns: [String] = [], steps: [Int32] = []
        for (index, node) in definition.nodes.enumerated() {
            guard let step = compiler.stepOf[index] else { continue }
            ids.append((node.id, step))
            if node.isOutput {
                columns.append(node.id)
                steps.append(Int32(step))
            }
        }
        self.ids = ids
        self.columns = columns
        columnSteps = steps
        fingerprint = Self.fingerprint(definition, assets)
        askedWeights = plan.weights
        watchesRows = plan.steps.contains { $0.op != .serialDifference && $0.op != .serialScore }
        isPureOnRead = plan.isPureOnRead
        hasStepNodes = plan.steps.contains { $0.clock == .step }
        core = .allocate(capacity: 1)
        core.initialize(to: FactorCore(plan))
        for index in plan.combines.indices { applyWeights(index) }
    }

    deinit {
        core.pointee.deallocate(plan)
        core.deallocate()
    }

    private static func check(_ asked: Double?, _ given: Double, _ key: String, _ definition: FactorDefinition) throws(SettingsError) {
        guard let asked, asked != given else { return }
        throw SettingsError(definition.location, "the graph's \(key) = \(asked) differs from \(given) of the asset \(definition.symbol)")
    }

    private static func fingerprint(_ definition: FactorDefinition, _ assets: [AssetSpec]) -> UInt64 {
        var digest = Digest()
        func add(_ text: String) {
            digest.add(Int64(text.utf8.count))
            for byte in text.utf8 { digest.add(UInt64(byte)) }
        }
        for asset in assets {
            add(asset.symbol)
            digest.add(asset.tickSize)
            digest.add(asset.lotSize)
        }
        add(definition.symbol)
        for node in definition.nodes {
            add(node.id)
            add("\(node.kind)")
            add(node.asset ?? "")
            for dependency in node.dependencies { add(dependency.id) }
        }
        return digest.value
    }

    // MARK: looking up

    /// Ids of all nodes with a value, those that a strategy brings along included, in file order.
    public var nodeIds: [String] { ids.map(\.id) }

    /// nil when the graph has no such node, or it is a source, which has no value.
    public func handle(_ id: String) -> FactorHandle? {
        ids.first { $0.id == id }.map { FactorHandle(node: $0.step) }
    }

    /// The same for a setting that names a node; refuses with the nearest id.
    public func handle(_ id: String, location: SourceLocation) throws(SettingsError) -> FactorHandle {
        if let handle = handle(id) { return handle }
        let near = Suggestion.nearest(to: id, among: columns).map { "; did you mean \($0)?" } ?? "; its nodes are \(columns.joined(separator: ", "))"
        throw SettingsError(location, "the factor graph \(definition.name) has no node \"\(id)\"\(near)")
    }

    /// How much a node must see before it is warm, its inputs aside.
    public func warmUp(_ handle: FactorHandle) -> (updates: Int64, ns: Int64) {
        let step = core.pointee.steps[Int(handle.node)]
        return (step.warmCount, step.warmNs)
    }

    /// The longest time any node must see, through all its inputs; updates are not counted.
    public var warmUpNs: Int64 {
        var total = [Int64](repeating: 0, count: plan.steps.count)
        for (node, step) in plan.steps.enumerated() {
            var most: Int64 = 0
            for input in plan.inputs[Int(step.inputs)..<Int(step.inputs + step.inputCount)] { most = max(most, total[Int(input)]) }
            let own = step.op == .returns ? plan.returns[Int(step.index)].intervalNs : step.warmNs
            total[node] = later(most, by: own)
        }
        return total.max() ?? 0
    }

    // MARK: values

    /// Evaluates what is due by `ns`; the time at which a read then takes place.
    private func flush(to ns: Int64) -> Int64 {
        settleRows?()
        return core.pointee.flush(to: ns)
    }

    /// The value at `ns` with all rows up to then applied; NaN while undefined. Reading disturbs nothing.
    ///
    /// A time before the last wave reads as of the last wave.
    public func value(_ handle: FactorHandle, at ns: Int64) -> Double {
        settleRows?()
        return settledValue(handle, at: ns)
    }

    /// The same when the books have been looked at already.
    func settledValue(_ handle: FactorHandle, at ns: Int64) -> Double {
        if givesBounds(handle) { settleSums() }
        let now = core.pointee.flush(to: ns)
        return core.pointee.value(Int(handle.node), at: now)
    }

    /// The node's value may wait, and bounds of it be known before.
    @inline(__always) func givesBounds(_ handle: FactorHandle) -> Bool { core.pointee.steps[Int(handle.node)].op == .serialScore }

    /// Two numbers between which `settledValue` lies; nil when finding them is no less work than the value.
    func settledBounds(_ handle: FactorHandle, at ns: Int64) -> FactorInterval? {
        _ = core.pointee.flush(to: ns)
        return core.pointee.bounds(Int(handle.node))
    }

    /// True when the node and all it is made of have seen as much as their windows ask for.
    public func isWarm(_ handle: FactorHandle, at ns: Int64) -> Bool {
        settleRows?()
        return isSettledWarm(handle, at: ns)
    }

    func isSettledWarm(_ handle: FactorHandle, at ns: Int64) -> Bool {
        let now = core.pointee.flush(to: ns)
        return core.pointee.isWarm(Int(handle.node), at: now)
    }

    /// True when every node with a column is warm.
    public func isWarm(at ns: Int64) -> Bool {
        let now = flush(to: ns)
        return columnSteps.allSatisfy { core.pointee.isWarm(Int($0), at: now) }
    }

    /// Digest of every column's value and warmth at `ns`: what "the same factors" means.
    public func digest(at ns: Int64) -> Digest {
        let now = flush(to: ns)
        settleSums()
        core.pointee.readAll(at: now)
        var digest = Digest()
        for step in columnSteps {
            digest.add(core.pointee.scratch[Int(step)])
            digest.add(core.pointee.isWarm(Int(step), at: now) ? 1 as Int64 : 0)
        }
        return digest
    }

    /// Waves evaluated so far.
    public var waves: Int64 { core.pointee.waves }

    // MARK: weights

    /// Changes the weights of a combination while it runs, in the order of its dependencies.
    ///
    /// They are clamped to their constraints and normalised like those of the file. Rows applied so far
    /// still count with the old ones; reads see the new ones at once, nodes behind the combination at
    /// the next wave.
    /// - Returns: false when the node is no combination, or their number or a value does not fit.
    @discardableResult
    public func setWeights(_ handle: FactorHandle, _ asked: [Double]) -> Bool {
        let step = plan.steps[Int(handle.node)]
        guard step.op == .combine || step.op == .nonlinear, asked.count == Int(step.inputCount), asked.allSatisfy(\.isFinite) else { return false }
        _ = flush(to: core.pointee.lastNs)
        let first = Int(plan.combines[Int(step.index)].weights)
        for (i, weight) in asked.enumerated() { askedWeights[first + i] = weight }
        applyWeights(Int(step.index))
        core.pointee.dirty.insert(Int(handle.node))
        return true
    }

    /// Clamped and normalised weights in force; empty when the node is no combination.
    public func weights(_ handle: FactorHandle) -> [Double] {
        let step = plan.steps[Int(handle.node)]
        guard step.op == .combine || step.op == .nonlinear else { return [] }
        let first = Int(plan.combines[Int(step.index)].weights)
        return (0..<Int(step.inputCount)).map { core.pointee.weights[first + $0] }
    }

    /// Into bounds first, then divided by the sum of absolute values.
    private func applyWeights(_ combine: Int) {
        let node = plan.combines[combine]
        let first = Int(node.weights)
        let count = plan.steps.first { ($0.op == .combine || $0.op == .nonlinear) && Int($0.index) == combine }.map { Int($0.inputCount) } ?? 0
        var total = 0.0
        for i in first..<(first + count) {
            core.pointee.weights[i] = min(max(askedWeights[i], plan.minimums[i]), plan.maximums[i])
            total += core.pointee.weights[i].magnitude
        }
        guard node.normalizes, total > 0 else { return }
        for i in first..<(first + count) { core.pointee.weights[i] /= total }
    }

    func restoreWeights(_ asked: [Double]) {
        askedWeights = asked
        for index in plan.combines.indices { applyWeights(index) }
    }
}
