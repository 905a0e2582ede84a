import HBTTypes

extension Backtest {
    /// Lets a factor graph watch this run's local side; before the clock has started.
    ///
    /// - Throws: when the graph was made for other instruments, or too late.
    ///   `TapeRefusal` when it cannot follow a tape.
    public func attach(_ graph: FactorGraph) throws {
        guard !isStarted else { throw EngineError("a factor graph must be attached before the run has started") }
        guard graph.assets.count == assets.count else {
            throw EngineError("the factor graph was made for \(graph.assets.count) assets; the run has \(assets.count)")
        }
        for (mine, theirs) in zip(assets, graph.assets) {
            guard mine.spec.symbol == theirs.symbol, mine.spec.tickSize == theirs.tickSize, mine.spec.lotSize == theirs.lotSize else {
                throw EngineError("the factor graph was made for \(theirs.symbol); the run has \(mine.spec.symbol) in its place, or other tick and lot sizes")
            }
        }
        factors = graph
        graph.owner = self
        graph.tapes = assets.map(\.tape)
        guard graph.watchesRows else { return }
        graph.settleRows = { [weak self] in self?.settleFactors() }
        for (index, asset) in assets.enumerated() {
            asset.attach(FactorAttachment(core: graph.core, asset: index, settlesAtEnd: assets.count > 1))
        }
    }

    private static func graph(
        _ definition: FactorDefinition?, for strategy: any Strategy, specs: [AssetSpec], isReference: Bool
    ) throws -> FactorGraph? {
        let own = strategy.builtInFactors(isReference: isReference)
        if let definition { return try FactorGraph(own.map { try definition.adding($0) } ?? definition, assets: specs) }
        return try own.map { try FactorGraph($0, assets: specs) }
    }

    /// Makes the graph that a strategy needs and attaches it: the run's own (`definition`, from the
    /// settings) together with what the strategy brings along.
    ///
    /// - Throws: when the graph does not fit the assets, or has no node that the strategy asks for.
    public func attachFactors(_ definition: FactorDefinition?, for strategy: any Strategy) throws {
        if let graph = try Self.graph(definition, for: strategy, specs: assets.map(\.spec), isReference: isReference) { try attach(graph) }
        try strategy.bind(factors)
        isBound = true
    }

    /// Goes on with the factor graph of another run, before the clock has started; the books stay this run's own.
    ///
    /// - Throws: when the graphs are not of the same definition.
    public func adoptFactors(of other: Backtest) throws {
        precondition(!isStarted, "a graph is adopted before the run starts")
        guard let factors, let theirs = other.factors else { throw EngineError("one of the two runs has no factor graph") }
        other.settleFactors()
        var out = StateWriter()
        theirs.encode(into: &out)
        var input = StateReader(out.bytes)
        try factors.restore(from: &input)
        // Sums over the other run's book are made afresh from this one's.
        followRows()
        for asset in assets.indices { factors.core.pointee.probes[asset].rescan() }
        settleFactors()
    }

    /// Whether a run of these settings could `adoptFactors(of: other)`.
    ///
    /// - Throws: when it could not.
    public static func checkFactors(
        of other: Backtest, for strategy: any Strategy, _ definition: FactorDefinition?, specs: [AssetSpec], compatibility: Compatibility
    ) throws {
        let mine = try graph(definition, for: strategy, specs: specs, isReference: compatibility == .hftbacktest24)
        guard let mine, let theirs = other.factors else { throw EngineError("one of the two runs has no factor graph") }
        var out = StateWriter()
        theirs.encode(into: &out)
        var input = StateReader(out.bytes)
        try mine.restore(from: &input)
    }

    /// Before the graph's state is written: sums that were only looked at become those that rows adjust.
    func settleForState() {
        settleFactors()
        guard let factors, factors.watchesRows, !factors.core.pointee.followsRows else { return }
        for index in assets.indices {
            factors.core.pointee.probes[index].rescan()
            assets[index].settleFactors()
        }
    }

    /// Before rows of tapes are played: a graph without history waits until it is read, unless the
    /// strategy wakes at rows.
    func chooseFollowing(stopsAtFeed: Bool) {
        guard let factors, factors.isPureOnRead else { return }
        if stopsAtFeed {
            hasWokenAtFeed = true
            if !factors.core.pointee.followsRows {
                for asset in assets.indices { factors.core.pointee.probes[asset].rescan() }
                followRows()
            }
        } else if factors.core.pointee.followsRows && !hasWokenAtFeed && factors.watchesRows {
            guard factors.core.pointee.hasAllValues() else { return }
            settleFactors()
            factors.core.pointee.evaluateWave()
            factors.core.pointee.followsRows = false
            for asset in assets { asset.followFactors(false) }
        }
    }

    /// Rows of tapes are followed from now on; the sums over the books must be those of now.
    func followRows() {
        factors?.core.pointee.followsRows = true
        for asset in assets { asset.followFactors(true) }
    }

    /// Value of a node now; NaN while undefined or without a graph.
    public func factor(_ handle: FactorHandle) -> Double {
        guard let unretainedFactors else { return .nan }
        return unretainedFactors._withUnsafeGuaranteedRef { factors in
            settleFactors(factors)
            return factors.settledValue(handle, at: nowNs)
        }
    }

    /// Two numbers between which `factor` surely lies, where they come cheaper than the value; else nil.
    public func factorBounds(_ handle: FactorHandle) -> FactorInterval? {
        unretainedFactors?._withUnsafeGuaranteedRef { factors in
            guard factors.givesBounds(handle) else { return nil }
            settleFactors(factors)
            return factors.settledBounds(handle, at: nowNs)
        }
    }

    public func isWarm(_ handle: FactorHandle) -> Bool {
        guard let factors else { return false }
        settleFactors()
        return factors.isSettledWarm(handle, at: nowNs)
    }

    func settleFactors() { unretainedFactors?._withUnsafeGuaranteedRef { settleFactors($0) } }

    private func settleFactors(_ factors: FactorGraph) {
        guard factors.watchesRows else { return }
        if factors.core.pointee.followsRows {
            // Strategies read several nodes at a step; only the first read finds something to do.
            guard factors.core.pointee.hasStaleProbe() else { return }
            for asset in 0..<assetCount { with(asset) { $0.settleFactors() } }
            return
        }
        var isStale = !factors.core.pointee.dirty.isEmpty(wordCount: factors.core.pointee.wordCount)
        var newest = Int64.min
        for index in 0..<assetCount {
            with(index) { asset in
                if asset.lookForFactors() { isStale = true }
                guard let feed = asset.feedLatency, feed.localNs >= newest else { return }
                newest = feed.localNs
                factors.core.pointee.exchangeNs = feed.exchangeNs
            }
        }
        if isStale { factors.core.pointee.refresh() }
    }

    /// Once before each strategy step: nodes with the clock `step` take their sample.
    func stepFactors() { unretainedFactors?._withUnsafeGuaranteedRef { stepFactors($0) } }

    private func stepFactors(_ factors: FactorGraph) {
        guard factors.hasStepNodes else { return }
        if factors.isShared {
            guard factors.steppedNs != nowNs else { return }
            factors.steppedNs = nowNs
        }
        settleFactors(factors)
        let core = factors.core
        for (index, sum) in factors.serialSums.enumerated() {
            core.pointee.values[sum.step] = with(sum.asset) { $0.serialImbalance(sum.lookingDepth, for: core.pointee.serials + index) }
        }
        core.pointee.step(at: nowNs)
        if factors.isSumOwed { factors.settleSums() }
    }
}

extension FactorDefinition {
    /// Both graphs in one; their ids must differ.
    func adding(_ other: FactorDefinition) throws(SettingsError) -> FactorDefinition {
        var sum = self
        for node in other.nodes {
            if let twin = nodes.first(where: { $0.id == node.id }) {
                throw SettingsError(twin.location, "the id \"\(node.id)\" is used by the strategy itself; choose another")
            }
            sum.nodes.append(node)
        }
        return sum
    }
}
