/// Values between waves: nothing that a later wave gives depends on whether or when one reads.
extension FactorCore {
    /// What `node` gives at `ns`, everything due by then evaluated (`flush`).
    mutating func value(_ node: Int, at ns: Int64) -> Double {
        if steps[node].op == .serialScore { settleSerial(node) }
        guard hasWave, dependsOnTime[node] else { return values[node] }
        for other in 0..<node where dependsOnTime[other] { scratch[other] = read(other, at: ns) }
        return read(node, at: ns)
    }

    /// Where the value of a node surely lies, without computing it; nil when that is no less work.
    mutating func bounds(_ node: Int) -> FactorInterval? {
        steps[node].op == .serialScore ? serials[Int(steps[node].index)].bounds : nil
    }

    /// A value that waited is computed.
    private mutating func settleSerial(_ node: Int) { _ = store(node, serials[Int(steps[node].index)].value()) }

    /// The same for the node of one score.
    mutating func settleScore(_ index: Int) {
        for node in 0..<nodeCount where steps[node].op == .serialScore && Int(steps[node].index) == index { settleSerial(node) }
    }

    /// The same for all.
    mutating func settleSerials() {
        for node in 0..<nodeCount where steps[node].op == .serialScore { settleSerial(node) }
    }

    /// All nodes at `ns` into `scratch`.
    mutating func readAll(at ns: Int64) {
        settleSerials()
        for node in 0..<nodeCount { scratch[node] = hasWave && dependsOnTime[node] ? read(node, at: ns) : values[node] }
    }

    /// A node whose value moves with time; its inputs are in `scratch`.
    ///
    /// Windows really drop what has expired, which any later wave would do first of all; the wave
    /// that follows is told to look (`due`), so that it sees the change.
    mutating func read(_ node: Int, at ns: Int64) -> Double {
        let step = steps + node
        let index = Int(step.pointee.index)
        switch step.pointee.op {
        case .volume, .tradeImbalance:
            if flows[index].ring.isExpired(at: ns) {
                flows[index].expire(to: ns)
                setDue(node, .min)
            }
            return flowValue(step)
        case .tradePrice:
            if prices[index].ring.isExpired(at: ns) {
                prices[index].expire(to: ns)
                setDue(node, .min)
            }
            return prices[index].mean * probes[Int(step.pointee.asset)].scale.tickSize
        case .orderFlow:
            if orderFlows[index].window.ring.isExpired(at: ns) {
                orderFlows[index].window.expire(to: ns)
                setDue(node, .min)
            }
            return orderFlows[index].value.lots * probes[Int(step.pointee.asset)].scale.lotSize
        case .mean, .deviation, .zscore:
            let window = squares + index
            if window.pointee.ring.isExpired(at: ns) {
                window.pointee.expire(to: ns)
                setDue(node, .min)
            }
            return squareValue(step)
        case .correlation, .slope, .intercept, .determination, .residual, .prediction:
            if pairs[index].ring.isExpired(at: ns) {
                pairs[index].expire(to: ns)
                setDue(node, .min)
            }
            return pairValue(step)
        case .average:
            return averages[index].value(at: ns)
        case .lag:
            return lags[index].value(at: ns)
        case .skew, .minimum, .maximum, .quantile, .winsorise, .windowSum:
            if dueNs(step) <= ns {
                expire(node, step, to: ns)
                setDue(node, .min)
            }
            return orderedValue(step)
        default:
            return arithmetic(step, isRead: true)
        }
    }

    mutating func expire(_ node: Int, _ step: UnsafeMutablePointer<FactorStep>, to ns: Int64) {
        guard step.pointee.isTimed else { return }
        let index = Int(step.pointee.index)
        switch step.pointee.op {
        case .skew: cubes[index].expire(to: ns)
        case .minimum, .maximum: extremes[index].expire(to: ns)
        case .quantile: quantiles[index].expire(to: ns)
        case .winsorise:
            quantiles[index].expire(to: ns)
            quantiles[Int(step.pointee.secondIndex)].expire(to: ns)
        case .windowSum: sums[index].expire(to: ns)
        default: preconditionFailure("a node without a window is expired")
        }
    }

    mutating func dueNs(_ step: UnsafeMutablePointer<FactorStep>) -> Int64 {
        let index = Int(step.pointee.index)
        switch step.pointee.op {
        case .skew: return cubes[index].ring.dueNs
        case .minimum, .maximum: return extremes[index].dueNs
        case .quantile, .winsorise: return quantiles[index].ring.dueNs
        case .windowSum: return sums[index].ring.dueNs
        default: preconditionFailure("a node without a window is expired")
        }
    }

    /// The node and everything it is made of has seen as much as its windows ask for.
    mutating func isWarm(_ node: Int, at ns: Int64) -> Bool {
        for other in 0...node { warm[other] = isOwnWarm(other, at: ns) && areInputsWarm(other) }
        return warm[node]
    }

    private mutating func isOwnWarm(_ node: Int, at ns: Int64) -> Bool {
        let step = steps + node
        if samples[node] < step.pointee.warmCount || !hasValue[node] { return false }
        return step.pointee.warmNs == 0 || (startNs[node] != .max && earlier(ns, by: step.pointee.warmNs) >= startNs[node])
    }

    private mutating func areInputsWarm(_ node: Int) -> Bool {
        let first = inputs + Int(steps[node].inputs)
        for i in 0..<Int(steps[node].inputCount) where !warm[Int(first[i])] { return false }
        return true
    }
}
