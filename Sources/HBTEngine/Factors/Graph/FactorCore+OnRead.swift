/// Graphs whose nodes depend on nothing but the books as they are and on strategy steps: between two
/// reads no row need be followed.
///
/// What a wave leaves behind in such a graph is the value of each node, which a later evaluation gives
/// as well, and that a node has had a value at all. So rows are followed until every node has had one.
extension FactorCore {
    /// Rows have come in since some book was last looked at.
    @inline(__always) mutating func hasStaleProbe() -> Bool {
        for asset in 0..<assetCount where probes[asset].isStale { return true }
        return false
    }

    /// Every node that is evaluated at waves has had a value.
    mutating func hasAllValues() -> Bool {
        for node in 0..<nodeCount where !hasValue[node] && isEvaluatedOnRead(steps[node].op) { return false }
        return hasWave
    }

    /// Evaluates what a wave would; the probes have looked at their books.
    mutating func refresh() {
        for node in 0..<nodeCount where isEvaluatedOnRead(steps[node].op) { _ = evaluate(node, lastNs) }
        dirty.removeAll(wordCount: wordCount)
    }

    @inline(__always) private mutating func isEvaluatedOnRead(_ op: FactorOp) -> Bool {
        op <= .pairedPrice || op.isArithmetic
    }
}

extension FactorPlan {
    /// True when nodes can be evaluated as they are read: none has history but from strategy steps, and
    /// what they look at in a book is quickly looked at afresh.
    var isPureOnRead: Bool {
        steps.allSatisfy { step in
            if step.op <= .serialDifference { return true }
            if step.op.isArithmetic { return step.op != .volumeDifference }
            return step.op >= .mean && step.op <= .lag && step.clock == .step && !step.isTimed
        } && assets.allSatisfy { asset in
            asset.windows.allSatisfy(\.isQuickToLookAt) && asset.pairs.allSatisfy(\.isQuickToLookAt)
        }
    }
}
