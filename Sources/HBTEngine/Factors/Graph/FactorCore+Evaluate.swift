/// One node at one moment: its samples taken, its windows moved on, its value stored.
extension FactorCore {
    /// Stores a value; true when it differs from the one before (NaN equals NaN).
    @inline(__always) mutating func store(_ node: Int, _ value: Double) -> Bool {
        let old = values[node]
        if old == value || (old.isNaN && value.isNaN) { return false }
        values[node] = value
        if !value.isNaN { hasValue[node] = true }
        return true
    }

    /// Value of an input; `isRead` takes it as read at the moment of a step or tick.
    @inline(__always) mutating func input(_ node: Int32, _ isRead: Bool) -> Double {
        isRead && dependsOnTime[Int(node)] ? scratch[Int(node)] : values[Int(node)]
    }

    /// True when the node's clock strikes in this pass.
    @inline(__always) private mutating func strikes(_ step: UnsafeMutablePointer<FactorStep>, _ ns: Int64, _ pass: Pass) -> Bool {
        switch step.pointee.clock {
        case .update:
            updated.contains(Int(step.pointee.a)) || (step.pointee.b >= 0 && updated.contains(Int(step.pointee.b)))
        case .wave: pass == .wave
        case .step: pass == .step
        case .every: pass == .tick && ns % step.pointee.everyNs == 0
        }
    }

    /// The sample to take now; NaN for none. Undefined inputs are not taken.
    @inline(__always) private mutating func sample(_ step: UnsafeMutablePointer<FactorStep>, _ ns: Int64, _ pass: Pass) -> Double {
        strikes(step, ns, pass) ? input(step.pointee.a, step.pointee.clock == .step || step.pointee.clock == .every) : .nan
    }

    @inline(__always) private mutating func note(_ node: Int, _ ns: Int64) {
        samples[node] &+= 1
        if startNs[node] == .max { startNs[node] = ns }
    }

    /// True when the node counts as updated.
    ///
    /// What is a few instructions is done here; windows and everything rare have functions of their own, whose
    /// registers the others would have to save.
    mutating func evaluate(_ node: Int, _ ns: Int64, _ pass: Pass) -> Bool {
        let step = steps + node
        switch step.pointee.op {
        case .mid:
            return store(node, probes[Int(step.pointee.asset)].mid)
        case .depthSum, .depthDifference:
            return store(node, bookValue(step))
        case .difference:
            return store(node, values[Int(step.pointee.a)] - values[Int(step.pointee.b)])
        case .combine:
            let n = Int(step.pointee.inputCount)
            let first = inputs + Int(step.pointee.inputs), weight = weights + Int(combines[Int(step.pointee.index)].weights)
            var total = 0.0
            for i in 0..<n { total += weight[i] * values[Int(first[i])] }
            return store(node, total)
        case .ratio:
            let b = values[Int(step.pointee.b)]
            return store(node, b == 0 ? 0 : values[Int(step.pointee.a)] / b)
        case .mean, .deviation, .zscore:
            return evaluateSquares(node, step, ns, pass)
        case .volume, .tradeImbalance:
            return evaluateFlow(node, step, ns)
        default:
            return evaluateRare(node, step, ns, pass)
        }
    }

    @inline(never) private mutating func evaluateSquares(_ node: Int, _ step: UnsafeMutablePointer<FactorStep>, _ ns: Int64, _ pass: Pass) -> Bool {
        let window = squares + Int(step.pointee.index)
        if step.pointee.isTimed { window.pointee.expire(to: ns) }
        let x = sample(step, ns, pass)
        let isTaken = isSample(x)
        if isTaken {
            window.pointee.push(x, at: ns)
            note(node, ns)
        }
        if step.pointee.isTimed { setDue(node, window.pointee.ring.dueNs) }
        return store(node, squareValue(step)) || (isTaken && step.pointee.isAlwaysUpdated)
    }

    @inline(never) private mutating func evaluateFlow(_ node: Int, _ step: UnsafeMutablePointer<FactorStep>, _ ns: Int64) -> Bool {
        let flow = flows + Int(step.pointee.index)
        if startNs[node] == .max { startNs[node] = firstWaveNs }
        flow.pointee.expire(to: ns)
        setDue(node, flow.pointee.ring.dueNs)
        return store(node, flowValue(step))
    }

    @inline(never) private mutating func evaluateRare(_ node: Int, _ step: UnsafeMutablePointer<FactorStep>, _ ns: Int64, _ pass: Pass) -> Bool {
        let index = Int(step.pointee.index)
        switch step.pointee.op {
        case .micro, .spreadPrice, .spreadTicks, .spreadBps, .depthImbalance, .depthPrice, .effectivePrice, .pairedPrice:
            return store(node, rareBookValue(step, probes + Int(step.pointee.asset)))
        case .serialDifference:
            return false
        case .volumeDifference, .sum, .product, .clip, .log, .nonlinear:
            return store(node, arithmetic(step, isRead: false))
        case .tradePrice:
            if startNs[node] == .max { startNs[node] = firstWaveNs }
            if step.pointee.isTimed {
                prices[index].expire(to: ns)
                setDue(node, prices[index].ring.dueNs)
            }
            return store(node, prices[index].mean * probes[Int(step.pointee.asset)].scale.tickSize)
        case .orderFlow:
            return orderFlow(node, step, ns, pass)
        case .returns:
            let isReturn = pass == .wave && returns[index].sample(values[Int(step.pointee.a)], at: ns)
            setDue(node, returns[index].dueNs)
            if isReturn {
                note(node, ns)
                _ = store(node, returns[index].value)
            }
            return isReturn
        case .correlation, .slope, .intercept, .determination, .residual, .prediction:
            if step.pointee.isTimed { pairs[index].expire(to: ns) }
            let x = sample(step, ns, pass)
            let y = input(step.pointee.b, step.pointee.clock == .step || step.pointee.clock == .every)
            if isSample(x) && isSample(y) {
                pairs[index].push(SIMD2(x, y), at: ns)
                note(node, ns)
            }
            if step.pointee.isTimed { setDue(node, pairs[index].ring.dueNs) }
            return store(node, pairValue(step))
        case .average:
            let x = sample(step, ns, pass)
            if isSample(x) {
                averages[index].push(x, at: ns)
                note(node, ns)
            }
            if averages[index].isTimed { setDue(node, averages[index].count > 0 ? .min : .max) }
            return store(node, averages[index].value(at: ns))
        case .serialScore:
            let x = sample(step, ns, pass)
            if strikes(step, ns, pass) {
                serials[index].push(x, mayWait: step.pointee.isLeaf)
                note(node, ns)
            }
            guard serials[index].bounds == nil else {
                // It is a number, whichever.
                hasValue[node] = true
                return false
            }
            return store(node, serials[index].value())
        case .lag:
            let x = sample(step, ns, pass)
            var isMoved = false
            if isSample(x) {
                isMoved = lags[index].push(x, at: ns)
                note(node, ns)
            }
            if lags[index].expire(to: ns) { isMoved = true }
            if step.pointee.isTimed { setDue(node, lags[index].dueNs) }
            return store(node, lags[index].value) || isMoved
        default:
            return evaluateOrdered(node, step, ns, pass)
        }
    }

    /// Windows kept in order of size, and sums.
    private mutating func evaluateOrdered(_ node: Int, _ step: UnsafeMutablePointer<FactorStep>, _ ns: Int64, _ pass: Pass) -> Bool {
        expire(node, step, to: ns)
        let index = Int(step.pointee.index)
        let x = sample(step, ns, pass)
        if isSample(x) {
            note(node, ns)
            switch step.pointee.op {
            case .skew: cubes[index].push(x, at: ns)
            case .minimum, .maximum: extremes[index].push(x, at: ns)
            case .quantile: quantiles[index].push(x, at: ns)
            case .winsorise:
                quantiles[index].push(x, at: ns)
                quantiles[Int(step.pointee.secondIndex)].push(x, at: ns)
            case .windowSum: sums[index].push(x, at: ns)
            default: preconditionFailure("a node without a window is evaluated as one")
            }
        }
        if step.pointee.isTimed { setDue(node, dueNs(step)) }
        return store(node, orderedValue(step))
    }

    private mutating func orderFlow(_ node: Int, _ step: UnsafeMutablePointer<FactorStep>, _ ns: Int64, _ pass: Pass) -> Bool {
        let index = Int(step.pointee.index)
        let probe = probes + Int(step.pointee.asset)
        if startNs[node] == .max { startNs[node] = firstWaveNs }
        if step.pointee.isTimed { orderFlows[index].window.expire(to: ns) }
        if pass == .wave {
            var top: OrderFlowWindow.Top?
            if probe.pointee.isTwoSided {
                top = OrderFlowWindow.Top(
                    bidTick: probe.pointee.bestBidTick, askTick: probe.pointee.bestAskTick,
                    bid: probe.pointee.scale.quantity(probe.pointee.bidQuantity), ask: probe.pointee.scale.quantity(probe.pointee.askQuantity))
            }
            if orderFlows[index].push(top, at: ns, isEveryWave: step.pointee.clock == .wave) { samples[node] &+= 1 }
        }
        if step.pointee.isTimed { setDue(node, orderFlows[index].window.ring.dueNs) }
        return store(node, orderFlows[index].value.lots * probe.pointee.scale.lotSize)
    }

    // MARK: values

    @inline(__always) mutating func bookValue(_ step: UnsafeMutablePointer<FactorStep>) -> Double {
        let probe = probes + Int(step.pointee.asset)
        switch step.pointee.op {
        case .mid: return probe.pointee.mid
        case .depthSum: return probe.pointee.windows[Int(step.pointee.index)].lots * probe.pointee.scale.lotSize
        case .depthDifference:
            let bid = probe.pointee.windows + Int(step.pointee.index), ask = probe.pointee.windows + Int(step.pointee.secondIndex)
            return (bid.pointee.lots - ask.pointee.lots) * probe.pointee.scale.lotSize
        default: return rareBookValue(step, probe)
        }
    }

    @inline(never) private mutating func rareBookValue(_ step: UnsafeMutablePointer<FactorStep>, _ probe: UnsafeMutablePointer<AssetProbe>) -> Double {
        let bid = probe.pointee.bestBid, ask = probe.pointee.bestAsk
        switch step.pointee.op {
        case .micro:
            let bidSize = probe.pointee.bidQuantity, askSize = probe.pointee.askQuantity
            return (bid * askSize + ask * bidSize) / (bidSize + askSize)
        case .spreadPrice: return ask - bid
        case .spreadTicks: return probe.pointee.isTwoSided ? Double(probe.pointee.bestAskTick &- probe.pointee.bestBidTick) : .nan
        case .spreadBps: return (ask - bid) / probe.pointee.mid * 10_000
        case .pairedPrice: return probe.pointee.pairs[Int(step.pointee.index)].price
        default: return rangeValue(step, probe)
        }
    }

    /// From the ranges of both sides.
    private mutating func rangeValue(_ step: UnsafeMutablePointer<FactorStep>, _ probe: UnsafeMutablePointer<AssetProbe>) -> Double {
        let bid = probe.pointee.windows + Int(step.pointee.index), ask = probe.pointee.windows + Int(step.pointee.secondIndex)
        let bids = bid.pointee.lots, asks = ask.pointee.lots
        if bids.isNaN || asks.isNaN { return .nan }
        let tickSize = probe.pointee.scale.tickSize
        switch step.pointee.op {
        case .depthImbalance:
            return bids + asks == 0 ? 0 : (bids - asks) / (bids + asks)
        case .depthPrice:
            return bids + asks == 0 ? .nan : (bid.pointee.moment.value + ask.pointee.moment.value) / (bids + asks) * tickSize
        default:
            guard bids > 0, asks > 0 else { return .nan }
            return (bid.pointee.moment.value / bids * asks + ask.pointee.moment.value / asks * bids) / (bids + asks) * tickSize
        }
    }

    @inline(__always) mutating func flowValue(_ step: UnsafeMutablePointer<FactorStep>) -> Double {
        let flow = flows + Int(step.pointee.index)
        if step.pointee.op == .volume { return flow.pointee.net.lots * probes[Int(step.pointee.asset)].scale.lotSize }
        return flow.pointee.gross.isZero ? 0 : flow.pointee.net.lots / flow.pointee.gross.lots
    }

    @inline(__always) mutating func squareValue(_ step: UnsafeMutablePointer<FactorStep>) -> Double {
        let window = squares + Int(step.pointee.index)
        let totals = window.pointee.value
        if step.pointee.op == .mean {
            return window.pointee.count == 0 ? .nan : window.pointee.origin + totals[0] / Double(window.pointee.count)
        }
        let shift = totals[0] * window.pointee.share
        guard Double(window.pointee.count) > step.pointee.ddof else { return 0 }
        let deviation = (max(totals[1] - totals[0] * shift, 0) * window.pointee.freedom).squareRoot()
        if step.pointee.op == .deviation { return deviation }
        if deviation < step.pointee.guardBand { return 0 }
        return ((window.pointee.ring.newest.pointee - window.pointee.origin) - shift) / deviation
    }

    mutating func pairValue(_ step: UnsafeMutablePointer<FactorStep>) -> Double {
        let window = pairs + Int(step.pointee.index)
        let n = Double(window.pointee.count)
        let s = window.pointee.value
        let x = s[2] - s[0] * s[0] / n, y = s[3] - s[1] * s[1] / n, cross = s[4] - s[0] * s[1] / n
        let slope = n >= 2 && x > 0 ? cross / x : 0
        switch step.pointee.op {
        case .correlation, .determination:
            guard n >= 2, x > 0, y > 0 else { return 0 }
            let r = min(max(cross / (x.squareRoot() * y.squareRoot()), -1), 1)
            return step.pointee.op == .correlation ? r : r * r
        case .slope: return slope
        default: break
        }
        guard n > 0 else { return .nan }
        let origin = window.pointee.origin, newest = window.pointee.ring.newest.pointee
        let meanX = origin[0] + s[0] / n, meanY = origin[1] + s[1] / n
        switch step.pointee.op {
        case .intercept: return meanY - slope * meanX
        case .prediction: return meanY + slope * ((newest[0] - origin[0]) - s[0] / n)
        default: return ((newest[1] - origin[1]) - s[1] / n) - slope * ((newest[0] - origin[0]) - s[0] / n)
        }
    }

    mutating func orderedValue(_ step: UnsafeMutablePointer<FactorStep>) -> Double {
        let index = Int(step.pointee.index)
        switch step.pointee.op {
        case .skew: return skewness(cubes + index)
        case .minimum, .maximum: return extremes[index].value
        case .quantile: return quantiles[index].value
        case .windowSum: return sums[index].value
        default:
            let low = quantiles + index, high = quantiles + Int(step.pointee.secondIndex)
            guard low.pointee.ring.count > 0 else { return .nan }
            return min(max(low.pointee.ring.newest.pointee, low.pointee.value), high.pointee.value)
        }
    }

    /// The adjusted Fisher–Pearson coefficient G1.
    private mutating func skewness(_ window: UnsafeMutablePointer<RollingSums<CubeLanes>>) -> Double {
        let n = Double(window.pointee.count)
        guard n >= 3 else { return 0 }
        let s = window.pointee.value
        let mean = s[0] / n
        let second = (s[1] - s[0] * mean) / n
        guard second > 0 else { return 0 }
        let third = (s[2] - 3 * mean * s[1] + 2 * n * mean * mean * mean) / n
        return third / (second * second.squareRoot()) * (n * (n - 1)).squareRoot() / (n - 2)
    }

    mutating func arithmetic(_ step: UnsafeMutablePointer<FactorStep>, isRead: Bool) -> Double {
        let first = inputs + Int(step.pointee.inputs)
        let n = Int(step.pointee.inputCount)
        switch step.pointee.op {
        case .difference:
            return input(step.pointee.a, isRead) - input(step.pointee.b, isRead)
        case .volumeDifference:
            let flow = flows[Int(step.pointee.index)].net - flows[Int(step.pointee.secondIndex)].net
            return flow.lots * probes[Int(step.pointee.asset)].scale.lotSize
        case .ratio:
            let b = input(step.pointee.b, isRead)
            return b == 0 ? 0 : input(step.pointee.a, isRead) / b
        case .sum:
            var total = 0.0
            for i in 0..<n { total += input(first[i], isRead) }
            return total
        case .product:
            var total = 1.0
            for i in 0..<n { total *= input(first[i], isRead) }
            return total
        case .clip:
            let x = input(step.pointee.a, isRead)
            return x < step.pointee.low ? step.pointee.low : (x > step.pointee.high ? step.pointee.high : x)
        case .log:
            let x = input(step.pointee.a, isRead)
            return x > 0 ? naturalLog(x) : .nan
        default:
            let node = combines + Int(step.pointee.index)
            let weight = weights + Int(node.pointee.weights)
            var total = 0.0
            for i in 0..<n { total += weight[i] * input(first[i], isRead) }
            return step.pointee.op == .combine ? total : activated(node, total, isRead)
        }
    }

    @inline(never) private mutating func activated(_ node: UnsafeMutablePointer<CombineNode>, _ sum: Double, _ isRead: Bool) -> Double {
        var total = node.pointee.bias + sum
        let first = interactions + Int(node.pointee.interactions)
        for i in 0..<Int(node.pointee.interactionCount) {
            total += first[i].weight * input(first[i].a, isRead) * input(first[i].b, isRead)
        }
        return node.pointee.activation.apply(node.pointee.gain * total)
    }
}
