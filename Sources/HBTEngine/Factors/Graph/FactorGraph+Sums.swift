/// Sums that the engine makes for the graph, level by level, and what stands in for them.
extension FactorGraph {
    /// Some score's newest value is asked for, and not known before its window is settled.
    @inline(__always) var isSumOwed: Bool {
        for index in serialSums.indices where core.pointee.serials[index].isOwed { return true }
        return false
    }

    /// Sums take the place of all that stands in for them.
    func settleSums() {
        for (index, sum) in serialSums.enumerated() where !core.pointee.serials[index].isSettled { settle(index, sum) }
    }

    @inline(never) private func settle(_ index: Int, _ sum: FactorCompiler.SerialSum) {
        guard let tape = tapes[sum.asset] else { preconditionFailure("stand-ins come from tapes") }
        let score = core.pointee.serials + index
        tape.settle(score, sum.lookingDepth)
        core.pointee.values[sum.step] = score.pointee.ring.newest.pointee
        core.pointee.settleScore(index)
    }
}
