import HBTTypes

/// What a run shares with others that stand beside it in the same market; see `SweepRun`.
extension Backtest {
    /// Its books are those of tapes, and rows wait until somebody looks.
    var mayJoin: Bool {
        guard hasTapes, dataError == nil else { return false }
        guard let factors, factors.watchesRows else { return true }
        return factors.isPureOnRead
    }

    /// Nothing follows its rows any more.
    var isReadyToJoin: Bool {
        guard let factors, factors.watchesRows else { return true }
        return !factors.core.pointee.followsRows
    }

    private var cores: [TapeCore] {
        assets.compactMap {
            if case .tape(let core) = $0.core { return core }
            return nil
        }
    }

    func isBeside(_ other: Backtest) -> Bool {
        nowNs == other.nowNs && isReference == other.isReference && cores.count == other.cores.count
            && zip(cores, other.cores).allSatisfy { $0.isBeside($1) }
    }

    func join(_ host: Backtest) {
        for (mine, theirs) in zip(cores, host.cores) { mine.join(theirs) }
    }

    /// The same nodes over the same books, with the same past.
    func mayTake(_ graph: FactorGraph) -> Bool {
        guard let factors, let owner = graph.owner, factors.fingerprint == graph.fingerprint else { return false }
        return owner.nowNs == nowNs && zip(cores, owner.cores).allSatisfy { $0.plane === $1.plane }
            && factors.askedWeights == graph.askedWeights
    }

    /// Lets `graph` take the place of its twin.
    func take(_ graph: FactorGraph) {
        factors = graph
        graph.isShared = true
        guard graph.watchesRows else { return }
        for (index, core) in cores.enumerated() {
            core.factors = FactorAttachment(core: graph.core, asset: index, settlesAtEnd: assets.count > 1)
        }
    }
}
